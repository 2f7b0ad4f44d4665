import type { Money } from '../domain/ids.ts';
import { instrumentId } from '../domain/ids.ts';
import type { Timer } from '../ports/clock.ts';
import type { ExchangeClock } from './clocks.ts';
import { daily } from './config/expiries.ts';
import { openMarket, type InstrumentParts } from './control-instruments.ts';
import { listDue } from './dated.ts';
import { unlessClosed } from './core.ts';

/** After a delivery: what is delivered comes first. */
const DELAY_MS = 1000;

/** Lists new deliveries and strikes as their time comes, while the exchange runs. */
export class ListingRoll {
  readonly #parts: InstrumentParts;
  readonly #clock: ExchangeClock;
  #timer: Timer | null = null;

  constructor(parts: InstrumentParts, clock: ExchangeClock) {
    this.#parts = parts;
    this.#clock = clock;
  }

  start(): void {
    this.#timer?.cancel();
    if (this.#parts.config.series.length === 0) return;
    const now = this.#clock.now();
    this.#timer = this.#clock.after(daily(now).next().value + DELAY_MS - now, () => {
      this.#list();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #list(): void {
    const { config, core, instruments, markets, agents } = this.#parts;
    if (!core.available) return;
    const priceOf = (base: string): Money | null => markets.get(instrumentId('spot', `${base}USDT`))?.index() ?? null;
    const events = listDue(config, core.desk.state, instruments, core.now(), priceOf);
    if (events.length === 0) return;
    const opened = events.map(({ terms }) => {
      const instrument = instruments.get(instrumentId(terms.category, terms.symbol));
      return instrument === undefined ? [] : [openMarket(this.#parts, instrument)];
    });
    try {
      core
        .decide((decision) => {
          for (const event of events) decision.emit(event);
        })
        .durable.catch(unlessClosed);
    } catch (error) {
      unlessClosed(error);
      return;
    }
    for (const market of opened.flat()) agents?.add(market);
  }
}
