import { Agent, type Dispatcher, errors } from 'undici';
import { type HttpClient, type HttpRequest, type HttpResponse, TransportError } from '../../ports/network.ts';

export type HttpClientOptions = Readonly<{
  /** Connections per origin; requests beyond them wait for one. Default 64. */
  connections?: number;
  /** An idle connection is closed after this, earlier when the server hints so: a request on a connection that the
   * server has just closed has an unknown outcome. Default 20 s. */
  keepAliveMs?: number;
  /** Default 5 s. */
  connectTimeoutMs?: number;
  /** Longest answer; a longer one ends as `aborted`. Default 64 MiB. */
  maxAnswerBytes?: number;
}>;

/** HTTP over pooled keep-alive connections. Never retries, never follows a redirect, never touches URL or body. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient & { close(): Promise<void> } {
  const agent = new Agent({
    connections: options.connections ?? 64,
    pipelining: 1,
    keepAliveTimeout: options.keepAliveMs ?? 20_000,
    headersTimeout: 0, // one deadline covers the whole request, see Exchange
    bodyTimeout: 0,
    maxResponseSize: options.maxAnswerBytes ?? 64 * 1024 * 1024,
    connect: { timeout: options.connectTimeoutMs ?? 5_000 },
  });
  return {
    request: (request) => new Promise((resolve, reject) => send(agent, request, resolve, reject)),
    close: () => agent.destroy(),
  };
}

function send(
  agent: Agent,
  request: HttpRequest,
  resolve: (response: HttpResponse) => void,
  reject: (error: TransportError) => void,
): void {
  const target = /^(https?:\/\/[^/?#]+)([^#]*)/.exec(request.url);
  if (target === null) {
    reject(new TransportError('refused', `not an absolute http URL: ${request.url.slice(0, 100)}`));
    return;
  }
  const [, origin = '', rest = ''] = target;
  const exchange = new Exchange(request.timeoutMs, resolve, reject);
  agent.dispatch(
    {
      origin,
      path: rest.startsWith('/') ? rest : `/${rest}`,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
    },
    exchange,
  );
}

/** One request from the call to its end. `#started` tells whether a byte of it may have left. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: TransportError) => void;
  readonly #deadline: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #started = false;
  #settled = false;
  #status = 0;
  #headers: Record<string, string> = {};

  constructor(timeoutMs: number, resolve: (response: HttpResponse) => void, reject: (error: TransportError) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#deadline = setTimeout(() => this.#expire(timeoutMs), timeoutMs);
  }

  /** A connection has been chosen and the first byte is about to be written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('the deadline passed before a connection was free'));
    else this.#started = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#headers = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.#headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, headers: this.#headers, body: bytes.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    if (!this.#settle()) return;
    const failure = this.#started ? failureOf(cause) : 'refused';
    this.#reject(new TransportError(failure, `${failure}: ${cause.message || cause.name}`, { cause }));
  }

  #expire(timeoutMs: number): void {
    if (!this.#settle()) return;
    const failure = this.#started ? 'timeout' : 'refused';
    const what = this.#started ? 'no whole answer' : 'no connection';
    this.#reject(new TransportError(failure, `${failure}: ${what} within ${timeoutMs} ms`));
    this.#controller?.abort(new Error('deadline'));
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#deadline);
    return true;
  }
}

function failureOf(cause: Error): 'reset' | 'aborted' {
  const ours = [errors.ClientDestroyedError, errors.ClientClosedError, errors.ResponseExceededMaxSizeError];
  return ours.some((kind) => cause instanceof kind) ? 'aborted' : 'reset';
}
