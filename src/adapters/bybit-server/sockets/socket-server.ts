import type { Timer } from '../../../ports/clock.ts';
import type { ServerSocketRequest, Socket, SocketHandlers } from '../../../ports/network.ts';
import type { FaultRule } from '../faults/rule.ts';
import { suits } from '../faults/subject.ts';
import { refused } from '../refusals.ts';
import type { SocketKind } from '../streams/topics.ts';
import { Connection } from './connection.ts';
import { type Dialect, DIALECTS } from './dialects.ts';
import { privateSession } from './private-session.ts';
import { publicSession } from './public-session.ts';
import { readSocketRequest } from './request.ts';
import { Floods } from './floods.ts';
import { freshKey, give, type Session, type SessionParts } from './session.ts';
import { tradeSession } from './trade-session.ts';

type Entry = Readonly<{ dialect: Dialect; open(connection: Connection, parts: SessionParts): Session }>;

const publicEntry = (kind: SocketKind, dialect: Dialect): Entry => ({
  dialect,
  open: (connection, parts) => publicSession(kind, dialect, connection, parts),
});

/** Every socket path. Another one is another entry. */
const SOCKETS: Readonly<Record<string, Entry>> = {
  '/v5/public/spot': publicEntry('spot', DIALECTS.spot),
  '/v5/public/linear': publicEntry('linear', DIALECTS.derivatives),
  '/v5/public/inverse': publicEntry('inverse', DIALECTS.derivatives),
  '/v5/public/option': publicEntry('option', DIALECTS.byTopic),
  '/v5/public/spread': publicEntry('spread', DIALECTS.byTopic),
  '/v5/public/misc/status': publicEntry('status', DIALECTS.derivatives),
  '/v5/private': { dialect: DIALECTS.account, open: privateSession },
  '/v5/trade': { dialect: DIALECTS.trade, open: tradeSession },
};

/** "Do not build over 500 connections in 5 minutes" (V5 docs, "Connect"). */
const MOST_NEW_CONNECTIONS = 500;
const CONNECTION_WINDOW_MS = 300_000;
/** Of one address and one kind of market data at a time (V5 docs, "Connect"). */
const MOST_PUBLIC = 1_000;
const PUBLIC_PATHS = '/v5/public/';
const SWEEP_MS = 30_000;

/** Which connections an operation is about: all that match everything that is given. */
export type ConnectionFilter = Pick<FaultRule['match'], 'uid' | 'connection' | 'address' | 'on'>;

/** All sockets of a server: who is connected, and who has been silent for too long. */
export class SocketServer {
  readonly #parts: SessionParts;
  readonly #connections = new Set<Connection>();
  readonly #floods = new Floods();
  #sweep: Timer | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Takes a socket, or says with which HTTP status it is refused. */
  accept(request: ServerSocketRequest, socket: Socket): SocketHandlers | { readonly refuse: number } {
    const entry = Object.hasOwn(SOCKETS, request.path) ? SOCKETS[request.path] : undefined;
    if (entry === undefined) return { refuse: 404 };
    const refuse = this.#refusal(request);
    if (refuse !== null) return { refuse };
    const { clock, ids, log } = this.#parts;
    const links = this.#parts.faults?.links ?? null;
    const { path } = request;
    const connection = new Connection(ids.trace().slice(0, 20), request, socket, { clock, log, links });
    this.#connections.add(connection);
    this.#sweep ??= clock.after(SWEEP_MS, this.#closeIdle);
    const session = entry.open(connection, this.#parts);
    const nothing = { op: '', reqId: undefined, connId: connection.id };
    connection.onFlood = () => this.#floods.count(request.remoteAddress, clock.now());
    const isTrade = entry.dialect === DIALECTS.trade;
    const take = (text: string): void => {
      // What was sent before the link was cut may still arrive.
      if (!connection.isOpen) return;
      const asked = readSocketRequest(text);
      // Orders are counted by limits of their own; what is no order has no reason to come in such numbers.
      const isOrder = isTrade && asked?.op.startsWith('order.') === true;
      if (!isOrder && connection.countIdleFrame(text.length)) return;
      if (asked !== null) session(asked);
      else give(connection, { message: entry.dialect.failed(nothing, refused(10001, 'Params Error'), []) });
    };
    return {
      opened: () => {},
      message: (text) => {
        if (links === null) take(text);
        else links.frame({ ...connection.subject, on: path }, () => take(text));
      },
      closed: () => {
        connection.leaveAll();
        this.#connections.delete(connection);
      },
    };
  }

  /** The HTTP status with which a new socket is refused: its address floods or has too many, or a fault says so. */
  #refusal(request: ServerSocketRequest): number | null {
    const { limiter, exchange, faults } = this.#parts;
    const { path, remoteAddress: address } = request;
    if (this.#floods.isShunned(address, this.#parts.clock.now())) return 403;
    const budget = limiter.count(`connect ${address}`, MOST_NEW_CONNECTIONS, CONNECTION_WINDOW_MS, exchange.now());
    if (!budget.allowed) return 403;
    if (path.startsWith(PUBLIC_PATHS) && !limiter.allowsHeld(this.#held(request), MOST_PUBLIC)) return 403;
    return faults?.links?.refusal({ on: path, path, address }) ?? null;
  }

  /** How many sockets the address has at the path. */
  #held({ path, remoteAddress }: ServerSocketRequest): number {
    let held = 0;
    for (const one of this.#connections) if (one.path === path && one.remoteAddress === remoteAddress) held += 1;
    return held;
  }

  /** Cuts the links of those who match, without a closing handshake; says how many. */
  drop(filter: ConnectionFilter): number {
    const chosen = [...this.#connections].filter(({ subject }) =>
      suits(filter, { ...subject, on: subject.path ?? '' }),
    );
    for (const connection of chosen) connection.drop();
    return chosen.length;
  }

  /** Closes the sockets of keys that are gone, have expired, or belong to users that are frozen. */
  closeKeyless(): void {
    for (const connection of this.#connections) {
      if (connection.credential !== null && freshKey(connection, this.#parts) === null) {
        connection.close(1000, 'the API key is not valid any more');
      }
    }
  }

  close(): void {
    this.#sweep?.cancel();
    this.#sweep = null;
  }

  /** As on Bybit a sweep every 30 s looks for silent connections, so that one may live that much longer. */
  readonly #closeIdle = (): void => {
    const now = this.#parts.clock.now();
    for (const connection of this.#connections) if (connection.isIdle(now)) connection.close(1000, 'inactive');
    this.closeKeyless();
    this.#sweep = this.#connections.size === 0 ? null : this.#parts.clock.after(SWEEP_MS, this.#closeIdle);
  };
}
