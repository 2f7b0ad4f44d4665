import * as z from 'zod';
import type { AccountId, Category, InstrumentId, OrderId } from '../domain/ids.ts';
import { instrumentId } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { ApiError } from './errors.ts';
import { id, integer, optional, strict, symbol, text, word } from './fields.ts';
import { CATEGORIES } from './order-fields.ts';
import { fieldRefusal } from './problems.ts';

/** The messages of `/ws`. Client to server: `op` messages; server to client: answers to them, and pushes. */
export const PRIVATE_CHANNELS = ['orders', 'executions', 'balances', 'positions'] as const;
export const MARKET_CHANNELS = ['orderbook', 'ticker'] as const;
const LATER = ['risk', 'signals', 'notifications', 'trades', 'candles'];

export type PrivateChannel = (typeof PRIVATE_CHANNELS)[number];
export type MarketChannel = (typeof MARKET_CHANNELS)[number];

/** `name` is the one spelling that pushes use: category left out for spot, no slash in the symbol. */
export type Channel = Readonly<
  | { kind: 'private'; name: PrivateChannel; channel: PrivateChannel }
  | { kind: 'market'; name: string; channel: MarketChannel; instrument: InstrumentId }
>;

const messageId = optional(
  text({ max: 64, pattern: /^[\x20-\x7e]+$/, allowed: '1 to 64 printable ASCII characters' }, 'echoed in the answer'),
);
const op = <const Op extends string>(name: Op) => word([name], 'operation');
const channels = z
  .array(text({ max: 80, allowed: 'a channel name' }, 'channel'), { error: 'is not a list' })
  .min(1, { error: 'is empty' })
  .max(100, { error: 'has more than 100 elements' });

export const authMessage = strict({
  op: op('auth'),
  id: messageId,
  token: text({ max: 4096, allowed: 'an access token' }, 'access token'),
  account: optional(id<AccountId>('account, where the user has several')),
  decimals: optional(word(['number', 'string'], 'how amounts are printed')),
});
export const subscribeMessage = strict({
  op: op('subscribe'),
  id: messageId,
  channels,
  since: optional(
    z.record(z.string().max(80), integer(0, Number.MAX_SAFE_INTEGER, 'last seq seen'), {
      error: 'is not an object of channel and seq',
    }),
  ),
});
export const unsubscribeMessage = strict({ op: op('unsubscribe'), id: messageId, channels });
export const pingMessage = strict({ op: op('ping'), id: messageId });
const idempotencyKey = optional(
  text({ max: 128, pattern: /^[\x21-\x7e]+$/, allowed: '1 to 128 printable ASCII characters' }, 'like the header'),
);
/** `data` has the body of `POST /api/trading/order`, and is read by its schema. */
export const createMessage = strict({
  op: op('order.create'),
  id: messageId,
  idempotency_key: idempotencyKey,
  data: z.unknown(),
});
export const cancelMessage = strict({
  op: op('order.cancel'),
  id: messageId,
  data: strict({ id: id<OrderId>('order') }),
});

export const WS_OPS = ['auth', 'subscribe', 'unsubscribe', 'ping', 'order.create', 'order.cancel'] as const;
export type WsOp = (typeof WS_OPS)[number];

/** Close codes of the gateway's own (RFC 6455 leaves 4000 to 4999 to applications). */
// biome-ignore format: a table
export const WS_CLOSE = {
  policy: 4400, unauthenticated: 4401, forbidden: 4403, slow: 4408, limited: 4429, stopping: 1001,
} as const;

/** Reads `orders`, `ticker:BTCUSDT`, `orderbook:linear:BTCUSDT`. */
export function readChannel(name: string): Result<Channel, ApiError> {
  const own = PRIVATE_CHANNELS.find((one) => one === name);
  if (own !== undefined) return ok({ kind: 'private', name: own, channel: own });
  const parts = name.split(':');
  const channel = MARKET_CHANNELS.find((one) => one === parts[0]);
  if (channel === undefined) return unknownChannel(name, LATER.includes(parts[0] ?? ''));
  const spelled = parts.length === 3 ? (parts[1] ?? '').toLowerCase() : 'spot';
  const category = CATEGORIES.find((one) => one === spelled);
  const read = symbol().safeParse(parts.at(-1));
  if (category === undefined || !read.success || parts.length < 2 || parts.length > 3)
    return unknownChannel(name, false);
  return ok({
    kind: 'market',
    channel,
    name: channelName(channel, category, read.data),
    instrument: instrumentId(category, read.data),
  });
}

export const channelName = (channel: MarketChannel, category: Category, symbolText: string): string =>
  category === 'spot' ? `${channel}:${symbolText}` : `${channel}:${category}:${symbolText}`;

function unknownChannel(name: string, later: boolean) {
  const allowed = `${PRIVATE_CHANNELS.join(', ')}, ${MARKET_CHANNELS.map((one) => `${one}:[category:]symbol`).join(', ')}`;
  const problem = later ? 'is not supported yet' : 'is not a channel';
  return err(fieldRefusal(later ? 'NOT_SUPPORTED' : 'VALIDATION_FAILED', [{ path: name, problem, allowed }]));
}
