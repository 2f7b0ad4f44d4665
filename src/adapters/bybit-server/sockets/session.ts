import type { Credential, Exchange } from '../../../ports/exchange.ts';
import type { Log } from '../../../ports/log.ts';
import type { Sign } from '../auth.ts';
import { damageMessage, damageText } from '../faults/requests.ts';
import type { ServerFaults } from '../faults/server-faults.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Ids } from '../ids.ts';
import type { RateLimiter } from '../limits.ts';
import { refused } from '../refusals.ts';
import type { RouteContext } from '../route.ts';
import type { DcpGuard } from '../streams/dcp-guard.ts';
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
  faults: ServerFaults | null;
  publicStreams: PublicStreams;
  privateStreams: PrivateStreams;
  dcp: DcpGuard;
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

/** The key that a socket was opened with as it is now; null where it opens nothing any more. */
export function freshKey({ credential }: Connection, { exchange }: SessionParts): Credential | null {
  const key = credential === null ? null : exchange.credential(credential.apiKey);
  return key === null || (key.expiresAt !== null && key.expiresAt <= exchange.now()) ? null : key;
}

export function pong(dialect: Dialect, request: SocketRequest, connection: Connection, parts: SessionParts): Answer {
  connection.touch();
  return { message: dialect.pong(askedOf(request, connection), parts.exchange.now()) };
}

/** Carries an operation of a socket out and answers it, as the rules of ACC and RESP want it. */
export function converse(
  parts: SessionParts,
  connection: Connection,
  request: SocketRequest,
  dialect: Dialect,
  carryOut: () => Answer,
): void {
  const { faults } = parts;
  if (faults === null) return give(connection, carryOut());
  const subject = { ...connection.subject, on: request.op };
  const acc = faults.book.take('ACC', subject, ['hold', 'delay', 'drop_reply', 'reset']);
  const resp = faults.book.take('RESP', subject, ['delay', 'ret_code', 'truncate', 'mutate']);
  const later = (ms: number, run: () => void): void => (ms === 0 ? run() : void faults.clock.after(ms, run));
  const answer = (): void => {
    const isHeard =
      !(acc !== null && 'accepted' in acc && !acc.accepted) && !(resp?.action === 'ret_code' && !resp.accepted);
    const done = isHeard ? carryOut() : { message: {} };
    if (acc?.action === 'drop_reply' || acc?.action === 'reset') return later(acc.ms, () => connection.drop());
    const failed = resp?.action === 'ret_code';
    const message = failed
      ? dialect.failed(askedOf(request, connection), refused(resp.retCode, resp.retMsg), [])
      : done.message;
    const copy = resp === null ? message : structuredClone(message);
    damageMessage(copy, resp, faults.book, 'data');
    later((resp?.action === 'delay' ? resp.ms : 0) + (acc?.action === 'hold' ? acc.ms : 0), () => {
      connection.send(damageText(JSON.stringify(copy), resp, faults.book));
      if (!failed) done.after?.();
    });
  };
  later(acc?.action === 'delay' ? acc.ms : 0, answer);
}
