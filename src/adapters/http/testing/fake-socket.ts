import type { Socket, SocketHandlers } from '../../../ports/network.ts';
import type { Body, Harness } from './harness.ts';

/** A client of the socket API without a network: it keeps what it gets, and reads it only when `reading`. */
export class FakeSocket implements Socket {
  readonly sent: string[] = [];
  closedWith: { code: number; reason: string } | null = null;
  terminated = false;
  /** Bytes that the server believes to be on their way. */
  queued = 0;
  reading = true;
  #handlers: SocketHandlers | null = null;

  attach(handlers: SocketHandlers): void {
    this.#handlers = handlers;
  }

  /** From the client to the server. */
  say(message: unknown): void {
    this.#handlers?.message(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The link ends from the client's side. */
  drop(): void {
    this.#handlers?.closed(1006, '', false);
  }

  /** Everything that came, parsed, since the last call. */
  take(): Body[] {
    return this.sent.splice(0).map((text) => JSON.parse(text));
  }

  send(text: string): boolean {
    if (this.closedWith !== null) return false;
    this.sent.push(text);
    if (!this.reading) this.queued += text.length;
    return true;
  }

  buffered(): number {
    return this.queued;
  }

  close(code: number, reason: string): void {
    this.closedWith = { code, reason };
  }

  terminate(): void {
    this.terminated = true;
    this.#handlers?.closed(1006, '', false);
  }
}

type Open = Readonly<{ path?: string; query?: string; headers?: Record<string, string>; remote?: string }>;

/** Opens a socket; the number is the status of a refusal. */
export function openSocket(
  h: Harness,
  { path = '/ws', query = '', headers = {}, remote = '10.0.0.1' }: Open = {},
): FakeSocket | number {
  const socket = new FakeSocket();
  const taken = h.server.socket({ path, query, headers, remoteAddress: remote }, socket);
  if ('refuse' in taken) return taken.refuse;
  socket.attach(taken);
  return socket;
}

/** A socket that has authenticated. */
export async function signedIn(h: Harness, name: string, more: object = {}): Promise<FakeSocket> {
  const socket = openSocket(h);
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  socket.say({ op: 'auth', token: await h.tokenOf(name), ...more });
  return socket;
}
