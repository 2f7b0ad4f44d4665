import { money, ZERO } from '../../../../domain/decimal.ts';
import type {
  AccountId, AssetId, ClientOrderId, ExecId, InstrumentId, Money, OrderId, PartitionId, Side, UnixMs, VenueId, VenueOrderId,
} from '../../../../domain/ids.ts'; // biome-ignore format: a list
import { INTERNAL_VENUE } from '../../../../domain/ids.ts';
import type { ChildEvent } from '../../../../domain/order.ts';
import { encodeText } from '../../../../kernel/codec.ts';
import type { AccountEvent, OrderRequest, PlannedChild } from '../../../../oms/events.ts';

/** Events of accounts as their partitions journal them, for tests and measurements: plausible, and made by hand. */
export const BASE = 1_700_000_000_000;
export const at = (ms: number): UnixMs => (BASE + ms) as UnixMs;
export const partitionOf = (account: string): PartitionId => `account:${account}` as PartitionId;

const USDT = 'USDT' as AssetId;
const BTC = 'BTC' as AssetId;
const encoder = new TextEncoder();
export const encoded = (events: readonly unknown[]): Uint8Array[] =>
  events.map((event) => encoder.encode(encodeText(event)));

export type OrderWish = Readonly<{
  seq: number;
  ms: number;
  instrument?: string;
  clientOrderId?: string | null;
  side?: Side;
  venue?: string;
  price?: string;
  qty?: string;
}>;

export const orderIdOf = (seq: number): OrderId => `o-${seq}` as OrderId;
export const childIdOf = (seq: number, n = 1): ClientOrderId => `k-${seq}-${n}` as ClientOrderId;

type Swap = Readonly<{ gives: AssetId; given: Money; held: Money; takes: AssetId; taken: Money }>;

export class Scribe {
  readonly account: string;
  constructor(account: string) {
    this.account = account;
  }

  opened(number = 1): AccountEvent {
    return { type: 'account_opened', at: at(0), account: this.account as AccountId, number, synthetic: false };
  }

  deposited(ms: number, asset: string, amount: string, n = 1): AccountEvent {
    const common = { reference: `ref-${n}`, actor: 'root', note: '', n };
    return { type: 'deposited', at: at(ms), asset: asset as AssetId, amount: money(amount), ...common };
  }

  /** Accepted and routed to one venue. */
  placed(wish: OrderWish): AccountEvent[] {
    const { seq, ms, price = '100', qty = '1', side = 'buy', venue = INTERNAL_VENUE } = wish;
    const order = orderIdOf(seq);
    const request: OrderRequest = {
      clientOrderId: wish.clientOrderId ?? null,
      instrument: (wish.instrument ?? 'spot:BTCUSDT') as InstrumentId,
      side,
      type: 'limit',
      qty: money(qty),
      quoteQty: null,
      price: money(price),
      timeInForce: 'gtc',
      reduceOnly: false,
      selfTrade: 'cancel_taker',
      maxSlippage: null,
      routing: { strategy: 'smart', venues: null, caps: [], preferInternal: null },
    };
    const coins = { base: BTC, quote: USDT, quoteScale: 8 };
    const amount = side === 'buy' ? times(price, qty) : money(qty);
    const child: PlannedChild = {
      id: childIdOf(seq),
      venue: venue as VenueId,
      price: money(price),
      qty: money(qty),
      timeInForce: 'gtc',
      rates: { maker: ZERO, taker: ZERO },
      reserve: { asset: side === 'buy' ? USDT : BTC, amount },
    };
    const decision = { type: 'plan', instrument: request.instrument, side, qty: 1_000, levels: [] } as never;
    return [
      {
        type: 'order_accepted',
        at: at(ms),
        order,
        seq,
        request,
        coins,
        fingerprint: `f${seq}`,
        arrival: money('100'),
        worstPrice: null,
      },
      { type: 'routed', at: at(ms), order, round: 1, decision, children: [child] },
    ];
  }

  child(seq: number, event: ChildEvent): AccountEvent {
    return { type: 'child', child: childIdOf(seq), event };
  }

  worked(seq: number, ms: number): AccountEvent {
    return this.child(seq, { type: 'accepted', at: at(ms), venueOrderId: `v${seq}` as VenueOrderId, venueAt: at(ms) });
  }

  /** A fill on the internal venue, without a fee. `held` is what it takes from the order's hold. */
  bought(seq: number, ms: number, price: string, qty: string, held: string): AccountEvent {
    const [gives, takes] = [times(price, qty), money(qty)];
    return this.#traded(seq, ms, price, qty, {
      gives: USDT,
      given: gives,
      held: money(held),
      takes: BTC,
      taken: takes,
    });
  }

  sold(seq: number, ms: number, price: string, qty: string, held: string): AccountEvent {
    const [gives, takes] = [money(qty), times(price, qty)];
    return this.#traded(seq, ms, price, qty, {
      gives: BTC,
      given: gives,
      held: money(held),
      takes: USDT,
      taken: takes,
    });
  }

  #traded(seq: number, ms: number, price: string, qty: string, swap: Swap): AccountEvent {
    const execution = {
      execId: `x${seq}-${ms}` as ExecId,
      at: at(ms),
      price: money(price),
      qty: money(qty),
      notional: times(price, qty),
      fee: ZERO,
      feeAsset: BTC,
      liquidity: 'taker',
    } as const;
    const postings = [
      { asset: swap.gives, total: -swap.given as Money, held: -swap.held as Money, cause: 'trade' },
      { asset: swap.takes, total: swap.taken, held: ZERO, cause: 'trade' },
    ] as const;
    return {
      type: 'child',
      child: childIdOf(seq),
      event: { type: 'traded', at: at(ms), execution },
      booking: { postings },
    };
  }

  /** A whole life: placed, working, filled at once, closed. */
  filled(wish: OrderWish): AccountEvent[] {
    const { seq, ms, price = '100', qty = '1', side = 'buy' } = wish;
    const fill =
      side === 'buy'
        ? this.bought(seq, ms + 2, price, qty, `${Number(price) * Number(qty)}`)
        : this.sold(seq, ms + 2, price, qty, qty);
    return [
      ...this.placed(wish),
      this.worked(seq, ms + 1),
      fill,
      { type: 'order_closed', at: at(ms + 3), order: orderIdOf(seq), status: 'filled', reason: 'FILLED' },
    ];
  }

  canceled(wish: OrderWish): AccountEvent[] {
    const { seq, ms, price = '100', qty = '1' } = wish;
    const postings = [{ asset: USDT, total: ZERO, held: -times(price, qty) as Money, cause: 'release' }] as const;
    const event: ChildEvent = { type: 'canceled', at: at(ms + 2), reason: 'BY_USER' };
    return [
      ...this.placed(wish),
      this.worked(seq, ms + 1),
      { type: 'cancel_requested', at: at(ms + 1), order: orderIdOf(seq), actor: 'root' },
      { type: 'child', child: childIdOf(seq), event, booking: { postings } },
      { type: 'order_closed', at: at(ms + 3), order: orderIdOf(seq), status: 'canceled', reason: 'CANCELED_BY_USER' },
    ];
  }
}

const times = (price: string, qty: string): Money => ((money(price) * money(qty)) / money('1')) as Money;
