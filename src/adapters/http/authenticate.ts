import type { Role } from '../../contract/auth.ts';
import { type ApiError, refusal } from '../../contract/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ServerRequest } from '../../ports/network.ts';
import { readRefreshCookie } from './auth/cookie.ts';
import type { Session, SessionId, User } from './auth/user-state.ts';
import type { ApiDeps } from './deps.ts';
import type { Policy } from './route.ts';

/** Who is behind a request, on which of their accounts. */
export type Principal = Readonly<{
  user: User;
  session: SessionId;
  account: AccountId | null;
  role: Role | null;
  expiresAtS: number;
}>;

type Known = Pick<ApiDeps, 'users' | 'tokens' | 'clock' | 'settings'>;

/** Finds out who asks. `session` also takes the refresh cookie. */
export function authenticate(deps: Known, request: ServerRequest, policy: Policy): Result<Principal, ApiError> {
  const wanted = request.headers['x-okd-account'] ?? null;
  const header = request.headers['authorization'];
  if (header !== undefined) {
    const token = /^bearer +([^\s]+) *$/i.exec(header)?.[1];
    return token === undefined ? err(refusal('TOKEN_INVALID')) : principalOfToken(deps, token, wanted);
  }
  if (policy !== 'session') return err(refusal('UNAUTHENTICATED'));
  const cookie = readRefreshCookie(request.headers, deps.settings.tls);
  if (!cookie.ok) return cookie;
  const read = deps.tokens.readRefresh(cookie.value);
  const session = read === null ? null : deps.users.session(read.session);
  if (read === null || session === null || read.generation !== session.generation)
    return err(refusal('REFRESH_TOKEN_INVALID'));
  return principalOfSession(deps, session, wanted, 0);
}

/** The same for an access token wherever it came from: a header, or the first message of a socket. */
export function principalOfToken(deps: Known, token: string, account: string | null): Result<Principal, ApiError> {
  const claims = deps.tokens.readAccess(token);
  if (!claims.ok) return err(refusal(claims.error === 'expired' ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID'));
  const session = deps.users.session(claims.value.session);
  if (session === null || session.user !== claims.value.user) return err(refusal('SESSION_REVOKED'));
  return principalOfSession(deps, session, account, claims.value.expiresAtS);
}

/** Who a session speaks for now: asked again whenever something about users changed while a socket is open. */
export function principalOfSession(
  deps: Known,
  session: Session,
  wanted: string | null,
  expiresAtS: number,
): Result<Principal, ApiError> {
  const user = deps.users.user(session.user);
  if (user === null || user.disabled || session.expiresAt <= deps.clock.now()) return err(refusal('SESSION_REVOKED'));
  const account = wanted === null ? firstAccount(user) : (wanted as AccountId);
  const role = account === null ? null : (user.accounts.get(account) ?? null);
  if (wanted !== null && role === null) return err(refusal('ACCOUNT_NOT_FOUND'));
  return ok({ user, session: session.id, account, role, expiresAtS });
}

function firstAccount(user: User): AccountId | null {
  for (const account of user.accounts.keys()) return account;
  return null;
}

/** Whether the policy lets this principal in; null when it does. Whatever is not allowed by name is refused. */
export function forbidden(policy: Policy, who: Principal): ApiError | null {
  if (policy === 'user' || policy === 'session' || policy === 'public') return null;
  if (policy === 'administrator')
    return who.user.administrator ? null : refusal('FORBIDDEN', { details: { needs: ['administrator'] } });
  if (who.role === null) return refusal('ACCOUNT_NOT_FOUND');
  return policy.includes(who.role) ? null : refusal('FORBIDDEN', { details: { needs: policy, role: who.role } });
}
