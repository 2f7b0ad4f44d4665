import type { Bybit, OrderAck, TradeSocket, WriteOptions, WriteOutcome } from '@okd/bybit';
import type { Money } from '../../domain/ids.ts';
import type { OrderRef, Outcome, SubmitRequest } from '../../ports/venue.ts';
import type { Listings } from './listings.ts';
import { amendParams, cancelParams, createParams } from './order-params.ts';
import { outcomeOf } from './outcome.ts';
import type { Traded } from './words.ts';

/** An order that has waited this long for its turn is not what its sender wants any more. */
const ORDER_TTL_MS = 4_000;
/** A cancel is as right late as early: hundreds of them wait until Bybit's budget has let each through. */
const CANCEL_TTL_MS = 60_000;

export type OrderEntryOptions = Readonly<{
  bybit: Bybit;
  listings: Listings;
  /** Used while it is logged in; null: orders leave over REST. */
  socket: TradeSocket | null;
}>;

type Written = WriteOutcome<OrderAck>;
type Way = Pick<Bybit['orders'], 'create' | 'amend' | 'cancel'>;

/** Sends an account's commands, and remembers what its key was barred from. */
export class OrderEntry {
  readonly #options: OrderEntryOptions;
  readonly #barred = new Map<Traded, string>();
  #blocked: string | null = null;

  constructor(options: OrderEntryOptions) {
    this.#options = options;
  }

  /** Why nothing is accepted with this key any more, until it is changed. Null while it is. */
  get blocked(): string | null {
    return this.#blocked;
  }

  /** Bybit has refused a command of this category for want of a permission. */
  isBarred(category: Traded): boolean {
    return this.#barred.has(category);
  }

  async submit(request: SubmitRequest): Promise<Outcome> {
    const params = createParams(this.#options.listings, request);
    if (!params.ok) return { type: 'refused', refusal: params.error };
    const { value } = params;
    return this.#send(value.category, ORDER_TTL_MS, (way, options) => way.create(value, options));
  }

  async amend(ref: OrderRef, change: Readonly<{ price: Money; qty: Money }>): Promise<Outcome> {
    const params = amendParams(this.#options.listings, ref, change);
    if (!params.ok) return { type: 'refused', refusal: params.error };
    const { value } = params;
    return this.#send(value.category, ORDER_TTL_MS, (way, options) => way.amend(value, options));
  }

  async cancel(ref: OrderRef): Promise<Outcome> {
    const params = cancelParams(ref);
    if (params === null) return { type: 'unknown', reason: `${ref.instrument} is not traded here` };
    return this.#send(params.category, CANCEL_TTL_MS, (way, options) => way.cancel(params, options));
  }

  /**
   * Over the socket while it is logged in, else over REST. A command takes the second way only if it is proven that it
   * did not leave by the first: the socket was lost before its turn came.
   */
  async #send(
    category: Traded,
    ttlMs: number,
    write: (way: Way, options: WriteOptions) => Promise<Written>,
  ): Promise<Outcome> {
    const { bybit, socket } = this.#options;
    let written = socket?.isReady === true ? await write(socket, { ttlMs }) : null;
    if (written === null || wasLeftBehind(written)) written = await write(bybit.orders, { ttlMs });
    return this.#note(category, outcomeOf(written));
  }

  #note(category: Traded, outcome: Outcome): Outcome {
    if (outcome.type !== 'refused') return outcome;
    const { code, message } = outcome.refusal;
    if (code === 'ACCOUNT_BLOCKED') this.#blocked = message;
    if (code === 'NOT_PERMITTED') this.#barred.set(category, message);
    return outcome;
  }
}

const wasLeftBehind = (written: Written): boolean =>
  written.type === 'refused' && written.error.type === 'held' && written.error.reason === 'link_down';
