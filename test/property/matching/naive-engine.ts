import type { Lots, Side, Ticks } from '../../../src/domain/ids.ts';
import type { SelfTradePrevention } from '../../../src/domain/order.ts';
import type {
  BookSnapshot,
  CancelReason,
  Command,
  Depth,
  Matcher,
  MatchingEvent,
  RejectReason,
  RestingOrder,
} from '../../../src/matching/index.ts';
import { hashOfBook } from './naive-hash.ts';

type Order = { -readonly [Field in keyof RestingOrder]: RestingOrder[Field] };
type Submit = Extract<Command, { type: 'submit' }>;
type Amend = Extract<Command, { type: 'amend' }>;

const MAX = Number.MAX_SAFE_INTEGER;
const isInteger = (value: number, least: number): boolean => Number.isInteger(value) && value >= least && value <= MAX;
const sum = (orders: readonly Order[]): bigint => orders.reduce((total, order) => total + BigInt(order.leavesQty), 0n);

/**
 * The rules once more, as plainly as they can be written: one array of orders, sorted whenever an order is looked
 * for. Slow, and the judge of the fast engine.
 */
export class NaiveEngine implements Matcher {
  tradeSeq = 0;
  #arrivals = 0;
  #orders: Order[] = [];
  #events: MatchingEvent[] = [];

  execute(command: Command): readonly MatchingEvent[] {
    this.#events = [];
    switch (command.type) {
      case 'submit':
        this.#submit(command);
        break;
      case 'cancel':
        this.#cancel(command.id);
        break;
      case 'amend':
        this.#amend(command);
        break;
      case 'cancel_all':
        this.#cancelAll(command.account);
    }
    return this.#events;
  }

  #submit(command: Submit): void {
    const { id, account, side, qty, timeInForce, selfTrade } = command;
    const refusal = this.#refusal(command);
    if (refusal !== null) return this.#reject(id, refusal);
    const price = command.price ?? ((side === 'buy' ? MAX : 1) as Ticks);
    const order: Order = {
      id,
      account,
      side,
      price,
      qty,
      leavesQty: qty,
      timeInForce: timeInForce === 'post_only' ? 'post_only' : 'gtc',
      selfTrade,
      arrival: 0,
    };
    this.#events.push({ type: 'accepted', id, account, side, price: command.price, qty });
    if (timeInForce === 'post_only' && this.#crosses(order)) return this.#end(order, 'POST_ONLY_WOULD_TAKE');
    if (timeInForce === 'fok' && !this.#wouldFill(order)) return this.#end(order, 'NOT_WHOLLY_FILLABLE');
    this.#tradeAndRest(order, timeInForce === 'ioc' || timeInForce === 'fok');
  }

  #refusal({ id, account, side, price, qty, timeInForce }: Submit): RejectReason | null {
    if (!isInteger(id, 1)) return 'ID_OUT_OF_RANGE';
    if (!isInteger(account, 0)) return 'ACCOUNT_OUT_OF_RANGE';
    if (price !== null && !isInteger(price, 1)) return 'PRICE_OUT_OF_RANGE';
    if (!isInteger(qty, 1)) return 'QTY_OUT_OF_RANGE';
    const rests = timeInForce === 'gtc' || timeInForce === 'post_only';
    if (price === null) {
      if (rests) return 'MARKET_CANNOT_REST';
      return this.order(id) === null ? null : 'DUPLICATE_ORDER_ID';
    }
    if (this.order(id) !== null) return 'DUPLICATE_ORDER_ID';
    return rests && this.#overfills(side, price, qty, null) ? 'LEVEL_FULL' : null;
  }

