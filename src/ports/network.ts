/**
 * Everything that crosses a network, client and server. The real one stands on undici, ws and node:http
 * (`adapters/system`), the simulated one (`sim/`) delivers over virtual time with latency, loss, half-open links
 * and crashes. `packages/bybit` declares the client half again for itself; a type test keeps the two assignable.
 */

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute URL, query included, sent byte for byte. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the call until the whole answer is here. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Why there is no answer. `refused`: no connection was made, so nothing was sent. Every other kind leaves the
 * outcome of a write unknown.
 */
export type TransportFailure = 'refused' | 'timeout' | 'reset' | 'aborted';

export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly failure: TransportFailure;
  constructor(failure: TransportFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

export interface HttpClient {
  /** Resolves with any HTTP status; rejects with a TransportError only. Never retries. */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export interface SocketHandlers {
  opened(): void;
  /** One text message. Binary frames arrive decoded as UTF-8. */
  message(text: string): void;
  /** Once per socket, also when it never opened. `clean` is false when the peer just went away. */
  closed(code: number, reason: string, clean: boolean): void;
}

export interface Socket {
  /** Queues a text message; false when the socket is not open (nothing is queued). */
  send(text: string): boolean;
  /** Bytes queued and not yet handed to the network. */
  buffered(): number;
  /** Starts the closing handshake. `closed` follows. */
  close(code: number, reason: string): void;
  /** Drops the link at once, without a handshake. `closed` follows. */
  terminate(): void;
}

export interface SocketDialer {
  /** Never throws: a refused dial arrives as `closed`. */
  dial(url: string, handlers: SocketHandlers): Socket;
}

/** What a server sees of one HTTP request. */
export interface ServerRequest {
  readonly method: string;
  readonly path: string;
  /** As it came, still encoded, without the question mark: signatures are over these very bytes. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly remoteAddress: string;
}

export type ServerAnswer =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  /** Fault injection: the link is reset instead of an answer. */
  | 'reset';

export interface ServerSocketRequest {
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly remoteAddress: string;
}

export interface ServerHandlers {
  http(request: ServerRequest): Promise<ServerAnswer>;
  /** Takes a socket, or refuses it with an HTTP status. The socket is open when this is called. */
  socket(request: ServerSocketRequest, socket: Socket): SocketHandlers | { readonly refuse: number };
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

export interface NetworkServer {
  /** Port 0 takes any free port. Rejects with a ListenError that names the port. */
  listen(at: { readonly host: string; readonly port: number }, handlers: ServerHandlers): Promise<Listener>;
}

export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: 'PORT_IN_USE' | 'ADDRESS_NOT_AVAILABLE' | 'NOT_PERMITTED';
  constructor(code: ListenError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
