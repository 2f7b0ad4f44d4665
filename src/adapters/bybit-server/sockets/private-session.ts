import { authenticateSocket } from '../auth.ts';
import { refused } from '../refusals.ts';
import { mixedTopic, PRIVATE_TOPICS } from '../streams/private-topics.ts';
import { DCP_TOPICS } from '../streams/dcp-guard.ts';
import type { Connection } from './connection.ts';
import { DIALECTS } from './dialects.ts';
import type { SocketRequest } from './request.ts';
import { type Answer, askedOf, converse, pong, type Session, type SessionParts } from './session.ts';

const dialect = DIALECTS.account;

/** `/v5/private`: auth first, then topics of the key's user. */
export function privateSession(connection: Connection, parts: SessionParts): Session {
  const failed = (request: SocketRequest, retMsg: string): Answer => ({
    message: dialect.failed(askedOf(request, connection), refused(10001, retMsg), []),
  });
  const done = (request: SocketRequest): Answer => ({ message: dialect.done(askedOf(request, connection), []) });

  const authorise = (request: SocketRequest): Answer => {
    const credential = authenticateSocket(parts.exchange, parts.sign, request.args, connection.remoteAddress);
    if (!credential.ok) return failed(request, credential.error.retMsg);
    // Topics belong to the user of the first key: another user needs another connection.
    const { uid } = connection.credential ?? credential.value;
    if (uid !== credential.value.uid) return failed(request, 'Params Error');
    connection.credential = credential.value;
    return done(request);
  };

  const leave = (uid: string, topic: string): void => {
    parts.privateStreams.leave(uid, topic, connection);
    const product = DCP_TOPICS.get(topic);
    // What is left because the link went down is what the guard is for.
    if (product !== undefined) parts.dcp.leave(uid, product, connection, connection.isOpen);
  };

  const subscribe = (request: SocketRequest, uid: string): Answer => {
    const topics = request.args.filter((topic) => typeof topic === 'string');
    if (topics.length === 0 || topics.length !== request.args.length) return failed(request, 'Params Error');
    const unknown = topics.find((topic) => !PRIVATE_TOPICS.has(topic));
    if (unknown !== undefined) return failed(request, `error:handler not found,topic:${unknown}`);
    const mixed = mixedTopic(topics);
    if (mixed !== undefined) return failed(request, `error:${mixed} is mixed with its own categories`);
    for (const topic of topics) {
      if (connection.topics.has(topic)) continue;
      parts.privateStreams.join(uid, topic, connection);
      connection.topics.set(topic, () => leave(uid, topic));
      const product = DCP_TOPICS.get(topic);
      if (product !== undefined) parts.dcp.join(uid, product, connection);
    }
    return done(request);
  };

  const unsubscribe = (request: SocketRequest): Answer => {
    for (const topic of request.args) if (typeof topic === 'string') connection.leave(topic);
    return done(request);
  };

  const answer = (request: SocketRequest): Answer => {
    parts.dcp.heard(connection);
    if (request.op === 'ping') return pong(dialect, request, connection, parts);
    if (request.op === 'auth') return authorise(request);
    if (request.op !== 'subscribe' && request.op !== 'unsubscribe') return failed(request, 'error:invalid op');
    if (connection.credential === null) return failed(request, 'Request not authorized');
    return request.op === 'subscribe' ? subscribe(request, connection.credential.uid) : unsubscribe(request);
  };
  return (request) => converse(parts, connection, request, dialect, () => answer(request));
}
