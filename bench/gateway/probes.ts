import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { HttpClient, SocketDialer } from '../../src/ports/network.ts';
import { Histogram } from '../lib/histogram.ts';

export type Probed = Readonly<{ out: Added; in: Added }>;
export type Added = Readonly<{ count: number; p50Us: number; p99Us: number }>;

const PRICE = /"price":"([\d.]+)"/;

/**
 * Stamps what passes the gateway's edges, inside its process: a request's arrival (Node says when it has read its
 * head) and its order leaving for the venue; a venue's message arriving and the push leaving for the client. Orders
 * are known by their price. Costs a few tests per message while nothing is measured.
 */
export class Probes {
  #running = false;
  readonly #requested = new Map<string, number>();
  readonly #reported = new Map<string, number>();
  readonly #out = new Histogram();
  readonly #in = new Histogram();

  start(): void {
    this.#running = true;
    subscribe('http.server.request.start', (message) => {
      const { headers } = (message as { request: IncomingMessage }).request;
      const order = headers['x-bench-order'];
      if (this.#running && typeof order === 'string') this.#requested.set(order, performance.now());
    });
    const { send } = WebSocket.prototype;
    const pushed = (text: unknown): void => this.#pushed(String(text));
    WebSocket.prototype.send = function (this: WebSocket, ...args: unknown[]) {
      pushed(args[0]);
      Reflect.apply(send, this, args);
    } as typeof send;
  }

  http(inner: HttpClient): HttpClient {
    return {
      request: (request) => {
        const answer = inner.request(request);
        if (this.#running && request.url.endsWith('/v5/order/create')) this.#left(request.body ?? '');
        return answer;
      },
    };
  }

  sockets(inner: SocketDialer): SocketDialer {
    return {
      dial: (url, handlers) =>
        inner.dial(url, {
          ...handlers,
          message: (text) => {
            if (this.#running && text.startsWith('{"topic":"order"')) this.#arrived(text);
            handlers.message(text);
          },
        }),
    };
  }

  /** Taken after the request was handed to the client, so that signing and queueing count. */
  #left(body: string): void {
    const price = PRICE.exec(body)?.[1] ?? '';
    const at = this.#requested.get(price);
    if (at !== undefined) this.#out.record((performance.now() - at) * 1_000);
    this.#requested.delete(price);
  }

  #arrived(text: string): void {
    this.#reported.set(PRICE.exec(text)?.[1] ?? '', performance.now());
  }

  #pushed(text: string): void {
    if (!this.#running || !text.includes('"working"')) return;
    const now = performance.now();
    const { data: items = [] } = JSON.parse(text) as { data?: { status: string; price: number | string }[] };
    for (const { status, price } of items) {
      const key = Number(price).toFixed(2);
      const at = status === 'working' ? this.#reported.get(key) : undefined;
      if (at !== undefined) this.#in.record((now - at) * 1_000);
      if (at !== undefined) this.#reported.delete(key);
    }
  }

  stop(): Probed {
    this.#running = false;
    const added = (from: Histogram): Added => ({
      count: from.count,
      p50Us: from.percentile(0.5),
      p99Us: from.percentile(0.99),
    });
    return { out: added(this.#out), in: added(this.#in) };
  }
}
