import type { InstrumentId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Exchange } from '../../ports/exchange.ts';
import type { Log } from '../../ports/log.ts';
import type { NetworkServer } from '../../ports/network.ts';
import { hmacSha256, isLoopback, type Sign } from './auth.ts';
import { CONTROL_PREFIX, type Control, controlAnswer } from './control.ts';
import type { FaultBook } from './faults/fault-book.ts';
import { faultyGate, openGate } from './faults/push-gate.ts';
import { serverFaults } from './faults/server-faults.ts';
import { withSkew } from './faults/skew.ts';
import { serverDeeds } from './faults/server-deeds.ts';
import { httpHandler } from './http.ts';
import { Ids } from './ids.ts';
import { RateLimiter, type RateLimits } from './limits.ts';
import type { RouteContext } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { afterReplies } from './sockets/after-replies.ts';
import { type ConnectionFilter, SocketServer } from './sockets/socket-server.ts';
import { DcpGuard } from './streams/dcp-guard.ts';
import { PrivateStreams } from './streams/private-streams.ts';
import { PublicStreams } from './streams/public-streams.ts';

export type { Command, Control } from './control.ts';
export { type Deed, FaultBook, type FaultError, invalid, type ListedFault } from './faults/fault-book.ts';
export { ACTIONS, DEEDS, type FaultPoint } from './faults/actions.ts';
export { type FaultInput, type FaultRule, readRule, type RuleOf } from './faults/rule.ts';
export { type FaultSubject, suits } from './faults/subject.ts';
export type { TraceEntry } from './faults/trace.ts';
export type { RateLimits } from './limits.ts';
export type { ConnectionFilter } from './sockets/socket-server.ts';

export type ServeBybit = Readonly<{
  exchange: Exchange;
  network: NetworkServer;
  /** Times the streams' pushes, idle sweeps and held replies; what clients see as time is the exchange's. */
  clock: Clock;
  /** Times the public streams' pushes instead, where the exchange's time runs faster than the process's or stands still. */
  pushClock?: Clock;
  listen: Readonly<{ host: string; port: number }>;
  rateLimits: RateLimits;
  /** What goes wrong between the exchange and the wire; nothing where it is absent. */
  faults?: FaultBook;
  /** Ends the process at once, where a rule wants it. */
  crash?: () => void;
  /** Answers `/paper/*` to this machine; needs `faults`. */
  control?: Control;
  log: Log;
  /** HMAC-SHA256 in hexadecimal; Node's own where it is absent. */
  sign?: Sign;
}>;

export type BybitServer = Readonly<{
  address: Readonly<{ host: string; port: number }>;
  /** Cuts the links of matching sockets without a handshake; says how many. */
  dropSockets(filter: ConnectionFilter): number;
  /** The order books of one instrument, or all, begin again with a snapshot of `u` 1. */
  restartBooks(instrument: InstrumentId | null): void;
  close(): Promise<void>;
}>;

/** Serves an exchange as Bybit V5: REST and all sockets on one port, at Bybit's own paths. */
export async function serveBybit(options: ServeBybit): Promise<BybitServer> {
  const { network, clock, listen, log, sign = hmacSha256, faults: book = null } = options;
  const exchange = book === null ? options.exchange : withSkew(options.exchange, book);
  const faultClock = options.pushClock ?? clock;
  const crash = options.crash ?? nothing;
  const faults =
    book === null ? null : serverFaults({ book, clock: faultClock, now: () => options.exchange.now(), crash });
  const gate = book === null ? openGate : faultyGate({ faults: book, clock: faultClock, exchange });
  const ids = new Ids(exchange.now());
  const limiter = new RateLimiter(options.rateLimits);
  const publicStreams = new PublicStreams({ exchange, clock: options.pushClock ?? clock, gate });
  const privateStreams = new PrivateStreams({ exchange, gate, ids, later: afterReplies() });
  const dcp = new DcpGuard({ exchange, clock: options.pushClock ?? clock, log });
  const routeContext = (): RouteContext => ({
    exchange,
    now: exchange.now(),
    readBook: (instrument, kind) => publicStreams.readBook(instrument, kind),
    readSpreadBook: (instrument) => publicStreams.spreads.readBook(instrument),
    keysChanged: () => sockets.closeKeyless(),
  });
  const shared = { exchange, clock, ids, sign, limiter, faults, routeContext };
  const http = httpHandler({ ...shared, routes: ROUTES });
  const sockets = new SocketServer({ ...shared, log, publicStreams, privateStreams, dcp });
  const dropSockets = (filter: ConnectionFilter) => sockets.drop(filter);
  const restartBooks = (instrument: InstrumentId | null) => publicStreams.restartBooks(instrument);
  book?.learn(
    serverDeeds({ dropSockets, restartBooks, instruments: options.exchange, canCrash: options.crash !== undefined }),
  );
  const controlParts = options.control === undefined || book === null ? null : { control: options.control, book };

  const listener = await network.listen(listen, {
    http: async (request) => {
      const isControl = request.path.startsWith(CONTROL_PREFIX) && isLoopback(request.remoteAddress);
      const answer = isControl && controlParts !== null ? await controlAnswer(controlParts, request) : null;
      if (answer !== null) sockets.closeKeyless();
      return answer ?? http(request);
    },
    socket: (request, socket) => sockets.accept(request, socket),
  });
  return {
    address: { host: listener.host, port: listener.port },
    dropSockets,
    restartBooks,
    close: async () => {
      await listener.close();
      sockets.close();
      dcp.close();
      publicStreams.close();
    },
  };
}

const nothing = (): void => {};

export { isLoopback } from './auth.ts';
