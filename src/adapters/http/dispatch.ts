import { type ApiError, refusal } from '../../contract/errors.ts';
import { canonicalJson, type Decimals } from '../../contract/print-json.ts';
import { fieldRefusal } from '../../contract/problems.ts';
import type { Idempotency } from '../../contract/service.ts';
import { err, InvariantError, ok, type Result } from '../../domain/result.ts';
import { JournalClosed } from '../../ports/journal.ts';
import type { ServerAnswer, ServerRequest } from '../../ports/network.ts';
import { writeError, writeSuccess } from './answer.ts';
import type { Sessions } from './auth/sessions.ts';
import { authenticate, forbidden, type Principal } from './authenticate.ts';
import type { Buckets } from './buckets.ts';
import type { ApiDeps } from './deps.ts';
import type { RouteTable } from './match.ts';
import { parseInput, type RawInput, readRequest } from './read-request.ts';
import type { AccountContext, Context, Reply, Route } from './route.ts';

export type Api = Readonly<{ deps: ApiDeps; table: RouteTable; sessions: Sessions; buckets: Buckets }>;

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;

export function newRequestId(deps: Pick<ApiDeps, 'rng'>): string {
  return Buffer.from(deps.rng.bytes(9)).toString('base64url');
}

/** One HTTP request, from its bytes to its answer. Never rejects. */
export async function handleRequest(api: Api, request: ServerRequest): Promise<ServerAnswer> {
  const requestId = newRequestId(api.deps);
  const found = api.table.match(request.method, request.path);
  if (found.type === 'nothing') return writeError(refusal('ROUTE_NOT_FOUND'), 'number', requestId);
  if (found.type === 'wrong_method') {
    return writeError(refusal('METHOD_NOT_ALLOWED'), 'number', requestId, { allow: found.allowed.join(', ') });
  }
  let decimals: Decimals = 'number';
  try {
    const admitted = admit(api, found.route, request);
    if (!admitted.ok) return writeError(admitted.error, decimals, requestId);
    const reading = readRequest(request, found.params);
    if (!reading.ok) return writeError(reading.error, decimals, requestId);
    decimals = reading.value.decimals;
    const context = {
      deps: api.deps,
      sessions: api.sessions,
      requestId,
      remote: request.remoteAddress,
      headers: request.headers,
    };
    const key = request.headers['idempotency-key'] ?? null;
    const reply = await run(api, found.route, reading.value.input, { ...context, ...admitted.value }, key);
    return reply.ok ? writeSuccess(reply.value, decimals, requestId) : writeError(reply.error, decimals, requestId);
  } catch (error) {
    return writeError(unexpected(api.deps, error, requestId), decimals, requestId);
  }
}

/** Rate limits and rights, before anything of the request is read. */
function admit(api: Api, route: Route, request: ServerRequest): Result<Principal | object, ApiError> {
  const { limits } = api.deps.settings;
  const { remoteAddress } = request;
  const slow = api.buckets.take(`address ${remoteAddress}`, route.budget === 'cancel' ? null : limits.perAddress);
  if (slow > 0) return err(refusal('RATE_LIMITED', { retryAfterMs: slow }));
  if (route.budget === 'login') {
    const wait = api.buckets.take(`login ${remoteAddress}`, limits.loginPerAddress);
    if (wait > 0) return err(refusal('RATE_LIMITED', { retryAfterMs: wait }));
  }
  if (route.policy === 'public') return ok({});
  const who = authenticate(api.deps, request, route.policy);
  if (!who.ok) return who;
  return admitPrincipal(api, route, who.value);
}

/** What a signed-in principal may do, and how often: for HTTP and for the socket's order messages. */
export function admitPrincipal(api: Api, route: Route, who: Principal): Result<Principal, ApiError> {
  const refused = forbidden(route.policy, who);
  if (refused !== null) return err(refused);
  const { budget } = route;
  if (budget === 'read' || budget === 'write' || budget === 'cancel') {
    const wait = api.buckets.take(
      `${budget} ${who.account ?? who.user.id}`,
      api.deps.settings.limits.perAccount[budget],
    );
    if (wait > 0) return err(refusal('RATE_LIMITED', { retryAfterMs: wait }));
  }
  return ok(who);
}

/** Reads the input, completes the context, calls the handler. Synchronous up to the handler's own first wait. */
export function run(api: Api, route: Route, raw: RawInput, context: Context, key: string | null): Promise<Reply> {
  const input = parseInput(route, raw);
  if (!input.ok) return Promise.resolve(input);
  if (key !== null && !IDEMPOTENCY_KEY.test(key)) return Promise.resolve(err(badKey()));
  const idempotency = key === null || !route.creates ? null : fingerprint(api, route, key, input.value);
  return route.handle(input.value, { ...context, ...callerOf(context), idempotency } as AccountContext);
}

function callerOf(context: Context & Partial<Principal>): object {
  const { user, account, role } = context;
  if (user === undefined || account == null || role == null) return {};
  return { caller: { user: user.id, account, role } };
}

/** Of the request as understood, not as spelled: `1.0` and `1`, `BTC/USDT` and `BTCUSDT` are the same request. */
function fingerprint(api: Api, route: Route, key: string, input: unknown): Idempotency {
  return { key, fingerprint: api.deps.digest(`${route.method} ${route.path} ${canonicalJson(input)}`) };
}

const badKey = (): ApiError =>
  fieldRefusal('VALIDATION_FAILED', [
    { path: 'Idempotency-Key', problem: 'is not a key', allowed: '1 to 128 printable ASCII characters' },
  ]);

/** Nothing of an unexpected error leaves but the request id under which it is logged. */
export function unexpected(deps: ApiDeps, error: unknown, requestId: string): ApiError {
  if (error instanceof JournalClosed) return refusal('JOURNAL_UNAVAILABLE');
  deps.log.error('request failed unexpectedly', { requestId, error });
  if (error instanceof InvariantError) deps.onBug(error);
  return refusal('INTERNAL_ERROR');
}
