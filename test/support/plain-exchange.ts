// The money of an exchange as one would work it out on paper: decimals of 60 digits, a list for a book, and the published
// formulas one by one (execution notes, section 6; Bybit's help centre). It shares nothing with src/paper, so that a
// mistake there is not repeated here. Slow and plain on purpose.
import { Decimal } from 'decimal.js';

const D = Decimal.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 });
type Dec = InstanceType<typeof D>;
const dec = (value: string | number | Dec): Dec => new D(value);
const ZERO = dec(0);

const UP_8 = (value: Dec): Dec => value.toDecimalPlaces(8, Decimal.ROUND_CEIL);
const DOWN_8 = (value: Dec): Dec => value.toDecimalPlaces(8, Decimal.ROUND_FLOOR);
const EVEN_8 = (value: Dec): Dec => value.toDecimalPlaces(8, Decimal.ROUND_HALF_EVEN);
const larger = (a: Dec, b: Dec): Dec => (a.gt(b) ? a : b);

export type Side = 'buy' | 'sell';
export type PlainMarket = Readonly<{
  valuation: 'spot' | 'linear' | 'inverse' | 'premium';
  base: string;
  quote: string;
  /** Rising limits and rates of maintenance margin; the last limit is null. */
  tiers: readonly (readonly [upTo: string | null, rate: string])[];
  maker: string;
  taker: string;
}>;
export type PlainOrder = Readonly<{
  uid: string; orderId: string; market: string; side: Side; qty: string; price: string; ioc?: boolean;
}>; // biome-ignore format: a row

/** One execution of one side. */
export type PlainFill = Readonly<{
  uid: string; market: string; side: Side; qty: string; price: string; maker: boolean; fee: string; feeCoin: string;
}>; // biome-ignore format: a row

type Resting = { uid: string; orderId: string; side: Side; left: Dec; price: Dec };
/** A position with its own history: what it cost so far, and everything that was ever paid for it. */
type Holding = { size: Dec; cost: Dec; everPaid: Dec; realised: Dec; leverage: Dec };

export class PlainExchange {
  readonly #markets: Readonly<Record<string, PlainMarket>>;
  readonly #books = new Map<string, Resting[]>();
  readonly #wallets = new Map<string, Dec>();
  readonly #holdings = new Map<string, Holding>();
  /** Deposits, fees and funding: with what was paid for contracts, all that ever moved. */
  readonly #flows = new Map<string, Dec>();
  readonly fills: PlainFill[] = [];

  constructor(markets: Readonly<Record<string, PlainMarket>>) {
    this.#markets = markets;
  }

  deposit(uid: string, coin: string, amount: string): void {
    this.#move(uid, coin, dec(amount), true);
  }

  setLeverage(uid: string, market: string, leverage: string): void {
    this.#holding(uid, market).leverage = dec(leverage);
  }

  /** Trades with the best prices first, at each the oldest order first, at the price of whoever waited. */
  place(order: PlainOrder): void {
    const book = this.#book(order.market);
    let left = dec(order.qty);
    const price = dec(order.price);
    for (;;) {
      const best = bestFor(book, order.side);
      if (left.isZero() || best === null) break;
      if (order.side === 'buy' ? best.price.gt(price) : best.price.lt(price)) break;
      const qty = best.left.lt(left) ? best.left : left;
      this.#trade(order.uid, order.market, order.side, qty, best.price, false);
      this.#trade(best.uid, order.market, order.side === 'buy' ? 'sell' : 'buy', qty, best.price, true);
      best.left = best.left.minus(qty);
      left = left.minus(qty);
      if (best.left.isZero()) book.splice(book.indexOf(best), 1);
    }
    if (left.gt(0) && order.ioc !== true) book.push({ ...order, left, price });
  }

  cancel(market: string, orderId: string): void {
    const book = this.#book(market);
    const at = book.findIndex((one) => one.orderId === orderId);
    if (at !== -1) book.splice(at, 1);
  }

  /** Books a fill that somebody else matched. */
  fill(uid: string, market: string, side: Side, qty: string, price: string, maker: boolean): void {
    this.#trade(uid, market, side, dec(qty), dec(price), maker);
  }

  /** Funding of one position: value at mark × rate; longs pay a positive rate. Returns what is received. */
  funding(uid: string, market: string, mark: string, rate: string): string {
    const holding = this.#holding(uid, market);
    const value = this.#value(market, holding.size, dec(mark)).times(holding.size.isNegative() ? -1 : 1);
    const received = DOWN_8(value.times(rate).negated());
    this.#move(uid, this.#settle(market), received, true);
    holding.realised = holding.realised.plus(received);
    return received.toString();
  }

