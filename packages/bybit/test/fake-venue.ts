import { Bybit } from '../src/client.ts';
import type { BybitOptions } from '../src/client.ts';
import type { ClientEvent } from '../src/events.ts';
import { FakeClock, steadyRng } from './fake-clock.ts';
import type { ServerSocket } from './fake-network.ts';
import { answer, FakeHttp, FakeSockets } from './fake-network.ts';

type Message = Record<string, unknown>;

/** Answers connection business as the venue's connections do, each in its own dialect. */
export function behave(socket: ServerSocket): void {
  const dialect = /\/v5\/(public\/)?(\w+)/.exec(socket.url)?.[2] ?? '';
  socket.onMessage = (message) => {
    const reply = replyTo(dialect, message);
    if (reply !== null) socket.send(reply);
  };
}

export function replyTo(dialect: string, message: Message): Message | null {
  const op = message['op'];
  if (op === 'ping') return pong(dialect);
  if (op === 'auth') {
    if (dialect === 'trade') return { retCode: 0, retMsg: 'OK', op: 'auth', connId: 'c' };
    return { success: true, ret_msg: '', op: 'auth', conn_id: 'c' };
  }
  if (op === 'subscribe' || op === 'unsubscribe') return acknowledged(dialect, message);
  return null;
}

function pong(dialect: string): Message {
  if (dialect === 'trade') return { retCode: 0, retMsg: 'OK', op: 'pong', data: ['1'], connId: 'c' };
  if (dialect === 'private') return { req_id: '', op: 'pong', args: ['1'], conn_id: 'c' };
  if (dialect === 'option') return { args: ['1'], op: 'pong' };
  if (dialect === 'spot') return { success: true, ret_msg: 'pong', conn_id: 'c', op: 'ping' };
  return { success: true, ret_msg: 'pong', conn_id: 'c', req_id: '', op: 'ping' };
}

function acknowledged(dialect: string, message: Message): Message {
  if (dialect === 'option') {
    const data = { failTopics: [], successTopics: message['op'] === 'subscribe' ? message['args'] : [] };
    return { success: true, conn_id: 'c', data, type: 'COMMAND_RESP' };
  }
  if (dialect === 'spot') return { success: true, ret_msg: 'subscribe', req_id: message['req_id'], op: message['op'] };
  return { success: true, ret_msg: '', op: message['op'], conn_id: 'c' };
}

export const CREDENTIALS = { apiKey: 'KEY', signer: { sign: (text: string) => `signed(${text})` } };

/** A client over a scripted venue in virtual time. */
export function scripted(options: Partial<BybitOptions> = {}) {
  const clock = new FakeClock();
  const http = new FakeHttp(clock);
  const sockets = new FakeSockets(clock);
  sockets.accept = (socket) => {
    behave(socket);
    return true;
  };
  const events: ClientEvent[] = [];
  /** How far the venue's clock is ahead. */
  const venue = { aheadMs: 0 };
  http.on('/v5/market/time', () => {
    const nowMs = clock.now() + venue.aheadMs;
    return answer({ timeSecond: String(Math.floor(nowMs / 1_000)), timeNano: `${nowMs}000000` }, { time: nowMs });
  });
  const bybit = new Bybit({
    transport: { clock, http, sockets, rng: steadyRng() },
    environment: { rest: 'http://venue', stream: 'ws://venue' },
    credentials: CREDENTIALS,
    observe: (event) => events.push(event),
    ...options,
  });
  const seen = (type: ClientEvent['type']) => events.filter((event) => event.type === type);
  return { bybit, clock, http, sockets, events, venue, seen };
}

/** Runs a call to its end in virtual time. */
export async function settled<T>(clock: FakeClock, promise: Promise<T>, withinMs = 60_000): Promise<T> {
  let done: { value: T } | null = null;
  let failed: { error: unknown } | null = null;
  promise.then(
    (value) => {
      done = { value };
    },
    (error: unknown) => {
      failed = { error };
    },
  );
  for (let passed = 0; passed <= withinMs && done === null && failed === null; passed += 5) await clock.advance(5);
  if (failed !== null) throw (failed as { error: unknown }).error;
  if (done === null) throw new Error(`nothing came within ${withinMs} ms`);
  return (done as { value: T }).value;
}

/** An order as the venue lists it. */
export const wireOrder = (orderId: string, more: Message = {}): Message => ({
  orderId,
  orderLinkId: `link-${orderId}`,
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  orderStatus: 'New',
  price: '30000',
  qty: '0.1',
  cumExecQty: '0',
  createdTime: '1600000000000',
  updatedTime: '1600000000000',
  ...more,
});

export const wireExecution = (execId: string, execTime: number, more: Message = {}): Message => ({
  symbol: 'BTCUSDT',
  orderId: 'o1',
  orderLinkId: 'l1',
  execId,
  execType: 'Trade',
  side: 'Buy',
  execPrice: '30000',
  execQty: '0.1',
  execTime: String(execTime),
  ...more,
});
