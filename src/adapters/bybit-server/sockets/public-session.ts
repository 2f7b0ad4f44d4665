import { err } from '../../../domain/result.ts';
import { refused } from '../refusals.ts';
import type { PublicStream } from '../streams/stream.ts';
import type { SocketKind } from '../streams/topics.ts';
import type { Connection } from './connection.ts';
import type { Dialect } from './dialects.ts';
import type { SocketRequest } from './request.ts';
import { type Answer, askedOf, converse, pong, type Session, type SessionParts } from './session.ts';

/** All topics of one connection together (V5 docs, "Public channel - Args limits"). */
const MOST_CHARACTERS = 21_000;

type Limits = Readonly<{ topicsARequest: number; topicsAConnection: number }>;
const LIMITS: Readonly<Record<SocketKind, Limits>> = {
  status: { topicsARequest: Infinity, topicsAConnection: Infinity },
  spot: { topicsARequest: 10, topicsAConnection: Infinity },
  linear: { topicsARequest: Infinity, topicsAConnection: Infinity },
  inverse: { topicsARequest: Infinity, topicsAConnection: Infinity },
  option: { topicsARequest: Infinity, topicsAConnection: 2000 },
  spread: { topicsARequest: Infinity, topicsAConnection: Infinity },
};

type Found = { streams: [topic: string, stream: PublicStream][]; refused: string[]; reason: string | null };

/** `/v5/public/{category}`: ping, subscribe, unsubscribe. */
export function publicSession(
  kind: SocketKind,
  dialect: Dialect,
  connection: Connection,
  parts: SessionParts,
): Session {
  const failed = (request: SocketRequest, retMsg: string, topics: readonly string[]): Answer => ({
    message: dialect.failed(askedOf(request, connection), refused(10001, retMsg), topics),
  });

  /** The topics of a request that can be had, and why the first of the others cannot. */
  const findAll = (topics: readonly string[]): Found => {
    const found: Found = { streams: [], refused: [], reason: null };
    for (const [i, topic] of topics.entries()) {
      const isRepeated = connection.topics.has(topic) || topics.indexOf(topic) !== i;
      const stream = isRepeated
        ? err(`error:already subscribed,topic:${topic}`)
        : parts.publicStreams.find(kind, topic);
      if (stream.ok) found.streams.push([topic, stream.value]);
      else {
        found.refused.push(topic);
        found.reason ??= stream.error;
      }
    }
    return found;
  };

  /** All topics of a request or none; where the answer names topics, those that can be had. */
  const subscribe = (request: SocketRequest): Answer => {
    const topics = request.args.filter((topic) => typeof topic === 'string');
    if (topics.length === 0 || topics.length !== request.args.length) return failed(request, 'error:invalid args', []);
    const problem = tooMany(kind, topics, connection);
    if (problem !== null) return failed(request, problem, topics);
    const { streams, refused: refusedTopics, reason } = findAll(topics);
    if (reason !== null && (dialect.partly === undefined || streams.length === 0))
      return failed(request, reason, topics);
    const join = () => {
      for (const [topic, stream] of streams) {
        connection.topics.set(topic, () => stream.leave(connection));
        stream.join(connection);
      }
    };
    const asked = askedOf(request, connection);
    const taken = streams.map(([topic]) => topic);
    const message = reason === null ? dialect.done(asked, taken) : dialect.partly?.(asked, taken, refusedTopics);
    return { message: message ?? dialect.done(asked, taken), after: join };
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
  return (request) => converse(parts, connection, request, dialect, () => answer(request));
}

/** Bybit's limits on topics; null where they hold. */
function tooMany(kind: SocketKind, topics: readonly string[], connection: Connection): string | null {
  const limits = LIMITS[kind];
  if (topics.length > limits.topicsARequest) return 'error:args size >10';
  if (connection.topics.size + topics.length > limits.topicsAConnection) return 'error:too many topics';
  let characters = 0;
  for (const topic of connection.topics.keys()) characters += topic.length;
  for (const topic of topics) characters += topic.length;
  return characters > MOST_CHARACTERS ? 'error:args is too long' : null;
}
