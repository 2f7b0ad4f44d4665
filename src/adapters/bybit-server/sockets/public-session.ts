import type { Category } from '../../../domain/ids.ts';
import { refused } from '../refusals.ts';
import type { PublicStream } from '../streams/stream.ts';
import type { Connection } from './connection.ts';
import type { Dialect } from './dialects.ts';
import type { SocketRequest } from './request.ts';
import { type Answer, askedOf, give, pong, type Session, type SessionParts } from './session.ts';

/** All topics of one connection together (V5 docs, "Public channel - Args limits"). */
const MOST_CHARACTERS = 21_000;

type Limits = Readonly<{ topicsARequest: number; topicsAConnection: number }>;
const LIMITS: Readonly<Record<Category, Limits>> = {
  spot: { topicsARequest: 10, topicsAConnection: Infinity },
  linear: { topicsARequest: Infinity, topicsAConnection: Infinity },
  inverse: { topicsARequest: Infinity, topicsAConnection: Infinity },
  option: { topicsARequest: Infinity, topicsAConnection: 2000 },
};

/** `/v5/public/{category}`: ping, subscribe, unsubscribe. */
export function publicSession(
  category: Category,
  dialect: Dialect,
  connection: Connection,
  parts: SessionParts,
): Session {
  const failed = (request: SocketRequest, retMsg: string, topics: readonly string[]): Answer => ({
    message: dialect.failed(askedOf(request, connection), refused(10001, retMsg), topics),
  });

  /** All topics of a request or none. */
  const subscribe = (request: SocketRequest): Answer => {
    const topics = request.args.filter((topic) => typeof topic === 'string');
    if (topics.length === 0 || topics.length !== request.args.length) return failed(request, 'error:invalid args', []);
    const problem = tooMany(category, topics, connection);
    if (problem !== null) return failed(request, problem, topics);
    const streams: [topic: string, stream: PublicStream][] = [];
    for (const [i, topic] of topics.entries()) {
      const isRepeated = connection.topics.has(topic) || topics.indexOf(topic) !== i;
      if (isRepeated) return failed(request, `error:already subscribed,topic:${topic}`, topics);
      const stream = parts.publicStreams.find(category, topic);
      if (!stream.ok) return failed(request, stream.error, topics);
      streams.push([topic, stream.value]);
    }
    const join = () => {
      for (const [topic, stream] of streams) {
        connection.topics.set(topic, () => stream.leave(connection));
        stream.join(connection);
      }
    };
    return { message: dialect.done(askedOf(request, connection), topics), after: join };
  };

  const unsubscribe = (request: SocketRequest): Answer => {
    const topics = request.args.filter((topic) => typeof topic === 'string');
    for (const topic of topics) connection.leave(topic);
    return { message: dialect.done(askedOf(request, connection), topics) };
  };

  const answer = (request: SocketRequest): Answer => {
    switch (request.op) {
      case 'ping':
        return pong(dialect, request, connection, parts);
      case 'subscribe':
        return subscribe(request);
      case 'unsubscribe':
        return unsubscribe(request);
      default:
        return failed(request, 'error:invalid op', []);
    }
  };
  return (request) => give(connection, answer(request));
}

/** Bybit's limits on topics; null where they hold. */
function tooMany(category: Category, topics: readonly string[], connection: Connection): string | null {
  const limits = LIMITS[category];
  if (topics.length > limits.topicsARequest) return 'error:args size >10';
  if (connection.topics.size + topics.length > limits.topicsAConnection) return 'error:too many topics';
  let characters = 0;
  for (const topic of connection.topics.keys()) characters += topic.length;
  for (const topic of topics) characters += topic.length;
  return characters > MOST_CHARACTERS ? 'error:args is too long' : null;
}
