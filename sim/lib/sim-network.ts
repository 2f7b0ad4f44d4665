import type {
  HttpClient,
  Listener,
  NetworkServer,
  ServerHandlers,
  Socket,
  SocketDialer,
  SocketHandlers,
} from '../../src/ports/network.ts';
import type { Rng } from '../../src/ports/rng.ts';
import { Addresses, parseTarget, type Target } from './addresses.ts';
import { type FaultCounts, type LinkFilter, matches } from './fault-rules.ts';
import { NetworkFaults } from './network-faults.ts';
import type { Death, SimProcess } from './process.ts';
import { SimHttp } from './sim-http.ts';
import { ABNORMAL } from './socket-end.ts';
import { type Dial, SocketLink } from './socket-link.ts';
import type { Trace } from './trace.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { Wire } from './wire.ts';

/** What a simulated process sees of the network: the same three ports as over real sockets. */
export type ProcessNetwork = Readonly<{ http: HttpClient; sockets: SocketDialer; server: NetworkServer }>;

/** How long a dial waits for the answer to its handshake; the real adapter's figure. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
const CLOSED: Socket = { send: () => false, buffered: () => 0, close: () => {}, terminate: () => {} };

/**
 * The network between simulated processes, in memory and in virtual time. Everything random comes from one
 * generator. The fault plan sets rules on `faults`, and breaks links as a whole with the methods below.
 */
export class SimNetwork {
  readonly faults: NetworkFaults;
  readonly wire: Wire;
  readonly #addresses = new Addresses();
  readonly #http: SimHttp;
  readonly #links = new Set<SocketLink>();
  readonly #trace: Trace;

  constructor(clock: VirtualClock, rng: Rng, trace: Trace, counts: FaultCounts) {
    this.wire = new Wire(clock, rng);
    this.faults = new NetworkFaults(rng, counts);
    this.#trace = trace;
    this.#http = new SimHttp({ wire: this.wire, faults: this.faults, addresses: this.#addresses, trace });
  }

  /** The network as this process sees it. When the process dies its links do. */
  facade(process: SimProcess): ProcessNetwork {
    process.onDeath((death) => this.#leave(process, death));
    return {
      http: { request: (request) => this.#http.request(process, request) },
      sockets: { dial: (url, handlers) => this.#dial(process, url, handlers) },
      server: { listen: async (at, handlers) => this.#listen(process, at, handlers) },
    };
  }

  /** Breaks sockets: both sides notice. Returns how many; each is counted under `id`. */
  dropSockets(filter: LinkFilter, id: string): number {
    return this.#forEachLink(filter, id, (link) => link.breakOff());
  }

  /** Nothing arrives any more on the sockets that are open now, and nobody is told. New ones work. */
  halfOpenSockets(filter: LinkFilter, id: string): number {
    return this.#forEachLink(filter, id, (link) => {
      link.halfOpen = true;
    });
  }

  /** Nothing passes at all until it heals: requests and answers are lost, sockets stall, then catch up. */
  breakOff(filter: LinkFilter, id: string): { heal(): void } {
    this.faults.counts.add(id);
    return this.wire.breakOff(filter);
  }

  /** Lets the answers go that the fault `id` holds. */
  releaseHeld(id: string): number {
    return this.#http.releaseHeld(id);
  }

  /** Sockets not yet over on both sides. */
  openSockets(filter: LinkFilter = {}): number {
    return [...this.#links].filter((link) => matches(filter, link.ends)).length;
  }

  #forEachLink(filter: LinkFilter, id: string, act: (link: SocketLink) => void): number {
    const hit = [...this.#links].filter((link) => matches(filter, link.ends));
    for (const link of hit) act(link);
    this.faults.counts.add(id, hit.length);
    return hit.length;
  }

  #listen(
    process: SimProcess,
    at: { readonly host: string; readonly port: number },
    handlers: ServerHandlers,
  ): Listener {
    const listener = this.#addresses.listen(process, at, handlers);
    return {
      ...listener,
      close: async () => {
        await listener.close();
        this.#http.dropServed((served) => served.handlers === handlers);
        for (const link of this.#links) if (link.served?.handlers === handlers) link.breakOff();
      },
    };
  }

  #dial(client: SimProcess, url: string, handlers: SocketHandlers): Socket {
    if (!client.alive) return CLOSED;
    const target = parseTarget(url);
    if (target === null) {
      queueMicrotask(() => client.enter(() => handlers.closed(ABNORMAL, `Invalid URL: ${url}`, false)));
      return CLOSED;
    }
    const to = this.#addresses.find(target.address)?.process.name ?? target.address;
    const dial: Dial = { client, url, target, ends: { from: client.name, to }, handlers };
    const link: SocketLink = new SocketLink({ wire: this.wire, faults: this.faults, trace: this.#trace }, dial, () =>
      this.#links.delete(link),
    );
    this.#links.add(link);
    this.wire.clock.after(HANDSHAKE_TIMEOUT_MS, () => {
      if (link.client.state === 'connecting') link.refuse('Opening handshake has timed out');
    });
    this.#handshake(link, target);
    return link.client;
  }

  #handshake(link: SocketLink, target: Target): void {
    const chosen = this.faults.dialRules.choose({ ...link.ends, url: link.url });
    chosen?.fire();
    switch (chosen?.fault.type) {
      case 'hang':
        return;
      case 'refuse':
        this.#refuseLater(link, `connect ECONNREFUSED ${target.address}`);
        return;
      case 'status':
        this.#refuseLater(link, `Unexpected server response: ${chosen.fault.status}`);
        return;
      default:
        this.wire.clock.at(this.wire.arrivalUs(link.ends), () => this.#handshakeArrives(link, target));
    }
  }

  #handshakeArrives(link: SocketLink, { address }: Target): void {
    if (!this.wire.passes(link.ends) || this.#addresses.isSilent(address)) return;
    const served = this.#addresses.find(address);
    if (served === null) {
      this.#refuseLater(link, `connect ECONNREFUSED ${address}`);
      return;
    }
    served.process.enter(() => {
      if (link.client.state !== 'connecting') return;
      this.#trace.add(this.wire.clock.nowUs, 'opened', `${link.ends.from}>${link.ends.to}`, link.url);
      link.accept(served);
    });
  }

  #refuseLater(link: SocketLink, reason: string): void {
    this.wire.clock.at(this.wire.arrivalUs(link.ends), () => {
      if (link.client.state === 'connecting') link.refuse(reason);
    });
  }

  #leave(process: SimProcess, death: Death): void {
    this.#trace.add(this.wire.clock.nowUs, death, process.name, '');
    for (const link of this.#links) link.leave(process, death === 'killed');
    if (death === 'killed') this.#http.dropServed((served) => served.process === process);
    else this.#http.forgetServed(process);
  }
}
