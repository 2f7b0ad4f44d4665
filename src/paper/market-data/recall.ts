import type { InstrumentId } from '../../domain/ids.ts';
import type { FactHistory } from './facts.ts';
import type { InstrumentSeries } from './instrument-series.ts';
import { SERIES_KINDS, type SeriesKind } from './kinds.ts';
import type { MarketRecorder } from './recorder.ts';
import { type MarketRecord, type MinuteRecord, rowOf } from './records.ts';
import { decodeMarketSnapshot } from './snapshot.ts';
import { isSame, recounted, type Units } from './units.ts';

/** Brings back what earlier runs recorded, and keeps what the numbers of the records count. */
export class Recall {
  readonly #series: ReadonlyMap<InstrumentId, InstrumentSeries>;
  readonly #facts: FactHistory;
  readonly #recorder: MarketRecorder | null;
  readonly #recorded = new Map<InstrumentId, Units>();

  constructor(
    series: ReadonlyMap<InstrumentId, InstrumentSeries>,
    facts: FactHistory,
    recorder: MarketRecorder | null,
  ) {
    this.#series = series;
    this.#facts = facts;
    this.#recorder = recorder;
  }

  /** Reads what was recorded; says until when the exchange ran, null when it never did. */
  read(): number | null {
    const found = this.#recorder?.read() ?? { snapshot: null, records: [] };
    const stored = found.snapshot === null ? null : decodeMarketSnapshot(found.snapshot, this.#series, this.#facts);
    if (stored !== null) this.#knowUnits(stored.units);
    let until = stored?.at ?? null;
    for (const record of found.records) until = this.#replay(record) ?? until;
    return until;
  }

  /** Tells later readers what the numbers count, where they have not heard it yet. */
  writeUnits(all: Iterable<InstrumentSeries>): void {
    if (this.#recorder === null) return;
    const fresh = [...all].filter(({ market, units }) => {
      const known = this.#recorded.get(market.id);
      return known === undefined || !isSame(known, units);
    });
    if (fresh.length === 0) return;
    const units = Object.fromEntries(fresh.map((one) => [one.market.id, one.units]));
    this.#knowUnits(units);
    this.#recorder.write([{ type: 'units', units }]);
  }

  forget(): void {
    this.#facts.clear();
    for (const one of this.#series.values()) for (const candles of one.series.values()) candles.clear();
  }

  #replay(record: MarketRecord): number | null {
    switch (record.type) {
      case 'fact':
        this.#facts.take(record.fact);
        return null;
      case 'units':
        this.#knowUnits(record.units);
        return null;
      case 'reset':
        this.forget();
        return record.at;
      case 'minute':
      case 'partial':
        this.#restore(record);
        return record.at;
    }
  }

  #knowUnits(units: Readonly<Record<InstrumentId, Units>>): void {
    for (const [id, one] of Object.entries(units)) this.#recorded.set(id as InstrumentId, one);
  }

  #restore({ type, start, rows }: MinuteRecord): void {
    for (const [id, cells] of Object.entries(rows)) {
      const one = this.#series.get(id as InstrumentId);
      if (one === undefined) continue;
      const units = this.#recorded.get(id as InstrumentId) ?? one.units;
      cells.forEach((cell, index) => {
        if (cell === null) return;
        const kind = SERIES_KINDS[index] as SeriesKind;
        const row = recounted(rowOf(cell, start), kind, units, one.units);
        one.series.get(kind)?.restore(row, type === 'minute');
      });
    }
  }
}
