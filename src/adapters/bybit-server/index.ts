import type { InstrumentId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Exchange } from '../../ports/exchange.ts';
import type { Log } from '../../ports/log.ts';
import type { NetworkServer } from '../../ports/network.ts';
import { hmacSha256, isLoopback, type Sign } from './auth.ts';
import { CONTROL_PREFIX, type Control, controlAnswer } from './control.ts';
import { FaultPlan } from './fault-plan.ts';
import { type Faults, faultyGate, openGate } from './faults.ts';
import { httpHandler } from './http.ts';
import { Ids } from './ids.ts';
import { RateLimiter, type RateLimits } from './limits.ts';
import type { RouteContext } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { afterReplies } from './sockets/after-replies.ts';
import { type ConnectionFilter, SocketServer } from './sockets/socket-server.ts';
import { PrivateStreams } from './streams/private-streams.ts';
import { PublicStreams } from './streams/public-streams.ts';

export type { Control } from './control.ts';
export { FaultPlan, type FaultRule } from './fault-plan.ts';
export type { Faults, PushFault, PushSubject, ReplyFault, RequestSubject } from './faults.ts';
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
  /** Hooks between the exchange and the wire; with `control` a FaultPlan is made where none is given. */
  faults?: Faults;
  /** Answers `/paper/*` to this machine. */
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
  const { exchange, network, clock, listen, log, sign = hmacSha256 } = options;
  const plan = options.control === undefined ? null : planOf(options.faults);
  const faults = plan === null ? (options.faults ?? null) : both(plan, options.faults);
  const gate = faults === null ? openGate : faultyGate(faults, clock);
  const ids = new Ids(exchange.now());
  const limiter = new RateLimiter(options.rateLimits);
  const publicStreams = new PublicStreams({ exchange, clock: options.pushClock ?? clock, gate });
  const privateStreams = new PrivateStreams({ exchange, gate, ids, later: afterReplies() });
  const routeContext = (): RouteContext => ({
    exchange,
    now: exchange.now(),
    readBook: (instrument, kind) => publicStreams.readBook(instrument, kind),
  });
  const shared = { exchange, clock, ids, sign, limiter, faults, routeContext };
  const http = httpHandler({ ...shared, routes: ROUTES });
  const sockets = new SocketServer({ ...shared, log, publicStreams, privateStreams });
  const dropSockets = (filter: ConnectionFilter) => sockets.drop(filter);
  const restartBooks = (instrument: InstrumentId | null) => publicStreams.restartBooks(instrument);
  const { control } = options;

  const controlParts = control === undefined || plan === null ? null : { control, plan, dropSockets, restartBooks };

  const listener = await network.listen(listen, {
    http: async (request) => {
      const isControl = request.path.startsWith(CONTROL_PREFIX) && isLoopback(request.remoteAddress);
      const answer = isControl && controlParts !== null ? await controlAnswer(controlParts, request) : null;
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
      publicStreams.close();
    },
  };
}

/** The plan that control changes: the caller's own where it has one. */
const planOf = (faults: Faults | undefined): FaultPlan => (faults instanceof FaultPlan ? faults : new FaultPlan(null));

/** The plan first, then hooks that are not a plan. */
function both(plan: FaultPlan, hooks: Faults | undefined): Faults {
  if (hooks === undefined || hooks === plan) return plan;
  return {
    reply: (subject) => plan.reply(subject) ?? hooks.reply(subject),
    push: (subject) => plan.push(subject) ?? hooks.push(subject),
  };
}
