import type { InstrumentId, UnixMs } from '../../domain/ids.ts';
import type { Timer } from '../../ports/clock.ts';
import { MINUTE_MS } from '../candles/intervals.ts';
import type { Agents } from '../agents/agents.ts';
import type { ExchangeClock } from '../clocks.ts';
import { type Core, unlessClosed } from '../core.ts';
import type { Decision } from '../desk/decision.ts';
import type { MarketData } from '../market-data/market-data.ts';
import type { Market } from '../tape/market.ts';
import { type Due, dueItems, isSettled } from './due.ts';
import { DuePrices } from './due-prices.ts';
import { deliver, settleSessionOf } from './delivery.ts';
import { settleFunding } from './funding.ts';

type CashParts = Readonly<{
  core: Core;
  clock: ExchangeClock;
  markets: ReadonlyMap<InstrumentId, Market>;
  past: MarketData;
  agents: Agents | null;
}>;

/**
 * Lets happen what is due by the exchange's clock: funding and sessions at their boundaries, deliveries. What fell due
 * while the exchange did not run is done first of all, once, at the last prices and rates that were known.
 */
export class CashTimes {
  readonly #parts: CashParts;
  readonly #prices: DuePrices;
  #timer: Timer | null = null;
  #isSettling = false;

  constructor(parts: CashParts, openedAt: UnixMs) {
    this.#parts = parts;
    this.#prices = new DuePrices(parts.past, openedAt);
  }

  /** Resolves when everything that was due is done. */
  async start(): Promise<void> {
    this.#timer?.cancel();
    await this.#settle();
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Everything falls due with a minute. */
  #schedule(): void {
    const { clock } = this.#parts;
    this.#timer = clock.after(MINUTE_MS - (clock.now() % MINUTE_MS), () => {
      clock.hold(this.#settle().catch(unlessClosed));
      this.#schedule();
    });
  }

  /** One run at a time: what falls due meanwhile is found by the next. */
  async #settle(): Promise<void> {
    if (this.#isSettling) return;
    this.#isSettling = true;
    try {
      await this.#settleDue();
    } finally {
      this.#isSettling = false;
    }
  }

  /** What is due, in the order of its times, each time in a decision of its own. */
  async #settleDue(): Promise<void> {
    const { core, agents } = this.#parts;
    if (!core.available || this.#due().size === 0) return;
    // The minute before has to be in the histories, which rates are made of.
    await core.decide(() => {}).durable;
    for (const [due, items] of this.#due()) {
      for (const { what, market } of items) if (what === 'delivery') agents?.remove(market.id);
      const run = core.decide(
        (decision) => {
          for (const item of items) this.#carryOut(decision, item, due);
          const until = Math.max(due, core.desk.state.cashUntil) as UnixMs;
          decision.emit({ type: 'cash_until', at: decision.at, until });
        },
        { tickers: items.map(({ market }) => market.id) },
      );
      await run.durable;
    }
  }

  #due(): ReadonlyMap<UnixMs, readonly Due[]> {
    const { core, markets } = this.#parts;
    const { state } = core.desk;
    return dueItems(markets.values(), state.cashUntil, core.now(), (market) => isSettled(state, market));
  }

  #carryOut(decision: Decision, { what, market }: Due, due: UnixMs): void {
    if (what === 'delivery') return deliver(decision, market, due, this.#prices.delivery(market, due));
    const known = this.#prices.at(market, due);
    // Nothing was ever known of the market: nobody can hold anything of it.
    if (known === null) return;
    if (what === 'session') return settleSessionOf(decision, market, due, known.mark);
    settleFunding(decision, market, { due, ...known });
  }
}
