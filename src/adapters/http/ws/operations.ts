import type * as z from 'zod';
import { type ApiError, refusal } from '../../../contract/errors.ts';
import type { JsonObject, JsonValue } from '../../../contract/exact-json.ts';
import { fieldRefusal, schemaRefusal } from '../../../contract/problems.ts';
import { isoTime } from '../../../contract/time.ts';
import {
  authMessage,
  type Channel,
  cancelMessage,
  createMessage,
  pingMessage,
  readChannel,
  subscribeMessage,
  unsubscribeMessage,
  WS_CLOSE,
  WS_OPS,
  type WsOp,
} from '../../../contract/ws.ts';
import type { UnixMs } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import { principalOfToken } from '../authenticate.ts';
import { admitPrincipal, newRequestId, run, unexpected } from '../dispatch.ts';
import type { RawInput } from '../read-request.ts';
import type { Context, Route } from '../route.ts';
import { cancelOrder, submitOrder } from '../routes/orders.ts';
import type { Client } from './client.ts';

type Operation = (client: Client, message: JsonObject, id: string | null) => ApiError | null;

/** Reads one message with its schema and carries it out; what it returns is the error to answer with. */
const OPERATIONS: Readonly<Record<WsOp, Operation>> = {
  auth: (client, message, id) => within(authMessage, message, (fields) => authenticate(client, fields, id)),
  subscribe: (client, message, id) => within(subscribeMessage, message, (fields) => subscribe(client, fields, id)),
  unsubscribe: (client, message, id) =>
    within(unsubscribeMessage, message, (fields) => unsubscribe(client, fields, id)),
  ping: (client, message, id) =>
    within(pingMessage, message, () => {
      client.succeed('ping', id, { ts: isoTime(client.shared.api.deps.clock.now()) });
      return null;
    }),
  'order.create': (client, message, id) =>
    within(createMessage, message, ({ data, idempotency_key: key }) => {
      const raw = { params: {}, query: {}, body: data as JsonValue | undefined };
      return order(client, submitOrder, 'order.create', id, raw, key);
    }),
  'order.cancel': (client, message, id) =>
    within(cancelMessage, message, ({ data }) =>
      order(client, cancelOrder, 'order.cancel', id, { params: { id: data.id }, query: {}, body: undefined }, null),
    ),
};

export function perform(client: Client, message: JsonObject): void {
  const id = typeof message['id'] === 'string' && message['id'].length <= 64 ? message['id'] : null;
  const op = WS_OPS.find((one) => one === message['op']);
  if (client.principal === null && op !== 'auth')
    return client.shut(WS_CLOSE.unauthenticated, refusal('UNAUTHENTICATED'));
  if (op === undefined) return client.fail(null, id, unknownOp(message['op']));
  const error = OPERATIONS[op](client, message, id);
  if (error === null || client.isDone) return;
  if (client.principal === null) client.shut(WS_CLOSE.unauthenticated, error, op, id);
  else client.fail(op, id, error);
}

function within<T>(schema: z.ZodType<T>, message: JsonObject, go: (fields: T) => ApiError | null): ApiError | null {
  const parsed = schema.safeParse(message);
  return parsed.success ? go(parsed.data) : schemaRefusal(parsed.error);
}

function unknownOp(op: unknown): ApiError {
  const later = op === 'order.amend';
  const problem = later ? 'order.amend is not supported yet' : 'is not an operation';
  return fieldRefusal(later ? 'NOT_SUPPORTED' : 'VALIDATION_FAILED', [
    { path: 'op', problem, allowed: WS_OPS.join(', ') },
  ]);
}

/** First message, and again with a fresh token before the old one expires. The user and account of a socket never change. */
function authenticate(client: Client, fields: z.output<typeof authMessage>, id: string | null): ApiError | null {
  const { api } = client.shared;
  const before = client.principal;
  const read = principalOfToken(api.deps, fields.token, fields.account ?? before?.account ?? null);
  if (!read.ok) return read.error;
  const { user, account, role, expiresAtS } = read.value;
  if (before !== null && (before.user.id !== user.id || before.account !== account)) {
    return refusal('FORBIDDEN', { message: 'A socket stays with the user and the account of its first auth.' });
  }
  if (account === null) return refusal('ACCOUNT_NOT_FOUND');
  if (!client.shared.enter(client, read.value))
    return refusal('RATE_LIMITED', { message: 'The account has as many open sockets as it may have.' });
  client.outbox.decimals = fields.decimals ?? client.outbox.decimals;
  client.admit(read.value);
  client.succeed('auth', id, { account, role, expires_at: isoTime((expiresAtS * 1000) as UnixMs) });
  return null;
}

