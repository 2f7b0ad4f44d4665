import type {
  Clock,
  HttpClient,
  HttpRequest,
  HttpResponse,
  Socket,
  SocketDialer,
  SocketHandlers,
} from '../src/ports.ts';
import { TransportError } from '../src/ports.ts';

/** Answers one request; `n` counts the requests to its path from 1. */
export type Responder = (
  request: HttpRequest,
  n: number,
) => Promise<HttpResponse> | HttpResponse | TransportError | 'hang';

/** HTTP by script: a responder per path. */
export class FakeHttp implements HttpClient {
  readonly requests: HttpRequest[] = [];
  readonly #clock: Clock;
  readonly #responders = new Map<string, Responder>();
  readonly #counts = new Map<string, number>();
  latencyMs = 10;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  on(path: string, responder: Responder): void {
    this.#responders.set(path, responder);
  }

  count(path: string): number {
    return this.#counts.get(path) ?? 0;
  }

  last(path: string): HttpRequest {
    return this.requests.filter((request) => pathOf(request.url) === path).at(-1) as HttpRequest;
  }

  request(request: HttpRequest): Promise<HttpResponse> {
    const path = pathOf(request.url);
    const n = this.count(path) + 1;
    this.requests.push(request);
    this.#counts.set(path, n);
    return new Promise((resolve, reject) => {
      const deadline = this.#clock.after(request.timeoutMs, () => reject(new TransportError('timeout', 'timed out')));
      this.#clock.after(this.latencyMs, () => {
        const responder = this.#responders.get(path);
        const answer = responder?.(request, n) ?? { status: 404, headers: {}, body: 'no such path' };
        if (answer === 'hang') return;
        deadline.cancel();
        if (answer instanceof TransportError) reject(answer);
        else resolve(answer);
      });
    });
  }
}

export const pathOf = (url: string): string => (/^\w+:\/\/[^/]+([^?]*)/.exec(url) as RegExpExecArray)[1] as string;
export const queryOfUrl = (url: string): string => url.split('?')[1] ?? '';

/** A V5 answer. */
export const answer = (result: unknown, more: Readonly<{ retCode?: number; retMsg?: string; time?: number }> = {}) =>
  raw(JSON.stringify({ retCode: 0, retMsg: 'OK', retExtInfo: {}, ...more, result }));

export const raw = (body: string, status = 200, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers,
  body,
});

export const refusal = (retCode: number, headers: Record<string, string> = {}): HttpResponse =>
  raw(JSON.stringify({ retCode, retMsg: `code ${retCode}`, result: {} }), 200, headers);

/** The venue's end of one connection. */
export class ServerSocket {
  readonly url: string;
  readonly received: Record<string, unknown>[] = [];
  readonly #clock: Clock;
  readonly #handlers: SocketHandlers;
  #state: 'opening' | 'open' | 'closed' = 'opening';
  /** Neither side hears the other any more, and nobody is told. */
  blackholed = false;
  onMessage: (message: Record<string, unknown>) => void = () => undefined;
  latencyMs = 1;

  constructor(url: string, clock: Clock, handlers: SocketHandlers) {
    this.url = url;
    this.#clock = clock;
    this.#handlers = handlers;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  open(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    this.#handlers.opened();
  }

  receive(text: string): boolean {
    if (this.#state !== 'open') return false;
    this.#clock.after(this.latencyMs, () => {
      if (this.blackholed || this.#state !== 'open') return;
      const message = JSON.parse(text) as Record<string, unknown>;
      this.received.push(message);
      this.onMessage(message);
    });
    return true;
  }

  send(message: unknown): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.#clock.after(this.latencyMs, () => {
      if (!this.blackholed && this.#state === 'open') this.#handlers.message(text);
    });
  }

  drop(code = 1006, reason = ''): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#clock.after(0, () => this.#handlers.closed(code, reason, code !== 1006));
  }

  get lastReceived(): Record<string, unknown> {
    return this.received.at(-1) as Record<string, unknown>;
  }

  receivedOp(op: string): Record<string, unknown>[] {
    return this.received.filter((message) => message['op'] === op);
  }
}

/** Dials by script: what `accept` does with a connection decides. */
export class FakeSockets implements SocketDialer {
  readonly connections: ServerSocket[] = [];
  readonly #clock: Clock;
  /** Called for each dial; `null` refuses it. */
  accept: (socket: ServerSocket) => boolean = () => true;
  dialMs = 5;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get last(): ServerSocket {
    return this.connections.at(-1) as ServerSocket;
  }

  dial(url: string, handlers: SocketHandlers): Socket {
    const socket = new ServerSocket(url, this.#clock, handlers);
    this.connections.push(socket);
    const accepted = this.accept(socket);
    this.#clock.after(this.dialMs, () => (accepted ? socket.open() : socket.drop(1006, 'refused')));
    return {
      send: (text) => socket.receive(text),
      buffered: () => 0,
      close: (code, reason) => {
        if (!socket.blackholed) socket.drop(code, reason);
      },
      terminate: () => socket.drop(1006, 'terminated'),
    };
  }
}
