import { authenticateSocket, outsideWindow } from '../auth.ts';
import { limitHeaders } from '../http.ts';
import type { Budget } from '../limits.ts';
import { damageMessage, damageText } from '../faults/requests.ts';
import type { RuleOf } from '../faults/rule.ts';
import { CATEGORIES, type Source } from '../params/fields.ts';
import { isObject } from '../params/source.ts';
import { invalidParam, REFUSED, type WireRefusal } from '../refusals.ts';
import { carryOut, type Outcome, refusedOutcome, type Route } from '../route.ts';
import { TRADE_OPERATIONS } from '../routes/index.ts';
import type { Connection } from './connection.ts';
import { DIALECTS } from './dialects.ts';
import type { SocketRequest } from './request.ts';
import { type Answer, askedOf, converse, freshKey, pong, type Session, type SessionParts } from './session.ts';

const dialect = DIALECTS.trade;
const LONGEST_REQ_ID = 36;
/** How many request ids a session remembers; Bybit does not say for how long one stays taken. */
const REMEMBERED_IDS = 10_000;
const ADDRESS_LIMIT = 3_000;

/** `/v5/trade`: order entry over a socket. Requests run side by side; each answer names its request. */
export function tradeSession(connection: Connection, parts: SessionParts): Session {
  const isNew = requestIds();

  const authorise = (request: SocketRequest): Answer => {
    const asked = askedOf(request, connection);
    if (connection.credential !== null) return { message: dialect.failed(asked, REFUSED.repeatedAuth, []) };
    const credential = authenticateSocket(parts.exchange, parts.sign, request.args, connection.remoteAddress);
    if (!credential.ok) return { message: dialect.failed(asked, credential.error, []) };
    connection.credential = credential.value;
    return { message: dialect.done(asked, []) };
  };

  const answer = (request: SocketRequest, outcome: Outcome, resp: RuleOf<'RESP'> | null = null): string => {
    const { retCode, retMsg, result, extInfo, budget } = outcome;
    const message = {
      ...(request.reqId === undefined ? {} : { reqId: request.reqId }),
      retCode,
      retMsg,
      op: request.op,
      data: result,
      retExtInfo: extInfo,
      header: headerOf(budget, parts),
      connId: connection.id,
    };
    if (resp === null || parts.faults === null) return JSON.stringify(message);
    if (resp.action === 'status') return resp.body;
    const copy = structuredClone(message);
    damageMessage(copy, resp, parts.faults.book, 'data');
    return damageText(JSON.stringify(copy), resp, parts.faults.book);
  };

  const trade = async (request: SocketRequest): Promise<void> => {
    const route = TRADE_OPERATIONS.get(request.op);
    const refusal = refusalOf(request, route, connection, parts, isNew);
    if (refusal !== null || route === undefined) {
      if (connection.countIdleFrame(request.characters)) return;
      connection.send(answer(request, refusedOutcome(refusal ?? REFUSED.operation, null)));
      return;
    }
    const source = request.args[0] as Source;
    const { faults } = parts;
    // The key's words may have changed since the socket was opened.
    const run = (params: Source) =>
      carryOut(route, params, freshKey(connection, parts), parts.routeContext(), parts.limiter);
    if (faults === null) {
      connection.send(answer(request, await run(source)));
      return;
    }
    const subject = { ...faults.subjectOf(request.op, source), ...connection.subject };
    const faulty = await faults.requests.carryOut({ subject, source, isQuery: false }, run);
    if (faulty.outcome === null) connection.drop();
    else connection.send(answer(request, faulty.outcome, faulty.resp));
  };

  return (request) => {
    if (request.op === 'ping')
      converse(parts, connection, request, dialect, () => pong(dialect, request, connection, parts));
    else if (request.op === 'auth') converse(parts, connection, request, dialect, () => authorise(request));
    else void trade(request);
  };
}

function headerOf(budget: Budget | null, parts: SessionParts): Readonly<Record<string, string>> {
  const now = String(parts.exchange.now());
  return { ...(budget === null ? {} : limitHeaders(budget)), Traceid: parts.ids.trace(), Timenow: now };
}

/** Says of each request id whether the session sees it for the first time. */
function requestIds(): (reqId: string) => boolean {
  const seen = new Set<string>();
  return (reqId) => {
    if (seen.has(reqId)) return false;
    seen.add(reqId);
    const [oldest] = seen;
    if (seen.size > REMEMBERED_IDS && oldest !== undefined) seen.delete(oldest);
    return true;
  };
}

/** Everything that can stop a request before its route hears of it. */
function refusalOf(
  request: SocketRequest,
  route: Route | undefined,
  connection: Connection,
  parts: SessionParts,
  isNew: (reqId: string) => boolean,
): WireRefusal | null {
  if (route === undefined) return REFUSED.operation;
  if (connection.credential === null) return REFUSED.unauthenticated;
  const { reqId } = request;
  if (reqId !== undefined && reqId.length > LONGEST_REQ_ID) return invalidParam('reqId');
  if (reqId !== undefined && !isNew(reqId)) return REFUSED.repeatedRequest;
  const now = parts.exchange.now();
  const address = parts.limiter.count(`trade ${connection.remoteAddress}`, ADDRESS_LIMIT, 1000, now);
  if (!address.allowed) return REFUSED.addressRate;
  const header = isObject(request.header) ? request.header : {};
  const timestamp = header['X-BAPI-TIMESTAMP'];
  if (timestamp === undefined || timestamp === '') return invalidParam('X-BAPI-TIMESTAMP');
  const recvWindow = header['X-BAPI-RECV-WINDOW'];
  const late = outsideWindow(String(timestamp), recvWindow === undefined ? undefined : String(recvWindow), now);
  if (late !== null) return late;
  if (!isObject(request.args[0])) return REFUSED.parameter;
  return CATEGORIES.includes(request.args[0].category as never) ? null : REFUSED.category;
}