  /** Quantity × price, or ÷ price: unsigned. */
  #value(market: string, size: Dec, price: Dec): Dec {
    const valuation = this.#markets[market]!.valuation;
    return valuation === 'inverse' ? size.abs().div(price) : size.abs().times(price);
  }

  #settle(market: string): string {
    const { valuation, base, quote } = this.#markets[market]!;
    return valuation === 'inverse' ? base : quote;
  }

  #trade(uid: string, market: string, side: Side, qty: Dec, price: Dec, maker: boolean): void {
    const terms = this.#markets[market]!;
    const rate = dec(maker ? terms.maker : terms.taker);
    const exact = this.#value(market, qty, price);
    const value = terms.valuation === 'inverse' ? EVEN_8(exact) : exact;
    const spot = terms.valuation === 'spot';
    // Spot pays in what it receives; a rebate comes in what is given.
    const inBase = spot && (side === 'buy') === rate.gte(0);
    const feeCoin = inBase ? terms.base : spot ? terms.quote : this.#settle(market);
    const fee = UP_8((inBase ? qty : value).times(rate));
    if (spot) this.#swap(uid, terms, side, qty, value);
    else this.#hold(uid, market, side, qty, value);
    this.#move(uid, feeCoin, fee.negated(), true);
    if (!spot) this.#holding(uid, market).realised = this.#holding(uid, market).realised.minus(fee);
    const [shownQty, shownPrice] = [qty.toString(), price.toString()];
    this.fills.push({ uid, market, side, qty: shownQty, price: shownPrice, maker, fee: fee.toString(), feeCoin });
  }

  #swap(uid: string, { base, quote }: PlainMarket, side: Side, qty: Dec, value: Dec): void {
    const sign = side === 'buy' ? 1 : -1;
    this.#move(uid, base, qty.times(sign), true);
    this.#move(uid, quote, value.times(-sign), true);
  }

  /** Average cost: a part that is closed earns its share, rounded down at 8 digits; the rest of the cost stays. */
  #hold(uid: string, market: string, side: Side, qty: Dec, value: Dec): void {
    const { valuation } = this.#markets[market]!;
    const held = this.#holding(uid, market);
    const bought = side === 'buy' ? qty : qty.negated();
    const paid = value.times((side === 'buy') === (valuation !== 'inverse') ? 1 : -1);
    const closes =
      held.size.isZero() || held.size.isNegative() === bought.isNegative() ? ZERO : D.min(qty, held.size.abs());
    held.everPaid = held.everPaid.plus(paid);
    let realised = ZERO;
    if (closes.gt(0)) {
      const all = closes.eq(held.size.abs());
      const got = closes.eq(qty) ? paid : UP_8(paid.times(closes).div(qty)); // linear: exact
      const given = all ? held.cost : UP_8(held.cost.times(closes).div(held.size.abs()));
      realised = got.plus(given).negated();
    }
    held.size = held.size.plus(bought);
    held.cost = held.cost.plus(paid).plus(realised);
    held.realised = held.realised.plus(realised);
    this.#move(uid, this.#settle(market), valuation === 'premium' ? paid.negated() : realised, false);
  }

  /** `outside`: not for contracts, whose flows `everPaid` has. */
  #move(uid: string, coin: string, by: Dec, outside: boolean): void {
    const key = `${uid}/${coin}`;
    this.#wallets.set(key, (this.#wallets.get(key) ?? ZERO).plus(by));
    if (outside) this.#flows.set(key, (this.#flows.get(key) ?? ZERO).plus(by));
  }

  #holding(uid: string, market: string): Holding {
    const key = `${uid}/${market}`;
    const found = this.#holdings.get(key);
    if (found !== undefined) return found;
    const made = { size: ZERO, cost: ZERO, everPaid: ZERO, realised: ZERO, leverage: dec(10) };
    this.#holdings.set(key, made);
    return made;
  }

  #book(market: string): Resting[] {
    const found = this.#books.get(market);
    if (found !== undefined) return found;
    const made: Resting[] = [];
    this.#books.set(market, made);
    return made;
  }

  /** A position and its margin at a mark price, by mark and with the fee to close. */
  position(uid: string, market: string, mark: string) {
    const { valuation, tiers, taker } = this.#markets[market]!;
    const { size, cost, leverage, realised } = this.#holding(uid, market);
    const at = dec(mark);
    const value = this.#value(market, size, at);
    const gains = size.isNegative() === (valuation === 'inverse') ? 1 : -1; // as the value in coin rises
    const unrealised = size.isZero() ? ZERO : DOWN_8(value.times(gains)).minus(cost);
    const bankrupt = cost.abs().times(dec(1).minus(dec(gains).div(leverage)));
    const fee = size.isZero() ? ZERO : bankrupt.times(taker);
    const entry = size.isZero() ? ZERO : valuation === 'inverse' ? size.div(cost).abs() : cost.div(size);
    return {
      size: size.toString(),
      entry,
      value,
      unrealised,
      realised,
      initial: value.div(leverage).plus(fee),
      maintenance: bands(tiers, value).plus(fee),
    };
  }

  /** Initial margin of working orders of one market in one-way mode, and what they would lose at once. */
  orders(uid: string, market: string, mark: string): { initial: Dec; loss: Dec } {
    const sides = (['buy', 'sell'] as const).map((side) => this.#side(uid, market, side, dec(mark)));
    const [buys, sells] = sides as [{ initial: Dec; loss: Dec }, { initial: Dec; loss: Dec }];
    return buys.initial.plus(buys.loss).gte(sells.initial.plus(sells.loss)) ? buys : sells;
  }

  #side(uid: string, market: string, side: Side, mark: Dec): { initial: Dec; loss: Dec } {
    const { size, leverage } = this.#holding(uid, market);
    const { valuation, taker } = this.#markets[market]!;
    const mine = this.#book(market).filter((one) => one.uid === uid && one.side === side);
    const all = mine.reduce((sum, one) => sum.plus(one.left), ZERO);
    const closable = larger(side === 'buy' ? size.negated() : size, ZERO);
    const share = all.gt(closable) ? all.minus(closable).div(all) : ZERO;
    const gains = (side === 'buy') === (valuation !== 'inverse') ? 1 : -1;
    let [initial, loss] = [ZERO, ZERO];
    for (const { left, price } of mine) {
      const value = this.#value(market, left, price);
      const toClose = value.times(dec(1).minus(dec(gains).div(leverage))).times(taker);
      initial = initial.plus(value.div(leverage)).plus(value.times(taker)).plus(toClose);
      loss = loss.plus(larger(value.minus(this.#value(market, left, mark)).times(gains), ZERO));
    }
    return { initial: initial.times(share), loss: loss.times(share) };
  }

  /** Reserved by spot orders: buys their value in quote, sells their quantity in base. */
  locked(uid: string, coin: string): Dec {
    let sum = ZERO;
    for (const [name, market] of Object.entries(this.#markets)) {
      if (market.valuation !== 'spot') continue;
      for (const { side, left, price } of this.#book(name).filter((one) => one.uid === uid)) {
        if (side === 'buy' && market.quote === coin) sum = sum.plus(left.times(price));
        if (side === 'sell' && market.base === coin) sum = sum.plus(left);
      }
    }
    return sum;
  }

  wallet(uid: string, coin: string): Dec {
    return this.#wallets.get(`${uid}/${coin}`) ?? ZERO;
  }

  /**
   * Wallet and unrealised profit together, from what moved and no average: deposits, fees, funding, less everything that
   * was ever paid for contracts, plus what is held at mark.
   */
  equity(uid: string, coin: string, marks: Readonly<Record<string, string>>): Dec {
    let sum = this.#flows.get(`${uid}/${coin}`) ?? ZERO;
    for (const [name, { valuation }] of Object.entries(this.#markets)) {
      if (valuation === 'spot' || this.#settle(name) !== coin) continue;
      const { size, everPaid } = this.#holding(uid, name);
      const gains = size.isNegative() === (valuation === 'inverse') ? 1 : -1;
      sum = sum.minus(everPaid).plus(DOWN_8(this.#value(name, size, dec(marks[name]!)).times(gains)));
    }
    return sum;
  }
}

/** Best order that an incoming one may meet: the oldest at the best price. */
function bestFor(book: readonly Resting[], side: Side): Resting | null {
  let best: Resting | null = null;
  for (const one of book) {
    if (one.side === side) continue;
    if (best === null || (side === 'buy' ? one.price.lt(best.price) : one.price.gt(best.price))) best = one;
  }
  return best;
}

/** Maintenance margin as the sum of its marginal bands. */
function bands(tiers: PlainMarket['tiers'], value: Dec): Dec {
  let sum = ZERO;
  let below = ZERO;
  for (const [upTo, rate] of tiers) {
    const end = upTo === null || value.lt(upTo) ? value : dec(upTo);
    if (end.gt(below)) sum = sum.plus(end.minus(below).times(rate));
    if (upTo === null || value.lte(upTo)) break;
    below = dec(upTo);
  }
  return sum;
}
