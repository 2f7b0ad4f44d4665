import { type Clock, sleep } from '../../ports/clock.ts';
import type { Credential, Exchange } from '../../ports/exchange.ts';
import type { ServerAnswer, ServerRequest } from '../../ports/network.ts';
import { authenticate, type Sign } from './auth.ts';
import type { ServerFaults } from './faults/server-faults.ts';
import { damageMessage, damageText } from './faults/requests.ts';
import type { RuleOf } from './faults/rule.ts';
import type { Ids } from './ids.ts';
import { AddressGate, type Budget, type RateLimiter } from './limits.ts';
import type { Source } from './params/fields.ts';
import { bodySource, querySource } from './params/source.ts';
import { REFUSED, type WireRefusal } from './refusals.ts';
import { carryOut, type Outcome, refusedOutcome, type Route, type RouteContext } from './route.ts';

export type HttpParts = Readonly<{
  exchange: Exchange;
  clock: Clock;
  ids: Ids;
  sign: Sign;
  limiter: RateLimiter;
  faults: ServerFaults | null;
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

  const answer = async (request: ServerRequest): Promise<ServerAnswer> => {
    const address = addresses.take(request.remoteAddress, exchange.now());
    const found = arrive(request, address);
    if ('answer' in found) return found.answer;
    const { route, source, credential } = found;
    const run = (params: Source) => carryOut(route, params, credential, parts.routeContext(), limiter);
    if (faults === null) return enveloped(parts, 200, await run(source), address);
    const subject = {
      ...faults.subjectOf(route.path, source),
      uid: credential?.uid ?? null,
      address: request.remoteAddress,
    };
    const faulty = await faults.requests.carryOut({ subject, source, isQuery: route.method === 'GET' }, run);
    return faulty.outcome === null ? 'reset' : enveloped(parts, 200, faulty.outcome, address, faulty.resp);
  };

  return async (request) => {
    const link = faults?.links.request(linkSubject(exchange, request)) ?? null;
    switch (link?.action) {
      case 'refuse':
        return 'reset';
      case 'half_open':
        await sleep(clock, NEVER_MS);
        return 'reset';
      case 'ban':
        return plain(link.status, link.body);
      case 'slow':
        await sleep(clock, link.ms);
        return answer(request);
      default:
        return answer(request);
    }
  };
}

/** No client waits so long for an answer. */
const NEVER_MS = 600_000;

const linkSubject = (exchange: Exchange, { path, remoteAddress, headers }: ServerRequest) => ({
  on: path,
  address: remoteAddress,
  uid: exchange.credential(headers['x-bapi-api-key'] ?? '')?.uid ?? null,
});

/** The envelope of every JSON answer, and the headers of every call; `resp` is what the reply has to suffer. */
function enveloped(
  parts: HttpParts,
  status: number,
  outcome: Outcome,
  address: Budget,
  resp: RuleOf<'RESP'> | null = null,
): ServerAnswer {
  const now = parts.exchange.now();
  const { retCode, retMsg, result, extInfo, beside } = outcome;
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    // Where no budget of the user's was asked, it is that of the address.
    ...limitHeaders(outcome.budget ?? address),
    Traceid: parts.ids.trace(),
    Timenow: String(now),
  };
  const message = { retCode, retMsg, ...beside, result, retExtInfo: extInfo, time: now };
  if (resp === null || parts.faults === null) return { status, headers, body: JSON.stringify(message) };
  return damaged(message, headers, resp, parts.faults);
}

/** What a fault makes of a reply that is ready. */
function damaged(
  message: object,
  headers: Readonly<Record<string, string>>,
  resp: RuleOf<'RESP'>,
  { book }: ServerFaults,
): ServerAnswer {
  if (resp.action === 'status') {
    return { status: resp.status, headers: { 'Content-Type': resp.contentType }, body: resp.body };
  }
  const copy = structuredClone(message);
  damageMessage(copy, resp, book, 'result');
  const shown = resp.action === 'headers' || resp.action === 'ret_code' ? changedHeaders(headers, resp) : headers;
  return { status: 200, headers: shown, body: damageText(JSON.stringify(copy), resp, book) };
}

function changedHeaders(
  headers: Readonly<Record<string, string>>,
  { set, remove }: Readonly<{ set: Readonly<Record<string, string>>; remove: readonly string[] }>,
): Readonly<Record<string, string>> {
  const unwanted = new Set([...remove, ...Object.keys(set)].map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !unwanted.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...set };
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
