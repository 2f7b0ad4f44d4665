import type { Category, UnixMs } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import type { Credential, Exchange, ExchangeInstrument, SpreadInstrument } from '../../ports/exchange.ts';
import { JournalClosed } from '../../ports/journal.ts';
import { forbidden, type Permission } from './auth.ts';
import { orderRefusal } from './order-words.ts';
import type { Budget, EndpointLimit, RateLimiter } from './limits.ts';
import { CATEGORIES, type Params, readParams, type Schema, type Source } from './params/fields.ts';
import { REFUSED, type WireRefusal } from './refusals.ts';
import type { PublishedBook } from './streams/book-state.ts';
import type { BookKind } from './streams/book-stream.ts';
import type { PublishedSpread } from './streams/spread-streams.ts';

/** What a route may use. Nothing else reaches it: a route is a pure table entry. */
export type RouteContext = Readonly<{
  exchange: Exchange;
  /** A book as the stream that it belongs to published it. */
  readBook(instrument: ExchangeInstrument, kind: BookKind): PublishedBook;
  readSpreadBook(instrument: SpreadInstrument): PublishedSpread;
  /** Has to be called when keys were changed or their users frozen: sockets whose key opens nothing any more are closed. */
  keysChanged(): void;
  now: UnixMs;
}>;

export type AccountContext = RouteContext &
  Readonly<{
    uid: string;
    credential: Credential;
    /** How many items of a batch the budget still allows. */
    granted: number;
  }>;

/** A result with something for `retExtInfo`: a few endpoints have a text there. */
export class Extended {
  readonly result: object;
  readonly extInfo: object | string;

  constructor(result: object, extInfo: object | string) {
    this.result = result;
    this.extInfo = extInfo;
  }
}

export type RouteAnswer = Result<object | Extended, WireRefusal>;

interface Entry<S extends Schema> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: S;
  /** `OK` unless the documentation's own example says otherwise. */
  readonly retMsg?: string;
  /** What its answer has beside the result. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

interface AccountEntry<S extends Schema> extends Entry<S> {
  readonly permission: Permission;
  readonly limit: EndpointLimit;
  /** What a request costs of the budget; one where it is not said. Of a batch the items that it can pay are done. */
  readonly cost?: (source: Source) => number;
}

type Handler<S extends Schema, Context> = (params: Params<S>, context: Context) => RouteAnswer | Promise<RouteAnswer>;

/** Market data: nobody signs, nothing but the address is counted. */
type PublicRoute = Entry<Schema> & { readonly auth: false; readonly handle: Handler<Schema, RouteContext> };
type AccountRoute = AccountEntry<Schema> & { readonly auth: true; readonly handle: Handler<Schema, AccountContext> };
export type Route = PublicRoute | AccountRoute;

/** An entry of the table: its handler sees parameters of the types that its schema reads. */
export const publicRoute = <S extends Schema>(entry: Entry<S>, handle: Handler<S, RouteContext>): Route =>
  ({ ...entry, auth: false, handle }) as unknown as PublicRoute;
export const accountRoute = <S extends Schema>(entry: AccountEntry<S>, handle: Handler<S, AccountContext>): Route =>
  ({ ...entry, auth: true, handle }) as unknown as AccountRoute;

/** How a request ended, before its envelope: HTTP and the trade socket have different ones. */
export type Outcome = Readonly<{
  retCode: number;
  retMsg: string;
  result: object;
  extInfo: object | string;
  /** What else its answer has, beside the result. */
  beside?: Readonly<Record<string, unknown>>;
  budget: Budget | null;
}>;

export const refusedOutcome = (refusal: WireRefusal, budget: Budget | null): Outcome => ({
  retCode: refusal.retCode,
  retMsg: refusal.retMsg,
  result: refusal.result ?? {},
  extInfo: refusal.extInfo ?? {},
  budget,
});

/** Permission, budget, parameters, handler: the way of every request once it is known who sends it. */
export async function carryOut(
  route: Route,
  source: Source,
  credential: Credential | null,
  context: RouteContext,
  limiter: RateLimiter,
): Promise<Outcome> {
  let budget: Budget | null = null;
  let granted = 1;
  if (route.auth) {
    if (credential === null) return refusedOutcome(REFUSED.unauthenticated, null);
    const category = categoryOf(source);
    const isMaster = (uid: string) => (context.exchange.member(uid)?.parent ?? null) === null;
    const refusal = forbidden(credential, route.permission, route.method === 'POST', category, isMaster);
    if (refusal !== null) return refusedOutcome(refusal, null);
    const cost = route.cost?.(source) ?? 1;
    ({ budget, granted } = limiter.takeItems(credential.uid, route.limit, category, cost, context.now));
    if (!budget.allowed) return refusedOutcome(REFUSED.rateLimit, budget);
  }
  const params = readParams(route.params, source);
  if (!params.ok) return refusedOutcome(worded(route, params.error, source), budget);
  let answer: RouteAnswer;
  try {
    answer = await handled(route, params.value, credential, { ...context, granted });
  } catch (error) {
    // The journal failed while the decision waited for it: nobody knows whether it will be there after a restart.
    if (error instanceof JournalClosed) return refusedOutcome(REFUSED.timeout, budget);
    throw error;
  }
  if (!answer.ok) return refusedOutcome(worded(route, answer.error, source), budget);
  const { result, extInfo } = answer.value instanceof Extended ? answer.value : { result: answer.value, extInfo: {} };
  const { retMsg = 'OK', beside = {} } = route;
  return { retCode: 0, retMsg, result, extInfo, beside, budget };
}

const worded = (route: Route, refusal: WireRefusal, source: Source): WireRefusal =>
  route.path.startsWith('/v5/order/') ? orderRefusal(refusal, source) : refusal;

function handled(
  route: Route,
  params: Params<Schema>,
  credential: Credential | null,
  context: RouteContext & Pick<AccountContext, 'granted'>,
): RouteAnswer | Promise<RouteAnswer> {
  if (!route.auth || credential === null) return (route as PublicRoute).handle(params, context);
  return route.handle(params, { ...context, uid: credential.uid, credential });
}

/** The category as it came, for permission and budget, which are looked at before the parameters are read. */
function categoryOf(source: Source): Category | null {
  const word = source.category;
  return CATEGORIES.includes(word as Category) ? (word as Category) : null;
}
