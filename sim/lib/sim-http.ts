import {
  type HttpRequest,
  type HttpResponse,
  type ServerAnswer,
  TransportError,
  type TransportFailure,
} from '../../src/ports/network.ts';
import { type Addresses, parseTarget, type Served, type Target } from './addresses.ts';
import type { Chosen, LinkEnds } from './fault-rules.ts';
import { Exchange, lowerCased } from './http-exchange.ts';
import type { HttpFault, NetworkFaults } from './network-faults.ts';
import type { SimProcess } from './process.ts';
import type { Trace } from './trace.ts';
import type { Wire } from './wire.ts';

type Parts = Readonly<{ wire: Wire; faults: NetworkFaults; addresses: Addresses; trace: Trace }>;

/** Carries requests and answers over virtual time. Each goes over a link of its own: one may overtake another. */
export class SimHttp {
  readonly #parts: Parts;
  readonly #atServer = new Set<Exchange>();
  readonly #held: { id: string; deliver: () => void }[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  request(client: SimProcess, request: HttpRequest): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      if (!client.alive) return;
      const target = parseTarget(request.url);
      if (target === null) {
        reject(new TransportError('refused', `not an absolute URL: ${request.url}`));
        return;
      }
      const to = this.#parts.addresses.find(target.address)?.process.name ?? target.address;
      const exchange = new Exchange({ client, request, target, ends: { from: client.name, to } }, resolve, reject);
      const timeout = this.#parts.wire.clock.after(request.timeoutMs, () => this.#fail(exchange, 'timeout'));
      exchange.onSettled(() => timeout.cancel());
      this.#depart(exchange, this.#parts.faults.httpRules.choose({ ...exchange.ends, request }));
    });
  }

  /** Answers held by a fault of this id go on their way now. Says how many. */
  releaseHeld(id: string): number {
    const released = this.#held.filter((held) => held.id === id);
    for (const { deliver } of released) {
      this.#held.splice(
        this.#held.findIndex((held) => held.deliver === deliver),
        1,
      );
      deliver();
    }
    return released.length;
  }

  /** The server is gone, or stopped listening: whoever waits for its answer sees the link reset. */
  dropServed(by: (server: Served) => boolean): void {
    for (const exchange of this.#atServer) {
      if (exchange.served === null || !by(exchange.served)) continue;
      this.#atServer.delete(exchange);
      this.#failLater(exchange, 'reset');
    }
  }

  /** A machine that vanished answers nothing and resets nothing. */
  forgetServed(process: SimProcess): void {
    for (const exchange of this.#atServer) if (exchange.served?.process === process) this.#atServer.delete(exchange);
  }

  #depart(exchange: Exchange, chosen: Chosen<HttpFault> | null): void {
    const { wire } = this.#parts;
    const fault = chosen?.fault;
    switch (fault?.type) {
      case 'refuse':
      case 'reset_request':
        chosen?.fire();
        this.#failLater(exchange, fault.type === 'refuse' ? 'refused' : 'reset');
        return;
      case 'drop_request':
        chosen?.fire();
        return;
      case 'answer_instead':
        chosen?.fire();
        wire.clock.at(wire.arrivalUs(exchange.ends), () => this.#finish(exchange, fault.answer));
        return;
      default: {
        const extraMs = fault?.type === 'delay_request' ? fault.ms : 0;
        if (extraMs > 0) chosen?.fire();
        wire.clock.at(wire.arrivalUs(exchange.ends, extraMs), () => this.#arrive(exchange, chosen));
      }
    }
  }

  #arrive(exchange: Exchange, chosen: Chosen<HttpFault> | null): void {
    const { wire, addresses, trace } = this.#parts;
    const { request, target, ends } = exchange;
    if (!wire.passes(ends) || addresses.isSilent(target.address)) return;
    const served = addresses.find(target.address);
    if (served === null) {
      this.#failLater(exchange, 'refused');
      return;
    }
    exchange.served = served;
    this.#atServer.add(exchange);
    trace.add(wire.clock.nowUs, 'request', linkName(ends), describe(request, target));
    served.process.enter(() => {
      const answered = (answer: ServerAnswer): void => this.#answer(exchange, served, answer, chosen);
      served.handlers.http(serverView(exchange)).then(answered, () => answered({ status: 500, headers: {}, body: '' }));
    });
  }

  #answer(exchange: Exchange, served: Served, answer: ServerAnswer, chosen: Chosen<HttpFault> | null): void {
    if (!served.process.alive || !this.#atServer.delete(exchange)) return;
    const { wire } = this.#parts;
    if (answer === 'reset') {
      this.#failLater(exchange, 'reset');
      return;
    }
    const response = { status: answer.status, headers: lowerCased(answer.headers), body: answer.body };
    const deliver = (arrived: HttpResponse, extraMs = 0): void => {
      wire.clock.at(wire.arrivalUs(exchange.ends, extraMs), () => this.#finish(exchange, arrived));
    };
    const fault = exchange.settled ? undefined : chosen?.fault;
    switch (fault?.type) {
      case 'drop_answer':
        chosen?.fire();
        return;
      case 'reset_answer':
        chosen?.fire();
        this.#failLater(exchange, 'reset');
        return;
      case 'hold_answer':
        chosen?.fire();
        this.#held.push({ id: chosen?.id ?? '', deliver: () => deliver(response) });
        return;
      case 'delay_answer':
        chosen?.fire();
        deliver(response, fault.ms);
        return;
      case 'replace_answer':
        chosen?.fire();
        deliver(fault.answer(response));
        return;
      default:
        deliver(response);
    }
  }

  #finish(exchange: Exchange, response: HttpResponse): void {
    const { wire, trace } = this.#parts;
    if (exchange.settled || !wire.passes(exchange.ends)) return;
    trace.add(wire.clock.nowUs, 'answer', linkName(exchange.ends), `${response.status} ${response.body}`);
    exchange.answer(response);
  }

  #failLater(exchange: Exchange, failure: TransportFailure): void {
    const { wire } = this.#parts;
    wire.clock.at(wire.arrivalUs(exchange.ends), () => {
      if (wire.passes(exchange.ends)) this.#fail(exchange, failure);
    });
  }

  #fail(exchange: Exchange, failure: TransportFailure): void {
    if (exchange.settled) return;
    const { wire, trace } = this.#parts;
    trace.add(wire.clock.nowUs, failure, linkName(exchange.ends), exchange.target.path);
    exchange.fail(failure);
  }
}

export const linkName = ({ from, to }: LinkEnds): string => `${from}>${to}`;

const describe = (request: HttpRequest, { path, query }: Target): string =>
  `${request.method} ${path}?${query} ${JSON.stringify(request.headers)} ${request.body ?? ''}`;

const serverView = ({ request, target, client }: Exchange): Parameters<Served['handlers']['http']>[0] => ({
  method: request.method,
  path: target.path,
  query: target.query,
  headers: { host: target.address, ...lowerCased(request.headers) },
  body: request.body ?? '',
  remoteAddress: client.address,
});
