import type { ServerSocketRequest, SocketHandlers } from '../../src/ports/network.ts';
import type { Served, Target } from './addresses.ts';
import type { Chosen, LinkEnds } from './fault-rules.ts';
import type { MessageFault, NetworkFaults } from './network-faults.ts';
import type { SimProcess } from './process.ts';
import { linkName } from './sim-http.ts';
import { ABNORMAL, type LinkSide, SocketEnd } from './socket-end.ts';
import type { Trace } from './trace.ts';
import type { Wire } from './wire.ts';

export type Dial = Readonly<{
  client: SimProcess;
  url: string;
  target: Target;
  ends: LinkEnds;
  handlers: SocketHandlers;
}>;

export type LinkParts = Readonly<{ wire: Wire; faults: NetworkFaults; trace: Trace }>;

/** How long the other side may take to answer a close; the real adapter's figure. */
const CLOSE_TIMEOUT_MS = 5_000;

/** A socket between two processes: two ends, messages in order in each direction, faults as told. */
export class SocketLink implements LinkSide {
  readonly ends: LinkEnds;
  readonly url: string;
  readonly client: SocketEnd;
  server: SocketEnd | null = null;
  /** Which listener has taken it. */
  served: Served | null = null;
  /** Nothing arrives any more on either side, and nobody is told. */
  halfOpen = false;
  readonly #parts: LinkParts;
  readonly #target: Target;
  readonly #onOver: () => void;
  #refusedWith: number | null = null;

  constructor(parts: LinkParts, dial: Dial, onOver: () => void) {
    this.#parts = parts;
    this.ends = dial.ends;
    this.url = dial.url;
    this.#target = dial.target;
    this.#onOver = onOver;
    this.client = new SocketEnd(dial.client, 'client', this);
    this.client.handle(dial.handlers);
  }

