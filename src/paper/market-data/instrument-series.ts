import { divide, money, multiply, quotient, ZERO } from '../../domain/decimal.ts';
import type { InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import type { Candle, CandleQuery } from '../../ports/exchange-market.ts';
import type { PublicTrade } from '../../ports/exchange.ts';
import { nextStart } from '../candles/intervals.ts';
import { CandleSeries, type Level, PRICE_LEVELS } from '../candles/series.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { type AccountFacts, positionKey } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { SERIES_KINDS, type SeriesKind } from './kinds.ts';
import { premiumOf } from './premium-index.ts';
import { recounted, type Units, unitsOf, valueUnit } from './units.ts';

/** Samples of five minutes and more: clients ask for none that are closer. */
const SAMPLE_LEVELS: readonly Level[] = [
  { interval: '1', most: 60 },
  { interval: '5', most: 2_000 },
  { interval: '60', most: 2_000 },
  { interval: 'D', most: 500 },
];

const HALF = money('0.5');

type Accounts = ReadonlyMap<string, AccountFacts>;
type Sampled = Exclude<SeriesKind, 'last'>;

const END_OF_TIME = 8.64e15;
const MOST_MINUTES = Number.MAX_SAFE_INTEGER;
const amount = (count: number, unit: Money): Money => (BigInt(count) * unit) as Money;

/** What is kept of one instrument over time. */
export class InstrumentSeries {
  readonly market: Market;
  readonly series = new Map<SeriesKind, CandleSeries>();
  readonly units: Units;

  constructor(market: Market) {
    this.market = market;
    this.units = unitsOf(market.instrument);
    for (const kind of kindsOf(market.instrument)) {
      const levels = kind === 'interest' || kind === 'ratio' ? SAMPLE_LEVELS : PRICE_LEVELS;
      this.series.set(kind, new CandleSeries(levels, kind === 'last'));
    }
  }

  /** Goes on with the candles of what the instrument was before its tick or step changed. */
  takeOver(before: InstrumentSeries): void {
    for (const [kind, series] of this.series) {
      const old = before.series.get(kind);
      if (old !== undefined) series.takeOver(old, (row) => recounted(row, kind, before.units, this.units));
    }
  }

  begin(at: number, accounts: Accounts): void {
    for (const [kind, series] of this.series) series.begin(at, this.#now(kind, accounts));
  }

  /** Candles of an interval, newest first; none of a kind that is not kept of it. */
  candles(kind: SeriesKind, { interval, from, to, limit, oldest = false }: CandleQuery): readonly Candle[] {
    const series = this.series.get(kind);
    const unit = valueUnit(this.units, kind);
    const query = { from: from ?? 0, to: to ?? END_OF_TIME, limit, oldest };
    return (series?.read(interval, query) ?? []).map((row) => {
      const end = nextStart(interval, row.start) as UnixMs;
      return {
        start: row.start as UnixMs,
        end,
        open: amount(row.open, unit),
        high: amount(row.high, unit),
        low: amount(row.low, unit),
        close: amount(row.close, unit),
        volume: amount(row.volume, this.units.qty),
        turnover: (row.turnover * this.units.turnover) as Money,
        isClosed: end <= (series?.minute ?? 0),
      };
    });
  }

  /** Minutes of a kind that start in [from, before) and have ended, oldest first. */
  minutes(kind: SeriesKind, from: number, before: number): readonly Candle[] {
    const query = { interval: '1', from: from as UnixMs, to: (before - 1) as UnixMs, limit: MOST_MINUTES } as const;
    return this.candles(kind, query)
      .filter((minute) => minute.isClosed)
      .reverse();
  }

  trade(trade: PublicTrade): void {
    const { qty: step, turnover: unit } = this.units;
    const turnover = divide(turnoverOf(this.market, trade), unit, 'half_even');
    this.series.get('last')?.trade(this.#count('last', trade.price), Number(trade.qty / step), turnover);
  }

  /** Takes the prices of now; says whether mark or index have moved. */
  sample(): boolean {
    const before = [this.series.get('mark')?.last, this.series.get('index')?.last];
    for (const kind of ['mark', 'index', 'premium'] as const) this.#set(kind, null);
    return this.series.get('mark')?.last !== before[0] || this.series.get('index')?.last !== before[1];
  }

  /** Everything that is only looked at when a minute ends. */
  sampleAll(accounts: Accounts): void {
    for (const kind of this.series.keys()) if (kind !== 'last') this.#set(kind, accounts);
  }

  #set(kind: Sampled, accounts: Accounts | null): void {
    const series = this.series.get(kind);
    if (series !== undefined) series.set(this.#now(kind, accounts));
  }

  #now(kind: SeriesKind, accounts: Accounts | null): number {
    return this.#count(kind, valueOf(this.market, kind, accounts));
  }

  #count(kind: SeriesKind, value: Money): number {
    return Number(divide(value, valueUnit(this.units, kind), 'half_even'));
  }
}

function kindsOf(instrument: PaperInstrument): readonly SeriesKind[] {
  if (instrument.category === 'spot') return ['last'];
  if (instrument.category === 'option') return ['last', 'mark'];
  return SERIES_KINDS;
}

function valueOf(market: Market, kind: SeriesKind, accounts: Accounts | null): Money {
  switch (kind) {
    case 'last':
      return market.last;
    case 'mark':
      return market.mark();
    case 'index':
      return market.index();
    case 'premium':
      return premiumOf(market);
    case 'interest':
      return holdings(market.id, accounts).open;
    case 'ratio':
      return holdings(market.id, accounts).ratio;
  }
}

/** Contracts open, one side counted, and the part of the accounts that is long: half where nobody holds any. */
function holdings(id: InstrumentId, accounts: Accounts | null): { open: Money; ratio: Money } {
  let open = 0n;
  let long = 0n;
  let short = 0n;
  for (const { positions } of accounts?.values() ?? []) {
    for (const idx of [0, 1, 2] as const) {
      const size = positions.get(positionKey(id, idx))?.size ?? 0n;
      if (size > 0n) open += size;
      if (size > 0n) long += 1n;
      if (size < 0n) short += 1n;
    }
  }
  const all = (long + short) as Money;
  return { open: open as Money, ratio: all === ZERO ? HALF : quotient(long as Money, all, 'half_even') };
}

/** Value of a trade: in quote currency, of an inverse contract in the coin; of an option what its coin is worth. */
export function turnoverOf(market: Market, { price, qty }: Pick<PublicTrade, 'price' | 'qty'>): Money {
  switch (market.instrument.category) {
    case 'inverse':
      return quotient(qty, price, 'half_even');
    case 'option':
      return multiply(qty, market.index(), 'half_even');
    case 'spot':
    case 'linear':
      return multiply(qty, price, 'half_even');
  }
}
