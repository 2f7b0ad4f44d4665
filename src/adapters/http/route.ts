import type * as z from 'zod';
import type { Role } from '../../contract/auth.ts';
import type { ApiError, ErrorCode } from '../../contract/errors.ts';
import type { Caller, Created, Idempotency } from '../../contract/service.ts';
import type { AccountId } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Sessions } from './auth/sessions.ts';
import type { SessionId, User } from './auth/user-state.ts';
import type { ApiDeps } from './deps.ts';
import type { BudgetName } from './settings.ts';

/**
 * Who may call a route. `public`: anybody. `session`: whoever holds an access token or the refresh cookie. `user`:
 * whoever is signed in. `administrator`: who looks after users and accounts. A list: these roles on the request's account.
 */
export type Policy = 'public' | 'session' | 'user' | 'administrator' | readonly Role[];

export const ANY_ROLE: readonly Role[] = ['viewer', 'trader', 'risk', 'admin'];
export const TRADING: readonly Role[] = ['trader', 'admin'];
/** Getting out is open to everyone who is responsible for the risk. */
export const STOPPING: readonly Role[] = ['trader', 'risk', 'admin'];

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What a handler may know about the request beside its input. */
export type Context = Readonly<{
  deps: ApiDeps;
  sessions: Sessions;
  requestId: string;
  remote: string;
  headers: Readonly<Record<string, string>>;
}>;
export type UserContext = Context &
  Readonly<{ user: User; session: SessionId; account: AccountId | null; role: Role | null }>;
export type AccountContext = UserContext & Readonly<{ caller: Caller; idempotency: Idempotency | null }>;

export type Headers = Readonly<Record<string, string>>;

/** `value` is wrapped in the envelope and printed exactly; `text` goes out as it is. */
export type Success = Readonly<
  { status: number; headers?: Headers } & ({ value: unknown } | { text: string; type: string })
>;
export type Reply = Result<Success, ApiError>;

export type Input<P, Q, B> = Readonly<{ params: P; query: Q; body: B }>;

type Described = Readonly<{
  method: Method;
  /** With `{name}` for parameters. */
  path: string;
  /** Name in the OpenAPI document: stable, generators make method names of it. */
  operation: string;
  family: string;
  summary: string;
  /** Statuses of success; the first is the usual one. */
  statuses: readonly [number, ...number[]];
  /** Of `data`; null where the answer is not JSON in the envelope. */
  answer: z.ZodType | null;
  /** Codes that belong to this route beside those that any route can answer with. */
  errors: readonly ErrorCode[];
  budget: BudgetName;
  /** A request as printed in the documentation. */
  example?: Readonly<{ path?: string; query?: string; body?: unknown }>;
}>;

/** One entry of the route table: pure but for what its handler asks of `ctx`. */
export type Route = Described &
  Readonly<{
    policy: Policy;
    params: z.ZodType | null;
    query: z.ZodType | null;
    body: z.ZodType | null;
    /** Creates something, so it takes an Idempotency-Key. */
    creates: boolean;
    handle(input: Input<unknown, unknown, unknown>, ctx: Context): Promise<Reply>;
  }>;

type Schemas<P, Q, B> = Readonly<{ params?: z.ZodType<P>; query?: z.ZodType<Q>; body?: z.ZodType<B> }>;
type Handler<P, Q, B, C> = Readonly<{ handle(input: Input<P, Q, B>, ctx: C): Promise<Reply> }>;
type Spec<P, Q, B, C> = Described & Schemas<P, Q, B> & Handler<P, Q, B, C>;

/** The dispatcher reads input with the route's own schemas and builds the context that its policy promises. */
function entry<P, Q, B, C>(spec: Spec<P, Q, B, C>, policy: Policy, creates: boolean): Route {
  const handle = spec.handle as unknown as Route['handle'];
  return {
    ...spec,
    policy,
    creates,
    params: spec.params ?? null,
    query: spec.query ?? null,
    body: spec.body ?? null,
    handle,
  };
}

export const publicRoute = <P, Q, B>(spec: Spec<P, Q, B, Context>): Route => entry(spec, 'public', false);

export const userRoute = <P, Q, B>(spec: Spec<P, Q, B, UserContext> & { policy: 'session' | 'user' }): Route =>
  entry(spec, spec.policy, false);

export const administratorRoute = <P, Q, B>(
  spec: Spec<P, Q, B, UserContext & { idempotency: Idempotency | null }> & { creates?: true },
): Route => entry(spec, 'administrator', spec.creates ?? false);

export const accountRoute = <P, Q, B>(
  spec: Spec<P, Q, B, AccountContext> & { policy: readonly Role[]; creates?: true },
): Route => entry(spec, spec.policy, spec.creates ?? false);

export const success = (value: unknown, status = 200, headers: Headers = {}): Reply => ok({ status, value, headers });

/** 200 with what the service answered, or its error. */
export const reply = <T>(result: Result<T, ApiError>, view: (value: T) => unknown = (value) => value): Reply =>
  result.ok ? success(view(result.value)) : result;

/** 201 for something new, 200 for the first result of a repeated request. */
export const created = <T>(result: Result<Created<T>, ApiError>): Reply =>
  result.ok ? success(result.value.value, result.value.repeated ? 200 : 201) : result;
