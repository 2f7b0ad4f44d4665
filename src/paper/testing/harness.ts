import { money } from '../../domain/decimal.ts';
import type { AssetId, Category, InstrumentId, Money, Side, UnixMs } from '../../domain/ids.ts';
import { instrumentId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import {
  type ExchangeOrderRef,
  type LeveragePair,
  type OrderFilter,
  PLAIN_ORDER,
  type PlaceOrder,
  type PrivateEvent,
  type PublicEvent,
  type TimeRange,
} from '../../ports/exchange.ts';
import type { Journal } from '../../ports/journal.ts';
import { silentLog } from '../../ports/log.ts';
import { seededRng } from '../../ports/rng.ts';
import { type ExchangeClock, steppedClock } from '../clocks.ts';
import { readPaperConfig } from '../config/config.ts';
import { openPaperExchange, type PaperExchange } from '../paper.ts';
import type { ReplaySource } from '../replay/histories.ts';

/** An exchange for tests, with everything that it published. */
export type Harness = Readonly<{
  exchange: PaperExchange;
  /** Time of the process and of the exchange. */
  clock: ExchangeClock;
  publics: PublicEvent[];
  privates: PrivateEvent[];
  /** Lets what is due now happen: publications. */
  flush(): Promise<void>;
}>;

export type HarnessOptions = Readonly<{
  config?: Readonly<Record<string, unknown>>;
  journal?: Journal;
  replays?: readonly ReplaySource[];
  clock?: ExchangeClock;
}>;

const BALANCES = { USDT: '1000000', BTC: '10', ETH: '100', BNB: '1000', XRP: '100000' };
const account = (uid: string, balances: Readonly<Record<string, string>> = BALANCES) => ({
  uid,
  apiKey: `key${uid}`,
  apiSecret: `secret${uid}`,
  balances,
});

export const START = 1_733_011_200_000 as UnixMs;
/** Uids of the accounts that an exchange of `openHarness` has. */
export const [ALICE, BOB, CAROL] = ['1001', '1002', '1003'] as const;

/** A configuration whose three accounts have just these coins. */
export const withBalances = (balances: Readonly<Record<string, string>>) => ({
  accounts: [ALICE, BOB, CAROL].map((uid) => account(uid, balances)),
});

/** Three rich accounts and no agents, unless the configuration says otherwise. */
export async function openHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = options.clock ?? steppedClock(START);
  const config = unwrap(
    readPaperConfig({
      accounts: [ALICE, BOB, CAROL].map((uid) => account(uid)),
      agents: false,
      instruments: 'small',
      ...options.config,
    }),
  );
  const exchange = await openPaperExchange({
    config,
    clock,
    rng: seededRng(7),
    journal: options.journal ?? null,
    log: silentLog,
    replays: options.replays ?? [],
  });
  const publics: PublicEvent[] = [];
  const privates: PrivateEvent[] = [];
  exchange.onPublic((event) => publics.push(event));
  exchange.onPrivate((event) => privates.push(event));
  const flush = async (): Promise<void> => {
    await (clock.step as (ms: number) => Promise<void>)(0);
  };
  return { exchange, clock, publics, privates, flush };
}

export const BTC = instrumentId('spot', 'BTCUSDT');
export const XRP = instrumentId('spot', 'XRPUSDT');
export const PERP = instrumentId('linear', 'BTCUSDT');
export const coin = (name: string): AssetId => name as AssetId;

/** A limit order, good till canceled. */
export const limit = (
  instrument: InstrumentId,
  side: Side,
  qty: string,
  price: string,
  more: Partial<PlaceOrder> = {},
): PlaceOrder => ({ ...market(instrument, side, qty), type: 'limit', price: money(price), ...more });

export const market = (
  instrument: InstrumentId,
  side: Side,
  qty: string,
  more: Partial<PlaceOrder> = {},
): PlaceOrder => ({
  instrument,
  clientOrderId: null,
  side,
  type: 'market',
  qty: money(qty),
  qtyIn: 'base',
  price: null,
  timeInForce: 'gtc',
  reduceOnly: false,
  slippage: null,
  selfTrade: 'none',
  ...PLAIN_ORDER,
  ...more,
});

export const byId = (instrument: InstrumentId, orderId: string): ExchangeOrderRef => ({
  instrument,
  orderId,
  clientOrderId: null,
});

export const everything = (category: Category): OrderFilter & TimeRange => ({
  category,
  instrument: null,
  base: null,
  settle: null,
  orderId: null,
  clientOrderId: null,
  from: 0 as UnixMs,
  to: Number.MAX_SAFE_INTEGER as UnixMs,
});

/** Places an order that must be accepted. */
export async function placed(exchange: PaperExchange, uid: string, order: PlaceOrder): Promise<string> {
  return unwrap(await exchange.place(uid, order)).orderId;
}

/** The order as the exchange tells it now, working or closed. */
export function told(exchange: PaperExchange, uid: string, orderId: string) {
  for (const category of ['spot', 'linear', 'inverse', 'option'] as const) {
    const found = exchange.orderHistory(uid, { ...everything(category), orderId });
    if (found[0] !== undefined) return found[0];
  }
  throw new RangeError(`no order ${orderId}`);
}

/** What of a coin an account has, and what of it is locked. */
export function balance(exchange: PaperExchange, uid: string, asset: string): { wallet: Money; locked: Money } {
  const row = exchange.wallet(uid).coins.find((one) => one.asset === asset);
  return { wallet: row?.wallet ?? money('0'), locked: row?.locked ?? money('0') };
}

/** One leverage for buys and sells. */
export const bothSides = (leverage: string): LeveragePair => ({ buy: money(leverage), sell: money(leverage) });
