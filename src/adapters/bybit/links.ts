import {
  type Bybit,
  type BybitError,
  describeError,
  type LinkHealth,
  type PrivateStream,
  type TradeSocket,
} from '@okd/bybit';
import type { UnixMs } from '../../domain/ids.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { LinkCheck, LinkView } from '../../ports/venue-access.ts';

type Open = Readonly<{
  stream: PrivateStream;
  trade: TradeSocket | null;
  /** Of the connections for market data, which all accounts share. */
  market: readonly LinkHealth[];
  bybit: Bybit;
  clock: Clock;
}>;

const HINT_DOWN = 'It reconnects by itself; if it stays down, check the network and GET /bybit/status again.';

function stateOf(health: LinkHealth): LinkView['state'] {
  if (health.state === 'ready' || health.state === 'subscribed') return 'up';
  return health.state === 'closed' ? 'down' : 'connecting';
}

function viewOf(name: LinkView['name'], health: LinkHealth, clock: Clock): LinkView {
  const state = stateOf(health);
  const at = health.silentMs === null ? null : (Math.round(clock.now() - health.silentMs) as UnixMs);
  return { name, state, latencyMs: null, lastMessageAt: at, hint: state === 'up' ? null : HINT_DOWN };
}

/** Accounts are compared every half minute: REST without an answer for longer is down. */
const REST_SILENT_MS = 90_000;

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

function restView(bybit: Bybit, clock: Clock): LinkView {
  const answer = bybit.serverClock.lastAnswer();
  if (answer === null)
    return { name: 'rest', state: 'connecting', latencyMs: null, lastMessageAt: null, hint: HINT_DOWN };
  const isUp = answer.agoMs < REST_SILENT_MS;
  return {
    name: 'rest',
    state: isUp ? 'up' : 'down',
    latencyMs: tenths(answer.roundTripMs),
    lastMessageAt: Math.round(clock.now() - answer.agoMs) as UnixMs,
    hint: isUp ? null : HINT_DOWN,
  };
}

/** As good as the worst of the connections, with the last message of any. */
function marketView(market: readonly LinkHealth[], clock: Clock): LinkView {
  const views = market.map((health) => viewOf('publicStream', health, clock));
  const [first] = views;
  if (first === undefined) {
    const hint = 'It opens with the first instrument that is watched.';
    return { name: 'publicStream', state: 'connecting', latencyMs: null, lastMessageAt: null, hint };
  }
  const worst = views.find(({ state }) => state === 'down') ?? views.find(({ state }) => state !== 'up') ?? first;
  const heard = views.flatMap(({ lastMessageAt }) => lastMessageAt ?? []);
  return { ...worst, lastMessageAt: heard.length === 0 ? null : (Math.max(...heard) as UnixMs) };
}

/** The account's links as they stand. */
export function linkViews({ stream, trade, market, bybit, clock }: Open): readonly LinkView[] {
  return [
    restView(bybit, clock),
    marketView(market, clock),
    viewOf('privateStream', stream.health(), clock),
    trade === null
      ? {
          name: 'tradeSocket',
          state: 'not_available',
          latencyMs: null,
          lastMessageAt: null,
          hint: 'This environment has no order entry over a socket.',
        }
      : viewOf('tradeSocket', trade.health(), clock),
  ];
}

const CHECK_WITHIN_MS = 5_000;
const POLL_MS = 50;

/** What to do about an error, for people. */
export function hintFor(error: BybitError): string {
  if (error.type === 'venue') {
    if (error.code === 10003) return 'The key is not valid in this environment: check the key and where it was made.';
    if (error.code === 10004) return 'The signature was refused: check the secret.';
    if (error.code === 10005) return 'The key lacks a permission: give it Spot and Contract trading, no withdrawals.';
    if (error.code === 10010) return 'The key is bound to other addresses: add this machine to its IP list.';
    if (error.code === 10002) return 'The clocks differ too much: synchronise this machine with NTP.';
    if (error.code === 10006) return 'The rate limit was reached: wait a moment.';
  }
  if (error.type === 'http' && error.status === 403)
    return 'The address is blocked for now (rate limit or region): wait ten minutes.';
  return `No connection: ${describeError(error)}`;
}

type Probe = Readonly<{ bybit: Bybit; clock: Clock; hasTradeSocket: boolean }>;

/** Probes every link with connections of its own, in order, each within its time. */
export async function testLinks({ bybit, clock, hasTradeSocket }: Probe): Promise<readonly LinkCheck[]> {
  const checks: LinkCheck[] = [];
  checks.push(await timed('restTime', clock, async () => failureOf(await bybit.market.time())));
  checks.push(await timed('signedRead', clock, async () => failureOf(await bybit.account.info())));
  checks.push(await timed('privateStream', clock, () => privateLogin(bybit, clock)));
  if (hasTradeSocket) checks.push(await timed('tradeSocket', clock, () => tradeLogin(bybit, clock)));
  else
    checks.push({ name: 'tradeSocket', result: 'not_available', latencyMs: null, hint: 'This environment has none.' });
  checks.push(await timed('publicStream', clock, () => publicTopic(bybit, clock)));
  return checks;
}

const failureOf = (answer: Readonly<{ ok: true } | { ok: false; error: BybitError }>): string | null =>
  answer.ok ? null : hintFor(answer.error);

async function timed(name: LinkCheck['name'], clock: Clock, run: () => Promise<string | null>): Promise<LinkCheck> {
  const began = clock.monotonic();
  const hint = await run();
  const latencyMs = tenths(clock.monotonic() - began);
  return { name, result: hint === null ? 'ok' : 'failed', latencyMs, hint };
}

async function until(clock: Clock, isDone: () => boolean): Promise<boolean> {
  const end = clock.monotonic() + CHECK_WITHIN_MS;
  while (!isDone() && clock.monotonic() < end) await sleep(clock, POLL_MS);
  return isDone();
}

const NO_STREAM = 'The connection did not come up in time: check firewalls and proxies for WebSocket traffic.';

async function privateLogin(bybit: Bybit, clock: Clock): Promise<string | null> {
  let subscribed = false;
  const stream = bybit.privateStream({ wallet: () => {}, subscribed: () => (subscribed = true) });
  const done = await until(clock, () => subscribed);
  await stream.close();
  return done ? null : NO_STREAM;
}

async function tradeLogin(bybit: Bybit, clock: Clock): Promise<string | null> {
  const socket = bybit.tradeSocket();
  const done = await until(clock, () => socket.isReady);
  await socket.close();
  return done ? null : NO_STREAM;
}

async function publicTopic(bybit: Bybit, clock: Clock): Promise<string | null> {
  const stream = bybit.publicStream('spot');
  const subscription = stream.book('BTCUSDT', { depth: 1 }, () => {});
  const done = await until(clock, () => subscription.book.valid);
  await stream.close();
  return done ? null : NO_STREAM;
}