/** All channels or none: the answer comes before the first push. */
function subscribe(client: Client, fields: z.output<typeof subscribeMessage>, id: string | null): ApiError | null {
  const { privateFeeds, marketFeeds, api } = client.shared;
  const read = readChannels(fields.channels);
  if (!read.ok) return read.error;
  const channels = read.value;
  const names = new Set([
    ...client.privateChannels,
    ...client.marketChannels.keys(),
    ...channels.map((one) => one.name),
  ]);
  if (names.size > api.deps.settings.sockets.subscriptions)
    return refusal('TOO_MANY_SUBSCRIPTIONS', { details: { most: api.deps.settings.sockets.subscriptions } });
  for (const channel of channels) {
    const problem = channel.kind === 'market' ? marketFeeds.problem(channel) : null;
    if (problem !== null) return problem;
  }
  const account = client.principal?.account ?? null;
  if (account === null) return refusal('ACCOUNT_NOT_FOUND');
  client.succeed('subscribe', id, { channels: channels.map((one) => one.name) });
  for (const channel of channels) {
    if (channel.kind === 'market') {
      client.marketChannels.set(channel.name, channel);
      marketFeeds.subscribe(channel, client);
    } else {
      client.privateChannels.add(channel.channel);
      privateFeeds.subscribe(account, channel.channel, fields.since?.[channel.name] ?? null, client);
    }
  }
  return null;
}

function unsubscribe(client: Client, fields: z.output<typeof unsubscribeMessage>, id: string | null): ApiError | null {
  const read = readChannels(fields.channels);
  if (!read.ok) return read.error;
  const account = client.principal?.account ?? null;
  for (const channel of read.value) {
    if (channel.kind === 'market') {
      client.marketChannels.delete(channel.name);
      client.shared.marketFeeds.unsubscribe(channel, client);
      client.outbox.drop(channel.name);
    } else if (account !== null) {
      client.privateChannels.delete(channel.channel);
      client.shared.privateFeeds.unsubscribe(account, channel.channel, client);
    }
  }
  client.succeed('unsubscribe', id, { channels: read.value.map((one) => one.name) });
  return null;
}

function readChannels(names: readonly string[]): Result<readonly Channel[], ApiError> {
  const channels = new Map<string, Channel>();
  for (const name of names) {
    const read = readChannel(name);
    if (!read.ok) return err(read.error);
    channels.set(read.value.name, read.value);
  }
  return ok([...channels.values()]);
}

/** An order message goes the way of its HTTP route: same schema, rights, budgets and handler. */
function order(
  client: Client,
  route: Route,
  op: WsOp,
  id: string | null,
  raw: RawInput,
  key: string | null,
): ApiError | null {
  const { api } = client.shared;
  const who = client.principal;
  if (who === null) return refusal('UNAUTHENTICATED');
  const admitted = admitPrincipal(api, route, who);
  if (!admitted.ok) return admitted.error;
  if (client.unanswered >= api.deps.settings.sockets.unanswered && route.budget !== 'cancel') {
    return refusal('RATE_LIMITED', { message: 'Too many order messages of this socket are unanswered.' });
  }
  const requestId = newRequestId(api.deps);
  const { remoteAddress: remote, headers } = client.request;
  const context: Context = { deps: api.deps, sessions: api.sessions, requestId, remote, headers };
  client.unanswered += 1;
  void settle(client, op, id, requestId, () => run(api, route, raw, { ...context, ...who }, key));
  return null;
}

/** Answers when the handler has answered; never rejects. */
async function settle(
  client: Client,
  op: WsOp,
  id: string | null,
  requestId: string,
  start: () => ReturnType<typeof run>,
): Promise<void> {
  try {
    const reply = await start();
    if (!reply.ok) client.fail(op, id, reply.error, requestId);
    else if ('value' in reply.value) client.succeed(op, id, reply.value.value, reply.value.status);
  } catch (error) {
    client.fail(op, id, unexpected(client.shared.api.deps, error, requestId), requestId);
  } finally {
    client.unanswered -= 1;
  }
}