  /** The handshake has reached the server. Its answer goes first; what the server sends meanwhile follows. */
  accept(served: Served): void {
    this.served = served;
    const server = new SocketEnd(served.process, 'server', this);
    server.state = 'open';
    this.server = server;
    this.#inOrder(server, 0, () => this.#handshakeAnswered());
    const taken = served.handlers.socket(this.#serverView(), server);
    if ('refuse' in taken) {
      this.#refusedWith = taken.refuse;
      server.state = 'closed';
    } else {
      server.handle(taken);
      taken.opened();
    }
  }

  transmit(from: SocketEnd, text: string): void {
    const { faults } = this.#parts;
    const direction = from.side === 'server' ? 'push' : 'send';
    const chosen = faults.messageRules.choose({ ...this.ends, url: this.url, direction, text });
    if (chosen === null) this.#deliver(from, text);
    else this.#disturb(from, text, chosen);
  }

  closing(from: SocketEnd, code: number, reason: string): void {
    from.state = 'closing';
    this.#inOrder(from, 0, () => this.#closeArrives(from, code, reason));
    this.#parts.wire.clock.after(CLOSE_TIMEOUT_MS, () => {
      if (from.state === 'closing') this.terminated(from);
    });
  }

  terminated(from: SocketEnd): void {
    from.state = 'closing'; // nothing more goes out; `closed` comes in a turn of its own
    const reason = this.server === null ? 'closed before the connection was established' : '';
    this.#parts.wire.clock.after(0, () => this.#over(from, ABNORMAL, reason, false));
    this.#resetArrives(from);
  }

  /** The socket breaks: each side notices on its own, unless it is half-open. */
  breakOff(): void {
    this.#resetArrives(this.client);
    if (this.server !== null) this.#resetArrives(this.server);
  }

  /** One of the processes died: the other side notices if somebody was left to tell it. */
  leave(process: SimProcess, tells: boolean): void {
    for (const end of [this.client, this.server]) {
      if (end === null || end.process !== process) continue;
      end.state = 'closed';
      if (tells) this.#resetArrives(end);
    }
    this.#forgetWhenOver();
  }

  /** Ends the client's side alone: its dial was refused or never answered. */
  refuse(reason: string): void {
    this.#over(this.client, ABNORMAL, reason, false);
  }

  #handshakeAnswered(): void {
    if (this.halfOpen) return;
    if (this.#refusedWith === null) this.client.open();
    else this.refuse(`Unexpected server response: ${this.#refusedWith}`);
  }

  #serverView(): ServerSocketRequest {
    const { address, path, query } = this.#target;
    return { path, query, headers: { host: address }, remoteAddress: this.client.process.address };
  }

  #disturb(from: SocketEnd, text: string, { fault, fire }: Chosen<MessageFault>): void {
    fire();
    const { wire } = this.#parts;
    switch (fault.type) {
      case 'drop':
        from.undelivered -= text.length;
        return;
      case 'delay':
        this.#deliver(from, text, fault.ms);
        return;
      case 'late':
        wire.clock.at(wire.arrivalUs(this.ends, fault.ms), () => this.#arrive(from, text));
        return;
      case 'duplicate':
        this.#deliver(from, text);
        from.undelivered += text.length;
        wire.clock.at(wire.arrivalUs(this.ends, fault.afterMs), () => this.#arrive(from, text));
        return;
      case 'replace': {
        const replaced = fault.text(text);
        from.undelivered += replaced.length - text.length;
        this.#deliver(from, replaced);
        return;
      }
      case 'cut':
        this.breakOff();
    }
  }

  #deliver(from: SocketEnd, text: string, extraMs = 0): void {
    this.#inOrder(from, extraMs, () => this.#arrive(from, text));
  }

  #arrive(from: SocketEnd, text: string): void {
    const to = this.#other(from);
    if (to === null || this.halfOpen) return;
    const { wire, trace } = this.#parts;
    const direction = from.side === 'server' ? 'push' : 'send';
    trace.add(wire.clock.nowUs, direction, linkName(this.ends), text);
    to.receive(text, () => {
      from.undelivered -= text.length;
    });
  }

  /**
   * After everything that this end has sent before; during an outage, when it is over. Each arrival takes whatever is
   * first on the way, so that no outage can change the order.
   */
  #inOrder(from: SocketEnd, extraMs: number, run: () => void): void {
    const { wire } = this.#parts;
    from.onTheWay.push(run);
    from.lastArrivalUs = Math.max(from.lastArrivalUs, wire.arrivalUs(this.ends, extraMs));
    wire.clock.at(from.lastArrivalUs, () => wire.whenPasses(this.ends, () => from.onTheWay.shift()?.()));
  }

  #closeArrives(from: SocketEnd, code: number, reason: string): void {
    const to = this.#other(from);
    if (to === null || this.halfOpen || to.state === 'closed') return;
    const answers = to.state === 'open';
    this.#over(to, code, reason, true);
    if (answers) this.#inOrder(to, 0, () => this.halfOpen || this.#over(from, code, reason, true));
  }

  #resetArrives(from: SocketEnd): void {
    const to = this.#other(from);
    if (to === null) return;
    const { wire } = this.#parts;
    wire.clock.at(wire.arrivalUs(this.ends), () => {
      if (!this.halfOpen && wire.passes(this.ends)) this.#over(to, ABNORMAL, '', false);
    });
  }

  #over(end: SocketEnd, code: number, reason: string, clean: boolean): void {
    if (end.state === 'closed') return;
    const { wire, trace } = this.#parts;
    trace.add(wire.clock.nowUs, `closed ${end.side}`, linkName(this.ends), `${code} ${reason}`);
    end.end(code, reason, clean);
    this.#forgetWhenOver();
  }

  #forgetWhenOver(): void {
    if (this.client.state === 'closed' && (this.server === null || this.server.state === 'closed')) this.#onOver();
  }

  #other(end: SocketEnd): SocketEnd | null {
    return end === this.client ? this.server : this.client;
  }
}
