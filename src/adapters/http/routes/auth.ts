import { loginBody, me, refreshBody, signedIn, signedOut } from '../../../contract/auth.ts';
import { fieldRefusal } from '../../../contract/problems.ts';
import { err } from '../../../domain/result.ts';
import { clearedCookie, readRefreshCookie, refreshCookie } from '../auth/cookie.ts';
import type { Opened } from '../auth/sessions.ts';
import { type Context, publicRoute, type Reply, type Route, success, userRoute } from '../route.ts';

/** Hands the tokens over: all in the body, or the refresh token where no script can read it. */
function handOver(opened: Opened, ctx: Context, asCookie: boolean): Reply {
  const { settings, clock } = ctx.deps;
  const base = { access_token: opened.accessToken, token_type: 'Bearer', expires_in: opened.expiresInS };
  if (!asCookie) return success({ ...base, refresh_token: opened.refreshToken });
  const cookie = refreshCookie(opened.refreshToken, (opened.refreshExpiresAt - clock.now()) / 1000, settings.tls);
  return success(base, 200, { 'set-cookie': cookie });
}

const login = publicRoute({
  method: 'POST',
  path: '/api/auth/login',
  operation: 'login',
  family: 'Signing in',
  summary: 'Signs in with e-mail and password. With "session": "cookie" the refresh token comes as an HttpOnly cookie.',
  statuses: [200],
  answer: signedIn,
  errors: ['LOGIN_FAILED', 'TOO_MANY_ATTEMPTS', 'NOT_SUPPORTED'],
  budget: 'login',
  example: { body: { email: 'admin@localhost', password: '…' } },
  body: loginBody,
  handle: async ({ body }, ctx) => {
    if (body.totp !== null) {
      return err(
        fieldRefusal('NOT_SUPPORTED', [{ path: 'totp', problem: 'is not supported yet', allowed: 'leave it out' }]),
      );
    }
    const opened = await ctx.sessions.login(body.email, body.password, ctx.remote);
    return opened.ok ? handOver(opened.value, ctx, body.session === 'cookie') : opened;
  },
});

const refresh = publicRoute({
  method: 'POST',
  path: '/api/auth/refresh',
  operation: 'refresh',
  family: 'Signing in',
  summary: 'Exchanges the refresh token for new tokens. Each works once; a used one that comes back ends the session.',
  statuses: [200],
  answer: signedIn,
  errors: ['UNAUTHENTICATED', 'REFRESH_TOKEN_INVALID', 'SESSION_REVOKED', 'REQUEST_HEADER_MISSING'],
  budget: 'login',
  example: { body: { refresh_token: 'okdr1.…' } },
  body: refreshBody,
  handle: async ({ body }, ctx) => {
    const asCookie = body.refresh_token === null;
    const token = asCookie
      ? readRefreshCookie(ctx.headers, ctx.deps.settings.tls)
      : { ok: true as const, value: body.refresh_token };
    if (!token.ok) return token;
    const opened = await ctx.sessions.refresh(token.value ?? '');
    return opened.ok ? handOver(opened.value, ctx, asCookie) : opened;
  },
});

const logout = userRoute({
  policy: 'session',
  method: 'POST',
  path: '/api/auth/logout',
  operation: 'logout',
  family: 'Signing in',
  summary: 'Ends the session: its tokens stop working at once, also on open sockets.',
  statuses: [200],
  answer: signedOut,
  errors: ['REFRESH_TOKEN_INVALID', 'REQUEST_HEADER_MISSING'],
  budget: 'none',
  handle: async (_input, ctx) => {
    await ctx.sessions.close(ctx.session);
    return success({ signed_out: true }, 200, { 'set-cookie': clearedCookie(ctx.deps.settings.tls) });
  },
});

const whoAmI = userRoute({
  policy: 'user',
  method: 'GET',
  path: '/api/auth/me',
  operation: 'me',
  family: 'Signing in',
  summary: 'The user of the token, the account of the request, and all accounts with the role on each.',
  statuses: [200],
  answer: me,
  errors: [],
  budget: 'read',
  handle: async (_input, { user, account, role }) =>
    success({
      user: { id: user.id, email: user.email, administrator: user.administrator },
      account,
      role,
      accounts: [...user.accounts].map(([id, one]) => ({ id, role: one })),
    }),
});

export const authRoutes: readonly Route[] = [login, refresh, logout, whoAmI];
