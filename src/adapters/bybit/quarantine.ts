import type { Log } from '../../ports/log.ts';
import type { VenueEvent } from '../../ports/venue.ts';

/** Rows remembered as told: more than one account can have unreadable at a time, and a bound on what is kept. */
const REMEMBERED = 1_000;

/** Categories of Bybit that this adapter does not trade: what other programs do there is no business of ours. */
const FOREIGN: readonly unknown[] = ['inverse', 'option'];
const LOG_EVERY = 100;

/** Where rows go that are not passed on: those that could not be read are told, each once; foreign ones are counted. */
export class Quarantine {
  readonly #tell: (event: VenueEvent) => void;
  readonly #log: Log;
  readonly #told = new Set<string>();
  readonly #foreign = new Map<string, number>();

  constructor(tell: (event: VenueEvent) => void, log: Log) {
    this.#tell = tell;
    this.#log = log;
  }

  /** A row that could not be read, as JSON. The same row in the same place is told once; of the wallet, each coin once. */
  take(topic: string, text: string): void {
    const row: unknown = JSON.parse(text);
    if (typeof row === 'object' && row !== null && 'category' in row && this.skips(topic, row.category)) return;
    const key = `${topic} ${this.#identity(topic, row) ?? text}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const oldest = this.#told.values().next();
    if (this.#told.size > REMEMBERED && !oldest.done) this.#told.delete(oldest.value);
    this.#tell({ type: 'unreadable', topic, text });
  }

  /** Rows of the wallet and of positions say the same coin or symbol anew with every price. */
  #identity(topic: string, row: unknown): string | null {
    if ((topic !== 'wallet' && topic !== 'position') || typeof row !== 'object' || row === null) return null;
    const name = 'coin' in row ? row.coin : 'symbol' in row ? row.symbol : null;
    return typeof name === 'string' ? name : null;
  }

  /** Whether a row is of a category that is not traded here; such rows are counted in the log, and nothing else. */
  skips(topic: string, category: unknown): boolean {
    if (!FOREIGN.includes(category)) return false;
    const name = `${topic} ${category}`;
    const count = (this.#foreign.get(name) ?? 0) + 1;
    this.#foreign.set(name, count);
    if (count % LOG_EVERY === 1) this.#log.debug('bybit_foreign_rows', { topic, category, count });
    return true;
  }
}
