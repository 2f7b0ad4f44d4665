import { createHmac, createPrivateKey, randomBytes, sign as signWith } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Pool as UndiciPool } from 'undici';
import WebSocket from 'ws';
import type {
  Clock,
  HttpClient,
  HttpRequest,
  HttpResponse,
  Rng,
  Socket,
  SocketDialer,
  SocketHandlers,
  Timer,
  Transport,
  TransportFailure,
} from './ports.ts';
import { TransportError } from './ports.ts';
import type { Signer } from './sign.ts';

// The pool alone: undici as a whole costs four times its loading time and 15 MB of memory more (measured).
const Pool = createRequire(import.meta.url)('undici/lib/dispatcher/pool.js') as typeof UndiciPool;

/** The real outside world: undici for HTTP, ws for sockets, node:crypto for signatures and chance, the system clock. */

/** HMAC-SHA256 as lower-case hex: keys that Bybit generated. */
export const hmacSigner = (secret: string): Signer => ({
  sign: (text) => createHmac('sha256', secret).update(text).digest('hex'),
});

/** RSA PKCS#1 v1.5 with SHA-256 as base64: keys that the user generated. `pem`: the private key. */
export function rsaSigner(pem: string): Signer {
  const key = createPrivateKey(pem);
  return { sign: (text) => signWith('sha256', Buffer.from(text), key).toString('base64') };
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run): Timer {
    const timer = setTimeout(run, Math.max(0, delayMs));
    return { cancel: () => clearTimeout(timer) };
  },
};

export const systemRng: Rng = {
  uint32: () => randomBytes(4).readUInt32LE(),
  bytes: (length) => new Uint8Array(randomBytes(length)),
};

export type NodeTransportOptions = Readonly<{
  /** Connections per origin. */
  connections: number;
  /** How long an idle connection is kept, ms; the venue's own hint goes first. */
  keepAliveMs: number;
  /** From the dial to the connection, ms. */
  connectMs: number;
}>;

const DEFAULTS: NodeTransportOptions = { connections: 128, keepAliveMs: 30_000, connectMs: 5_000 };

export type NodeTransport = Transport & {
  /** Ends idle and busy HTTP connections. Sockets are closed by those who opened them. */
  close(): Promise<void>;
};

export function nodeTransport(options: Partial<NodeTransportOptions> = {}): NodeTransport {
  const http = new PooledHttp({ ...DEFAULTS, ...options });
  return {
    clock: systemClock,
    rng: systemRng,
    http,
    sockets: wsDialer(options.connectMs ?? DEFAULTS.connectMs),
    close: () => http.close(),
  };
}

/** HTTP over kept-alive connections, one request at a time on each: an answer can never be another request's. */
class PooledHttp implements HttpClient {
  readonly #options: NodeTransportOptions;
  readonly #pools = new Map<string, UndiciPool>();

  constructor(options: NodeTransportOptions) {
    this.#options = options;
  }

  request(request: HttpRequest): Promise<HttpResponse> {
    const slash = request.url.indexOf('/', request.url.indexOf('://') + 3);
    const origin = slash < 0 ? request.url : request.url.slice(0, slash);
    const path = slash < 0 ? '/' : request.url.slice(slash);
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(request.timeoutMs, resolve, reject);
      const { method, headers, body = null } = request;
      this.#poolOf(origin).dispatch({ origin, path, method, headers, body }, exchange);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
    this.#pools.clear();
  }

  #poolOf(origin: string): UndiciPool {
    const known = this.#pools.get(origin);
    if (known !== undefined) return known;
    const { connections, keepAliveMs, connectMs } = this.#options;
    const pool = new Pool(origin, {
      connections,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      connect: { timeout: connectMs, noDelay: true },
      // Deadlines are kept per request, to the millisecond.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#pools.set(origin, pool);
    return pool;
  }
}

type Controller = Readonly<{ abort(reason: Error): void }>;

/**
 * One request at the pool. `onRequestStart` is called with an open connection, right before the first byte is written:
 * whatever fails before is proven not sent, and what is aborted in it never is.
 */
class Exchange {
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: TransportError) => void;
  readonly #timer: ReturnType<typeof setTimeout>;
  #controller: Controller | null = null;
  #settled = false;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Buffer[] = [];

  constructor(timeoutMs: number, resolve: (response: HttpResponse) => void, reject: (error: TransportError) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#timedOut(timeoutMs), timeoutMs);
  }

  onRequestStart(controller: Controller): void {
    // Late, or a second time on another connection: it must not be written.
    if (this.#settled || this.#controller !== null) {
      this.#fail('aborted', 'not repeated on another connection');
      controller.abort(new Error('given up'));
      return;
    }
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Controller,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined) this.#headers[name] = typeof value === 'string' ? value : value.join(', ');
    }
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    const body = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, headers: this.#headers, body: body.toString('utf8') });
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#fail(this.#controller === null ? 'refused' : 'reset', error.message, error);
  }

  #timedOut(timeoutMs: number): void {
    const controller = this.#controller;
    // Not started yet: it will not be any more, see onRequestStart.
    this.#fail(controller === null ? 'refused' : 'timeout', `no answer in ${timeoutMs} ms`);
    controller?.abort(new Error('timed out'));
  }

  #fail(failure: TransportFailure, message: string, cause?: Error): void {
    if (this.#settle()) this.#reject(new TransportError(failure, message, cause === undefined ? {} : { cause }));
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    return true;
  }
}

/** Largest message: a full book of 10,000 levels a side is under 1 MB. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const ABNORMAL = 1006;

function wsDialer(connectMs: number): SocketDialer {
  return {
    dial(url: string, handlers: SocketHandlers): Socket {
      const socket = new WebSocket(url, {
        perMessageDeflate: false,
        handshakeTimeout: connectMs,
        maxPayload: MAX_MESSAGE_BYTES,
      });
      let failure = '';
      socket.on('open', () => handlers.opened());
      socket.on('message', (bytes: Buffer) => handlers.message(bytes.toString('utf8')));
      // Always followed by `close`, which tells it.
      socket.on('error', (error) => {
        failure = error.message;
      });
      socket.on('close', (code, reason) => {
        handlers.closed(code, reason.length > 0 ? reason.toString('utf8') : failure, code !== ABNORMAL);
      });
      return {
        send(text) {
          if (socket.readyState !== WebSocket.OPEN) return false;
          socket.send(text);
          return true;
        },
        buffered: () => socket.bufferedAmount,
        close: (code, reason) => socket.close(code, reason),
        terminate: () => socket.terminate(),
      };
    },
  };
}
