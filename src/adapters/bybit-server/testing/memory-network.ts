import { invariant } from '../../../domain/result.ts';
import type {
  Listener,
  NetworkServer,
  ServerAnswer,
  ServerHandlers,
  ServerRequest,
  Socket,
  SocketHandlers,
} from '../../../ports/network.ts';

/** A network of one process for unit tests: a request is a call, a socket two lists of messages. */
export class MemoryNetwork implements NetworkServer {
  #handlers: ServerHandlers | null = null;
  isClosed = false;

  listen(at: { readonly host: string; readonly port: number }, handlers: ServerHandlers): Promise<Listener> {
    this.#handlers = handlers;
    const close = async () => {
      this.isClosed = true;
    };
    return Promise.resolve({ host: at.host, port: at.port, close });
  }

  request(request: Partial<ServerRequest> & { readonly path: string }): Promise<ServerAnswer> {
    invariant(this.#handlers !== null, 'nobody listens');
    const usual = { method: 'GET', query: '', headers: {}, body: '', remoteAddress: '127.0.0.1' };
    return this.#handlers.http({ ...usual, ...request });
  }

  connect(path: string, query = '', remoteAddress = '127.0.0.1'): MemorySocket {
    invariant(this.#handlers !== null, 'nobody listens');
    const socket = new MemorySocket();
    const answer = this.#handlers.socket({ path, query, headers: {}, remoteAddress }, socket);
    if ('refuse' in answer) socket.refused = answer.refuse;
    else socket.handlers = answer;
    return socket;
  }
}

export type Message = Readonly<Record<string, unknown>>;

/** What lies at a path inside a JSON value; undefined where there is nothing. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce((inner: unknown, key) => (inner as Record<string | number, unknown> | null | undefined)?.[key], value);

/** The client's end. */
export class MemorySocket implements Socket {
  handlers: SocketHandlers | null = null;
  refused: number | null = null;
  /** What the server sent and nobody has taken yet. */
  received: string[] = [];
  closedWith: { code: number; reason: string } | 'terminated' | null = null;
  backlog = 0;

  send(text: string): boolean {
    if (this.closedWith !== null) return false;
    this.received.push(text);
    return true;
  }

  buffered(): number {
    return this.backlog;
  }

  close(code: number, reason: string): void {
    this.closedWith = { code, reason };
    this.handlers?.closed(code, reason, true);
  }

  terminate(): void {
    this.closedWith = 'terminated';
    this.handlers?.closed(1006, '', false);
  }

  /** Sends to the server. */
  say(message: unknown): void {
    this.handlers?.message(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Everything that came since the last time. */
  take(): Message[] {
    return this.received.splice(0).map((text) => JSON.parse(text));
  }
}
