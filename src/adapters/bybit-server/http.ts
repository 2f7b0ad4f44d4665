import type { Clock } from '../../ports/clock.ts';
import type { Credential, Exchange } from '../../ports/exchange.ts';
import type { ServerAnswer, ServerRequest } from '../../ports/network.ts';
import { authenticate, type Sign } from './auth.ts';
import type { Faults, ReplyFault } from './faults.ts';
import type { Ids } from './ids.ts';
import { AddressGate, type Budget, type RateLimiter } from './limits.ts';
import type { Source } from './params/fields.ts';
import { bodySource, querySource } from './params/source.ts';
import { REFUSED, type WireRefusal } from './refusals.ts';
import { carryOut, type Outcome, refusedOutcome, type Route, type RouteContext } from './route.ts';
import { underFault } from './outcome.ts';

export type HttpParts = Readonly<{
  exchange: Exchange;
  clock: Clock;
  ids: Ids;
  sign: Sign;
  limiter: RateLimiter;
  faults: Faults | null;
  routes: readonly Route[];
  routeContext: () => RouteContext;
}>;

type Found = Readonly<{ route: Route; source: Source; credential: Credential | null }>;
type Stopped = Readonly<{ answer: ServerAnswer }>;

/** The table over HTTP: address, method and path, signature, parameters, envelope. */
export function httpHandler(parts: HttpParts): (request: ServerRequest) => Promise<ServerAnswer> {
  const { exchange, clock, faults, limiter } = parts;
  const table = new Map(parts.routes.map((route) => [`${route.method} ${route.path}`, route]));
  const addresses = new AddressGate(limiter);

  /** Everything that can stop a request before its route hears of it. */
  const arrive = (request: ServerRequest, address: Budget): Found | Stopped => {
    if (!address.allowed) return { answer: plain(403, 'access too frequent') };
    const stop = (status: number, refusal: WireRefusal): Stopped => ({
      answer: enveloped(parts, status, refusedOutcome(refusal, null), address),
    });
    if (request.method !== 'GET' && request.method !== 'POST') return stop(400, REFUSED.parameter);
    const route = table.get(`${request.method} ${request.path}`);
    if (route === undefined) return stop(404, REFUSED.route);
    if (request.method === 'GET' && request.body !== '') return { answer: plain(403, 'Forbidden') };
    let credential: Credential | null = null;
    if (route.auth) {
      const known = authenticate(exchange, parts.sign, request);
      if (!known.ok) return stop(known.error.status, known.error.refusal);
      credential = known.value;
    }
    if (route.method === 'GET') return { route, source: querySource(request.query), credential };
    const source = bodySource(request.body);
    return source.ok ? { route, source: source.value, credential } : stop(200, source.error);
  };

  return async (request) => {
    const address = addresses.take(request.remoteAddress, exchange.now());
    const found = arrive(request, address);
    if ('answer' in found) return found.answer;
    const { route, source, credential } = found;
    const subject = { on: route.path, uid: credential?.uid ?? null, params: source };
    const fault = faults?.reply(subject) ?? null;
    const run = () => carryOut(route, source, credential, parts.routeContext(), limiter);
    const outcome = await underFault(fault, clock, run);
    return damaged(enveloped(parts, 200, outcome, address), fault);
  };
}

/** The envelope of every JSON answer, and the headers of every call. */
function enveloped(parts: HttpParts, status: number, outcome: Outcome, address: Budget): ServerAnswer {
  const now = parts.exchange.now();
  const { retCode, retMsg, result, extInfo, beside } = outcome;
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      // Where no budget of the user's was asked, it is that of the address.
      ...limitHeaders(outcome.budget ?? address),
      Traceid: parts.ids.trace(),
      Timenow: String(now),
    },
    body: JSON.stringify({ retCode, retMsg, ...beside, result, retExtInfo: extInfo, time: now }),
  };
}

export const limitHeaders = (budget: Budget) => ({
  'X-Bapi-Limit': String(budget.limit),
  'X-Bapi-Limit-Status': String(budget.remaining),
  'X-Bapi-Limit-Reset-Timestamp': String(budget.resetAt),
});

const plain = (status: number, body: string): ServerAnswer => ({
  status,
  headers: { 'Content-Type': 'text/plain' },
  body,
});

/** What a fault does to an answer that is ready. */
function damaged(answer: ServerAnswer, fault: ReplyFault | null): ServerAnswer {
  if (fault === null || answer === 'reset') return answer;
  switch (fault.type) {
    case 'reset':
      return 'reset';
    case 'replace':
      return { status: fault.status, headers: { 'Content-Type': fault.contentType }, body: fault.body };
    case 'truncate':
      return { ...answer, body: answer.body.slice(0, fault.length) };
    case 'hold':
    case 'ret_code':
      return answer;
  }
}
