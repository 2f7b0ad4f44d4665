import type { Lots, Money, Side } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type {
  AmendSpread,
  ExchangeRefusal,
  ExchangeSpread,
  OrderIds,
  PlaceSpread,
  SpreadBook,
  SpreadExecution,
  SpreadFilter,
  SpreadInstrument,
  SpreadOrder,
  SpreadPrivateEvent,
  SpreadPublicEvent,
  SpreadRef,
  SpreadTicker,
  SpreadTrade,
  TimeRange,
} from '../../ports/exchange.ts';
import type { Core } from '../core.ts';
import type { Decision } from '../desk/decision.ts';
import { refuse } from '../rules/refusal.ts';
import type { Views } from '../views/views.ts';
import { amendSpread } from './amend.ts';
import { cancelAllSpreads, cancelSpread } from './cancel.ts';
import { suitsSpread } from './find.ts';
import { checkMode, fundLegs } from './funds.ts';
import { orderedAt } from './legs.ts';
import { placeSpread } from './place.ts';
import type { SpreadMarket } from './spread-market.ts';
import type { SpreadTape } from './spread-tape.ts';

type Answer<T> = Promise<Result<T, ExchangeRefusal>>;
type Run = <T>(run: (decision: Decision) => Result<T, ExchangeRefusal>) => Answer<T>;

type Parts = Readonly<{ core: Core; views: Views; spreadTape: SpreadTape; answer: Run }>;

/** The port of the market of combos, on top of the decisions, the views and the tape. */
export class SpreadFront implements ExchangeSpread {
  readonly #parts: Parts;
  readonly #publicListeners: ((event: SpreadPublicEvent) => void)[] = [];
  readonly #privateListeners: ((event: SpreadPrivateEvent) => void)[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  instruments(): readonly SpreadInstrument[] {
    const { core, spreadTape } = this.#parts;
    return [...core.desk.spreads.all()].filter(({ symbol }) => spreadTape.has(symbol)).map((one) => one.instrument);
  }

  instrument(symbol: string): SpreadInstrument | null {
    const { core, spreadTape } = this.#parts;
    return spreadTape.has(symbol) ? (core.desk.spreads.get(symbol)?.instrument ?? null) : null;
  }

  book(symbol: string, depth: number): SpreadBook {
    return this.#parts.spreadTape.book(symbol, depth);
  }

  ticker(symbol: string): SpreadTicker {
    return this.#parts.spreadTape.ticker(symbol, this.#parts.core.now());
  }

  recentTrades(symbol: string, limit: number): readonly SpreadTrade[] {
    return this.#parts.spreadTape.recentTrades(symbol, limit);
  }

  place(uid: string, order: PlaceSpread): Answer<OrderIds> {
    return this.#parts.answer((decision) => placeSpread(decision, uid, order));
  }

  amend(uid: string, ref: SpreadRef, change: AmendSpread): Answer<OrderIds> {
    return this.#parts.answer((decision) => amendSpread(decision, uid, ref, change));
  }

  cancel(uid: string, ref: SpreadRef): Answer<OrderIds> {
    return this.#parts.answer((decision) => cancelSpread(decision, uid, ref));
  }

  cancelAll(uid: string, symbol: string | null): Answer<readonly OrderIds[]> {
    return this.#parts.answer((decision) => ok(cancelAllSpreads(decision, uid, symbol)));
  }

  maxQty(uid: string, symbol: string, side: Side, price: Money): Result<Money, ExchangeRefusal> {
    const { desk } = this.#parts.core;
    const market = desk.spreads.get(symbol);
    if (market === undefined) return refuse('INSTRUMENT_NOT_FOUND', `${symbol} is not listed`);
    const mode = checkMode(desk, uid, market);
    return mode.ok ? ok(this.#most(uid, market, side, price)) : mode;
  }

  orders(uid: string, filter: SpreadFilter): readonly SpreadOrder[] {
    return [...this.#parts.views.account(uid).spreads.values()]
      .map(({ order }) => order)
      .filter((order) => suitsSpread(order, filter))
      .reverse();
  }

  orderHistory(uid: string, filter: SpreadFilter & TimeRange): readonly SpreadOrder[] {
    return this.#parts.views.spreads(uid).orders(filter, this.#parts.core.now());
  }

  executions(uid: string, filter: SpreadFilter & TimeRange): readonly SpreadExecution[] {
    return this.#parts.views.spreads(uid).executions(filter);
  }

  onPublic(listener: (event: SpreadPublicEvent) => void): void {
    this.#publicListeners.push(listener);
  }

  onPrivate(listener: (event: SpreadPrivateEvent) => void): void {
    this.#privateListeners.push(listener);
  }

  tellPublic(event: SpreadPublicEvent): void {
    for (const listener of this.#publicListeners) listener(event);
  }

  tellPrivate(event: SpreadPrivateEvent): void {
    for (const listener of this.#privateListeners) listener(event);
  }

  /** Halves the range until one lot is left: what an account can pay for has no formula of its own. */
  #most(uid: string, market: SpreadMarket, side: Side, price: Money): Money {
    const { desk } = this.#parts.core;
    const { tick, maxQty } = market.terms;
    const prices = orderedAt(market, side, ((price / tick) * tick) as Money);
    if (prices === null) return 0n as Money;
    const affords = (lots: number): boolean =>
      fundLegs(desk, uid, market, { side, qty: market.qtyOf(lots as Lots), prices, replaces: null }).ok;
    let [enough, tooMuch] = [0, maxQty + 1];
    while (tooMuch - enough > 1) {
      const middle = Math.floor((enough + tooMuch) / 2);
      if (affords(middle)) enough = middle;
      else tooMuch = middle;
    }
    return market.qtyOf(enough as Lots);
  }
}
