import assert from 'node:assert/strict';
import type { AccountId, UnixMs, UserId } from '../../../domain/ids.ts';
import type { Log } from '../../../ports/log.ts';
import type { ServerRequest } from '../../../ports/network.ts';
import { seededRng } from '../../../ports/rng.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { jwtTokens } from '../auth/jwt-tokens.ts';
import { sha256 } from '../auth/passwords.ts';
import type { Passwords } from '../auth/tokens.ts';
import type { AuthEvent } from '../auth/user-state.ts';
import { memoryUserStore } from '../auth/user-store.ts';
import type { ApiDeps } from '../deps.ts';
import { gatewayServer } from '../gateway.ts';
import { DEFAULT_HTTP_SETTINGS, type HttpSettings } from '../settings.ts';
import { FakeService } from './fake-service.ts';

/** Instant and readable: what tests hash is not worth protecting. */
export const plainPasswords: Passwords = {
  decoy: 'plain:\u0000',
  hash: async (password) => `plain:${password}`,
  verify: async (password, hash) => hash === `plain:${password}`,
};

export const ALICE = 'u-alice' as UserId; // trader of A and B
export const BOB = 'u-bob' as UserId; // trader of B
export const ROOT = 'u-root' as UserId; // administrator, admin of A
const A = 'acc-a' as AccountId;
const B = 'acc-b' as AccountId;
const T0 = 1_700_000_000_000 as UnixMs;

/** E-mails are `name@x.test`, passwords `pw-name`. */
export const PEOPLE: readonly AuthEvent[] = [
  ...(['alice', 'bob', 'root', 'viewer', 'risk'] as const).map((name) => ({
    type: 'user_created' as const,
    at: T0,
    user: `u-${name}` as UserId,
    email: `${name}@x.test`,
    passwordHash: `plain:pw-${name}`,
    administrator: name === 'root',
  })),
  { type: 'role_granted', at: T0, user: ALICE, account: A, role: 'trader' },
  { type: 'role_granted', at: T0, user: ALICE, account: B, role: 'viewer' },
  { type: 'role_granted', at: T0, user: BOB, account: B, role: 'trader' },
  { type: 'role_granted', at: T0, user: ROOT, account: A, role: 'admin' },
  { type: 'role_granted', at: T0, user: 'u-viewer' as UserId, account: A, role: 'viewer' },
  { type: 'role_granted', at: T0, user: 'u-risk' as UserId, account: A, role: 'risk' },
];

export type Answered = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
  body: Body;
}>;
// biome-ignore lint/suspicious/noExplicitAny: answers are read freely by tests, which compare them with what they expect
export type Body = any;
type Call = Readonly<{
  query?: string;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
  token?: string;
  remote?: string;
}>;

export type Harness = ReturnType<typeof harness>;

/** The whole public face over a fake core, without a network. */
export function harness(settings: Partial<HttpSettings> = {}, more: Partial<ApiDeps> = {}) {
  const clock = new ManualClock(T0);
  const core = new FakeService(clock);
  const users = memoryUserStore(PEOPLE);
  const secret = new Uint8Array(32).fill(7);
  const key = { id: 'k1', algorithm: 'HS256' as const, secret };
  const tokens = jwtTokens({ keys: [key], refreshSecret: new Uint8Array(32).fill(8), issuer: 'okd:test', clock });
  const logged: { event: string; fields: unknown }[] = [];
  const bugs: unknown[] = [];
  const write = (event: string, fields: unknown): void => void logged.push({ event, fields });
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const deps: ApiDeps = {
    service: core.service,
    users,
    tokens,
    passwords: plainPasswords,
    digest: sha256,
    clock,
    rng: seededRng(1),
    log,
    settings: { ...DEFAULT_HTTP_SETTINGS, ...settings },
    onBug: (error) => bugs.push(error),
    ...more,
  };
  const server = gatewayServer(deps);

  async function call(
    method: string,
    path: string,
    { query = '', body, text, headers = {}, token, remote = '10.0.0.1' }: Call = {},
  ): Promise<Answered> {
    const sent = text ?? (body === undefined ? '' : JSON.stringify(body));
    const request: ServerRequest = {
      method,
      path,
      query,
      body: sent,
      remoteAddress: remote,
      headers: {
        ...(sent === '' ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    };
    const answer = await server.http(request);
    assert.notEqual(answer, 'reset');
    if (answer === 'reset') throw new Error('reset');
    const isJson = (answer.headers['content-type'] ?? '').startsWith('application/json');
    return {
      status: answer.status,
      headers: answer.headers,
      text: answer.body,
      body: isJson ? JSON.parse(answer.body) : null,
    };
  }

  const login = async (name: string): Promise<Body> => {
    const answer = await call('POST', '/api/auth/login', { body: { email: `${name}@x.test`, password: `pw-${name}` } });
    assert.equal(answer.status, 200, answer.text);
    return answer.body.data;
  };
  const tokenOf = async (name: string): Promise<string> => (await login(name)).access_token;
  return { clock, core, users, tokens, deps, server, logged, bugs, call, login, tokenOf, secret };
}
