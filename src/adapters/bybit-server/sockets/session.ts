import type { Exchange } from '../../../ports/exchange.ts';
import type { Log } from '../../../ports/log.ts';
import type { Sign } from '../auth.ts';
import type { Faults } from '../faults.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Ids } from '../ids.ts';
import type { RateLimiter } from '../limits.ts';
import type { RouteContext } from '../route.ts';
import type { PrivateStreams } from '../streams/private-streams.ts';
import type { PublicStreams } from '../streams/public-streams.ts';
import type { Asked, Dialect } from './dialects.ts';
import type { Connection } from './connection.ts';
import type { SocketRequest } from './request.ts';

/** What the sessions of all sockets share. */
export type SessionParts = Readonly<{
  exchange: Exchange;
  clock: Clock;
  log: Log;
  ids: Ids;
  sign: Sign;
  limiter: RateLimiter;
  faults: Faults | null;
  publicStreams: PublicStreams;
  privateStreams: PrivateStreams;
  routeContext: () => RouteContext;
}>;

/** One client's conversation: takes each of its messages. */
export type Session = (request: SocketRequest) => void;

/** An answer, and what follows it: a topic's snapshot comes after its acknowledgement. */
export type Answer = Readonly<{ message: object; after?: () => void }>;

export const askedOf = (request: SocketRequest, connection: Connection): Asked => ({
  op: request.op,
  reqId: request.reqId,
  connId: connection.id,
});

export function give(connection: Connection, answer: Answer): void {
  connection.send(JSON.stringify(answer.message));
  answer.after?.();
}

export function pong(dialect: Dialect, request: SocketRequest, connection: Connection, parts: SessionParts): Answer {
  connection.touch();
  return { message: dialect.pong(askedOf(request, connection), parts.exchange.now()) };
}
