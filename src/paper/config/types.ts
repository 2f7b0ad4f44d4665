import type { Category, Money } from '../../domain/ids.ts';
import type { FeeRates } from '../../ports/exchange.ts';
import type { InstrumentTerms, Series } from './terms.ts';

/** Everything that a paper exchange and the server in front of it can be told. Every field has a default. */
export type PaperConfig = Readonly<{
  listen: Readonly<{ host: string; port: number }>;
  /** Decides what the agents do. */
  seed: number;
  accounts: readonly AccountConfig[];
  /** False leaves the books to clients. */
  agents: boolean;
  /** Whether the server offers the control interface. */
  control: boolean;
  instruments: readonly InstrumentTerms[];
  /** Dated contracts that are listed as time goes on. */
  series: readonly Series[];
  /** Symbols that `instruments` names one by one (`spot:XRPUSDT`): a replay keeps their tick and step. */
  configured: ReadonlySet<string>;
  fees: CategoryFees;
  /** What the insurance fund has at first. */
  insurance: readonly (readonly [asset: string, amount: Money])[];
  rateLimits: 'bybit' | 'off' | Readonly<{ scale: number }>;
  clock: ClockConfig;
  replay: readonly ReplayConfig[];
  /** Of all histories together: times the recorded pace, or as fast as decisions can be made. */
  replaySpeed: ReplaySpeed;
  options: PaperOptions;
}>;

export type CategoryFees = Readonly<Record<Category, FeeRates>>;
/** `stepped` with a number: it stands at that time when the exchange opens, so that every run is like the others. */
export type ClockConfig = 'wall' | 'stepped' | Readonly<{ scale: number }> | Readonly<{ stepped: number }>;
export type AtEnd = 'hold' | 'loop' | 'stop';
export type ReplaySpeed = number | 'max';
export type ReplayConfig = Readonly<{
  file: string;
  category: InstrumentTerms['category'];
  /** What the file is of; null: as the file or its name says. */
  symbol: string | null;
  atEnd: AtEnd;
  /** For files without an order book: the spread as a fraction of the price, the quantity of a level, and of a queue. */
  quotes: Readonly<{ spread: Money; qty: Money | null; queue: Money | null }>;
}>;

export type AccountConfig = Readonly<{
  uid: string;
  apiKey: string;
  apiSecret: string;
  readOnly: boolean;
  permissions: Readonly<Record<string, readonly string[]>>;
  ips: readonly string[];
  balances: readonly (readonly [asset: string, amount: Money])[];
  /** Null: the exchange's. */
  fees: CategoryFees | null;
  note: string;
  /** Accounts of one group do not trade with each other; 0: none. On Bybit an account manager sets it. */
  smpGroup: number;
}>;

/** Behaviour that Bybit does not document: to be tried both ways. */
export type PaperOptions = Readonly<{
  /**
   * How long a client order id stays taken: for ever (memory grows with it), or while the order is open and 24 hours
   * after it closed (of the last 50,000 that closed).
   */
  clientOrderIds: 'forever' | 'open_24h';
  /** Most working orders: of one symbol (linear) and of all symbols together (spot). */
  maxOpenOrders: number;
  /** Closed orders and executions that are remembered of each account and category; the oldest go first. */
  maxHistory: number;
}>;
