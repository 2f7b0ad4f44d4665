import type { Ticks } from '../../../domain/ids.ts';
import { instrumentId } from '../../../domain/ids.ts';
import type { Exchange } from '../../../ports/exchange.ts';
import { type Rng, uniform } from '../../../ports/rng.ts';
import { formatsOf } from '../numbers.ts';
import type { RuleOf } from './rule.ts';
import type { PushSubject } from './subject.ts';

type BookRule = Extract<RuleOf<'MD'>, { action: 'cross' | 'delete_level' }>;
type BookData = { b?: [string, string][]; a?: [string, string][] };

/** Puts a level into the message of a book that the exchange's own book has not, in place. */
export function damageBook(
  rule: BookRule,
  message: { data?: BookData },
  { category, topic }: PushSubject,
  exchange: Pick<Exchange, 'instrument' | 'book'>,
): void {
  const symbol = topic.slice(topic.lastIndexOf('.') + 1);
  const instrument = category === null ? null : exchange.instrument(instrumentId(category, symbol));
  const { data } = message;
  if (instrument === null || data === undefined) return;
  const { ticks, lots } = formatsOf(instrument);
  if (rule.action === 'delete_level') {
    const price = rule.price ?? ticks(instrument.listing.minPrice as Ticks);
    data.b = [...(data.b ?? []), [price, '0']];
    return;
  }
  const best = exchange.book(instrument.id, 1).asks[0];
  if (best === undefined) return;
  const bid: [string, string] = [ticks((best.price + rule.ticks) as Ticks), lots(best.qty)];
  data.b = [bid, ...(data.b ?? [])];
}

/** Leaves about half of a ticker's fields out, in place. */
export function sparse(message: { data?: Record<string, unknown> }, rng: Rng): void {
  const { data } = message;
  if (data === undefined) return;
  for (const key of Object.keys(data)) if (key !== 'symbol' && uniform(rng) < 0.5) delete data[key];
}