  #cancel(id: number): void {
    const order = this.#find(id);
    if (order === undefined) return this.#reject(id, 'ORDER_NOT_FOUND');
    this.#end(order, 'REQUESTED');
  }

  #amend({ id, price: newPrice, qty: newQty }: Amend): void {
    const order = this.#find(id);
    if (order === undefined) return this.#reject(id, 'ORDER_NOT_FOUND');
    const price = newPrice ?? order.price;
    const qty = newQty ?? order.qty;
    const filled = order.qty - order.leavesQty;
    const leavesQty = (qty - filled) as Lots;
    if (!isInteger(price, 1)) return this.#reject(id, 'PRICE_OUT_OF_RANGE');
    if (!isInteger(qty, 1)) return this.#reject(id, 'QTY_OUT_OF_RANGE');
    if (qty <= filled) return this.#reject(id, 'QTY_NOT_ABOVE_FILLED');
    if (price === order.price && qty === order.qty) return this.#reject(id, 'NOT_MODIFIED');
    const reduces = price === order.price && qty < order.qty;
    if (this.#overfills(order.side, price, leavesQty, order)) return this.#reject(id, 'LEVEL_FULL');
    Object.assign(order, { price, qty, leavesQty });
    const type = reduces ? 'reduced' : 'amended';
    this.#events.push({ type, id, account: order.account, price, qty, leavesQty });
    if (reduces) return;
    this.#drop(order);
    if (order.timeInForce === 'post_only' && this.#crosses(order)) return this.#end(order, 'POST_ONLY_WOULD_TAKE');
    this.#tradeAndRest(order, false);
  }

  #cancelAll(account: number): void {
    if (!isInteger(account, 0)) return this.#reject(account, 'ACCOUNT_OUT_OF_RANGE');
    const own = this.#orders.filter((order) => order.account === account).sort((a, b) => a.arrival - b.arrival);
    for (const order of own) this.#end(order, 'ALL_OF_ACCOUNT');
  }

  #tradeAndRest(order: Order, immediate: boolean): void {
    while (order.leavesQty > 0) {
      const maker = this.#reachable(order)[0];
      if (maker === undefined) break;
      if (order.selfTrade === 'none' || maker.account !== order.account) {
        this.#trade(order, maker);
        continue;
      }
      if (cancelsMaker(order.selfTrade)) this.#end(maker, 'SELF_TRADE');
      if (cancelsTaker(order.selfTrade)) return this.#end(order, 'SELF_TRADE');
    }
    if (order.leavesQty === 0) this.#events.push({ type: 'done', id: order.id, account: order.account });
    else if (immediate) this.#end(order, 'NOT_FILLED_AT_ONCE');
    else {
      this.#arrivals += 1;
      order.arrival = this.#arrivals;
      this.#orders.push(order);
    }
  }

  #trade(taker: Order, maker: Order): void {
    const qty = Math.min(taker.leavesQty, maker.leavesQty) as Lots;
    taker.leavesQty = (taker.leavesQty - qty) as Lots;
    maker.leavesQty = (maker.leavesQty - qty) as Lots;
    this.tradeSeq += 1;
    this.#events.push({
      type: 'traded',
      tradeSeq: this.tradeSeq,
      price: maker.price,
      qty,
      aggressor: taker.side,
      takerId: taker.id,
      takerAccount: taker.account,
      makerId: maker.id,
      makerAccount: maker.account,
    });
    if (maker.leavesQty > 0) return;
    this.#drop(maker);
    this.#events.push({ type: 'done', id: maker.id, account: maker.account });
  }

  /** Fill-or-kill, by its definition: try it on a copy as immediate-or-cancel. */
  #wouldFill(order: Order): boolean {
    const copy = new NaiveEngine();
    copy.#orders = this.#orders.map((other) => ({ ...other }));
    const attempt = { ...order };
    copy.#tradeAndRest(attempt, true);
    return attempt.leavesQty === 0;
  }

  /** Orders of the other side that this one's price reaches, in the order in which it meets them. */
  #reachable({ side, price }: Order): Order[] {
    const reaches = (maker: Order): boolean => (side === 'buy' ? maker.price <= price : maker.price >= price);
    return this.#side(side === 'buy' ? 'sell' : 'buy').filter(reaches);
  }

  #crosses(order: Order): boolean {
    return this.#reachable(order).length > 0;
  }

  /** Price-time priority. */
  #side(side: Side): Order[] {
    const sign = side === 'buy' ? -1 : 1;
    const own = this.#orders.filter((order) => order.side === side);
    return own.sort((a, b) => sign * (a.price - b.price) || a.arrival - b.arrival);
  }

  /** Whether so much more than rests there already (but for `without`) is too much for one level. */
  #overfills(side: Side, price: Ticks, leavesQty: Lots, without: Order | null): boolean {
    const level = this.#orders.filter((order) => order.side === side && order.price === price && order !== without);
    return sum(level) + BigInt(leavesQty) > BigInt(MAX);
  }

  #end(order: Order, reason: CancelReason): void {
    const { id, account, leavesQty } = order;
    this.#drop(order);
    this.#events.push({ type: 'canceled', id, account, leavesQty, reason });
  }
  #drop(order: Order): void {
    this.#orders = this.#orders.filter((other) => other !== order);
  }
  #find(id: number): Order | undefined {
    return this.#orders.find((order) => order.id === id);
  }
  #reject(id: number, reason: RejectReason): void {
    this.#events.push({ type: 'rejected', id, reason });
  }

  bestBid(): Ticks | null {
    return this.#side('buy')[0]?.price ?? null;
  }
  bestAsk(): Ticks | null {
    return this.#side('sell')[0]?.price ?? null;
  }
  depth(levels: number): Depth {
    const rows = (side: Side) => {
      const prices = [...new Set(this.#side(side).map((order) => order.price))].slice(0, levels);
      const at = (price: Ticks) => this.#side(side).filter((order) => order.price === price);
      return prices.map((price) => ({ price, qty: Number(sum(at(price))) as Lots }));
    };
    return { bids: rows('buy'), asks: rows('sell') };
  }
  volumeTo(side: Side, price: Ticks): Lots {
    const reached = this.#side(side).filter((order) => (side === 'buy' ? order.price >= price : order.price <= price));
    const volume = sum(reached);
    return (volume > BigInt(MAX) ? MAX : Number(volume)) as Lots;
  }
  order(id: number): RestingOrder | null {
    return this.#find(id) ?? null;
  }
  orders(): readonly RestingOrder[] {
    return [...this.#side('buy'), ...this.#side('sell')];
  }
  get orderCount(): number {
    return this.#orders.length;
  }
  hash(): number {
    return hashOfBook(this.#orders, this.tradeSeq, this.#arrivals);
  }
  snapshot(): BookSnapshot {
    const { tradeSeq } = this;
    const orders = this.orders().map((order) => ({ ...order }));
    return { rulesVersion: 1, tradeSeq, arrivals: this.#arrivals, hash: this.hash(), orders };
  }
}

const cancelsMaker = (mode: SelfTradePrevention): boolean => mode === 'cancel_maker' || mode === 'cancel_both';
const cancelsTaker = (mode: SelfTradePrevention): boolean => mode === 'cancel_taker' || mode === 'cancel_both';
