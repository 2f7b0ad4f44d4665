import type { Socket, SocketHandlers } from '../../src/ports/network.ts';
import type { SimProcess } from './process.ts';

/** Code of a link that ended without a closing handshake (RFC 6455, 7.1.5). */
export const ABNORMAL = 1006;

export type EndState = 'connecting' | 'open' | 'closing' | 'closed';

/** What an end asks of the link that it belongs to. */
export type LinkSide = Readonly<{
  transmit(from: SocketEnd, text: string): void;
  closing(from: SocketEnd, code: number, reason: string): void;
  terminated(from: SocketEnd): void;
}>;

/** One side of a simulated socket, in the process that holds it. */
export class SocketEnd implements Socket {
  readonly process: SimProcess;
  readonly side: 'client' | 'server';
  state: EndState = 'connecting';
  /** What was sent last arrives here at the earliest: a socket keeps its order. */
  lastArrivalUs = 0;
  /** On their way from here, oldest first. */
  readonly onTheWay: (() => void)[] = [];
  /** Bytes sent that the other side has not taken. */
  undelivered = 0;
  readonly #link: LinkSide;
  #handlers: SocketHandlers | null = null;

  constructor(process: SimProcess, side: 'client' | 'server', link: LinkSide) {
    this.process = process;
    this.side = side;
    this.#link = link;
  }

  /** Handlers of a server's end come only after it was handed over. */
  handle(handlers: SocketHandlers): void {
    this.#handlers = handlers;
  }

  send(text: string): boolean {
    if (this.state !== 'open' || !this.process.alive) return false;
    this.undelivered += text.length;
    this.#link.transmit(this, text);
    return true;
  }

  buffered(): number {
    return Math.max(0, this.undelivered - KERNEL_BYTES);
  }

  close(code: number, reason: string): void {
    if (!this.process.alive) return;
    if (this.state === 'connecting') this.#link.terminated(this);
    else if (this.state === 'open') this.#link.closing(this, code, reason);
  }

  terminate(): void {
    if (this.process.alive && this.state !== 'closed') this.#link.terminated(this);
  }

  open(): void {
    if (this.state !== 'connecting') return;
    this.state = 'open';
    this.process.enter(() => this.#handlers?.opened());
  }

  /** `taken` is called when the process has really taken it: a stopped process lets its peer's buffer grow. */
  receive(text: string, taken: () => void): void {
    this.process.enter(() => {
      taken();
      if (this.state === 'open' || this.state === 'closing') this.#handlers?.message(text);
    });
  }

  end(code: number, reason: string, clean: boolean): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.process.enter(() => this.#handlers?.closed(code, reason, clean));
  }
}

/** What the operating systems of both sides hold before the sender's own buffer grows. */
const KERNEL_BYTES = 64 * 1024;
