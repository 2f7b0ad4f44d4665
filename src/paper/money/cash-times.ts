import type { InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import type { Timer } from '../../ports/clock.ts';
import { MINUTE_MS } from '../candles/intervals.ts';
import type { ExchangeClock } from '../clocks.ts';
import { type Core, unlessClosed } from '../core.ts';
import type { MarketData } from '../market-data/market-data.ts';
import type { Market } from '../tape/market.ts';
import { type Due, dueItems } from './due.ts';
import { type FundingTurn, settleFunding } from './funding.ts';

type CashParts = Readonly<{
  core: Core;
  clock: ExchangeClock;
  markets: ReadonlyMap<InstrumentId, Market>;
  past: MarketData;
}>;

/**
 * Lets happen what is due by the exchange's clock: funding at the boundaries of its intervals. What fell due while the
 * exchange did not run is done first of all, once, at the last mark and rate that were known.
 */
export class CashTimes {
  readonly #parts: CashParts;
  readonly #openedAt: UnixMs;
  #timer: Timer | null = null;

  constructor(parts: CashParts, openedAt: UnixMs) {
    this.#parts = parts;
    this.#openedAt = openedAt;
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

  /** What is due, in the order of its times, each time in a decision of its own. */
  async #settle(): Promise<void> {
    const { core } = this.#parts;
    if (!core.available || this.#due().size === 0) return;
    // The minute before has to be in the histories, which rates are made of.
    await core.decide(() => {}).durable;
    for (const [due, items] of this.#due()) {
      const run = core.decide(
        (decision) => {
          for (const item of items) {
            const turn = this.#turn(item.market, due);
            if (turn !== null) settleFunding(decision, item.market, turn);
          }
          decision.emit({ type: 'cash_until', at: decision.at, until: due });
        },
        { tickers: items.map(({ market }) => market.id) },
      );
      await run.durable;
    }
  }

  #due(): ReadonlyMap<UnixMs, readonly Due[]> {
    const { core, markets } = this.#parts;
    return dueItems(markets.values(), core.desk.state.cashUntil, core.now());
  }

  /** Null where nothing was ever known of the market. */
  #turn(market: Market, due: UnixMs): FundingTurn | null {
    const { past } = this.#parts;
    if (due >= this.#openedAt) return { due, mark: market.mark(), rate: past.fundingRate(market.id, due - 1) };
    const last = this.#lastMark(market, due);
    return last === null ? null : { due, mark: last.mark, rate: past.fundingRate(market.id, last.until - 1) };
  }

  #lastMark({ id }: Market, before: UnixMs): Readonly<{ mark: Money; until: number }> | null {
    const query = { interval: '1', from: null, to: (before - 1) as UnixMs, limit: 1 } as const;
    const [last] = this.#parts.past.series.get(id)?.candles('mark', query) ?? [];
    return last === undefined ? null : { mark: last.close, until: last.end };
  }
}
