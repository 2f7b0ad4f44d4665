import { type HttpRequest, type HttpResponse, TransportError, type TransportFailure } from '../../src/ports/network.ts';
import type { Served, Target } from './addresses.ts';
import type { LinkEnds } from './fault-rules.ts';
import type { SimProcess } from './process.ts';

type ExchangeParts = Readonly<{ client: SimProcess; request: HttpRequest; target: Target; ends: LinkEnds }>;

/** One request of one client, until it ends: once, whatever still comes. */
export class Exchange {
  readonly client: SimProcess;
  readonly request: HttpRequest;
  readonly target: Target;
  readonly ends: LinkEnds;
  /** Who has it, once it has arrived. */
  served: Served | null = null;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: TransportError) => void;
  #afterwards: () => void = () => {};
  #settled = false;

  constructor(
    parts: ExchangeParts,
    resolve: (response: HttpResponse) => void,
    reject: (error: TransportError) => void,
  ) {
    this.client = parts.client;
    this.request = parts.request;
    this.target = parts.target;
    this.ends = parts.ends;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get settled(): boolean {
    return this.#settled;
  }

  onSettled(run: () => void): void {
    this.#afterwards = run;
  }

  answer(response: HttpResponse): void {
    this.#settle(() => this.#resolve(response));
  }

  fail(failure: TransportFailure): void {
    this.#settle(() => this.#reject(new TransportError(failure, `simulated ${failure}: ${this.request.url}`)));
  }

  #settle(run: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#afterwards();
    this.client.enter(run);
  }
}

export function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
