/** A bucket of requests: it holds `burst` and fills at `perSecond`. Null: no limit (benches, simulations). */
export type Budget = Readonly<{ perSecond: number; burst: number }>;

/** What a request is charged to. Cancels have a budget of their own: a flood of orders never delays getting out. */
export type BudgetName = 'read' | 'write' | 'cancel' | 'login' | 'none';

export type HttpSettings = Readonly<{
  /** Origins of browser pages beside our own that may call the API and open sockets, exactly as browsers send them. */
  allowedOrigins: readonly string[];
  /** The gateway is reached over TLS: cookies are `Secure`, answers ask for HSTS. */
  tls: boolean;
  version: string;
  limits: Readonly<{
    perAddress: Budget | null;
    perAccount: Readonly<Record<'read' | 'write' | 'cancel', Budget | null>>;
    loginPerAddress: Budget | null;
  }>;
  sockets: SocketSettings;
}>;

export type SocketSettings = Readonly<{
  perAccount: number;
  perAddress: number;
  subscriptions: number;
  /** Messages of one client. */
  messages: Budget;
  /** Order messages of one client that are not answered yet. */
  unanswered: number;
  authDeadlineMs: number;
  /** Bytes queued for a client beyond which market data waits (the newest replaces the older). */
  softQueueBytes: number;
  /** Bytes queued beyond which the client is cut off, because order events may not be dropped. */
  hardQueueBytes: number;
  /** Private pushes kept per account and channel for `since`. */
  replay: number;
  /** Shortest time between two pushes of one market channel. */
  marketIntervalMs: number;
}>;

export const DEFAULT_HTTP_SETTINGS: HttpSettings = {
  allowedOrigins: [],
  tls: false,
  version: '0.1.0',
  limits: {
    perAddress: { perSecond: 2000, burst: 4000 },
    perAccount: {
      read: { perSecond: 500, burst: 1000 },
      write: { perSecond: 500, burst: 1000 },
      cancel: { perSecond: 500, burst: 1000 },
    },
    loginPerAddress: { perSecond: 1, burst: 30 },
  },
  sockets: {
    perAccount: 20,
    perAddress: 100,
    subscriptions: 200,
    messages: { perSecond: 500, burst: 1000 },
    unanswered: 256,
    authDeadlineMs: 5000,
    softQueueBytes: 65_536,
    hardQueueBytes: 1_048_576,
    replay: 1000,
    marketIntervalMs: 50,
  },
};

/** Bounds of what is read at all. They are the same behind Fastify and on the simulated network. */
export const MAX_BODY_BYTES = 65_536;
export const MAX_QUERY_BYTES = 8192;
