import type { Candle, CandleInterval, ExchangeInstrument, PublicEvent } from '../../../ports/exchange.ts';
import { candlePush } from '../wire/candle.ts';
import type { StreamSource } from './paced-stream.ts';
import type { StreamParts } from './stream.ts';

/** More intervals than can end between two looks, also where time is scaled. */
const MOST_NEW = 10;

/**
 * `kline.{interval}.{symbol}`: the candle of now whenever it changed, and once more with `confirm` when it has ended.
 * One that the exchange did not live to the end of is never confirmed.
 */
export class KlineSource implements StreamSource {
  readonly #parts: StreamParts;
  readonly #topic: string;
  readonly #instrument: ExchangeInstrument;
  readonly #interval: CandleInterval;
  #shown: Candle | null = null;

  constructor(parts: StreamParts, topic: string, instrument: ExchangeInstrument, interval: CandleInterval) {
    this.#parts = parts;
    this.#topic = topic;
    this.#instrument = instrument;
    this.#interval = interval;
  }

  first(): string | null {
    this.#shown = this.#read(1)[0] ?? null;
    return this.#shown === null ? null : this.#text(this.#shown);
  }

  hear(event: PublicEvent): boolean {
    return event.type === 'trades' || event.type === 'minute';
  }

  next(): readonly string[] {
    const shown = this.#shown;
    const fresh = this.#read(MOST_NEW).filter((candle) => shown === null || candle.start >= shown.start);
    this.#shown = fresh[0] ?? shown;
    return fresh
      .filter((candle) => shown === null || candle.start > shown.start || !isSame(candle, shown))
      .reverse()
      .map((candle) => this.#text(candle));
  }

  #read(limit: number): readonly Candle[] {
    const query = { interval: this.#interval, from: null, to: null, limit };
    return this.#parts.exchange.market.candles(this.#instrument.id, 'last', query);
  }

  #text(candle: Candle): string {
    const now = this.#parts.exchange.now();
    const data = [candlePush(candle, this.#interval, now)];
    return JSON.stringify({ topic: this.#topic, data, ts: now, type: 'snapshot' });
  }
}

const isSame = (a: Candle, b: Candle): boolean =>
  a.isClosed === b.isClosed && a.close === b.close && a.volume === b.volume && a.high === b.high && a.low === b.low;
