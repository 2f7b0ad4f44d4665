import { money } from '../domain/decimal.ts';
import type { InstrumentId, Money, UnixMs } from '../domain/ids.ts';
import { instrumentId } from '../domain/ids.ts';
import { unwrap } from '../domain/result.ts';
import { COINS } from './config/coins.ts';
import { listInstrument, type PaperInstrument } from './config/listings.ts';
import { dueListings } from './config/series.ts';
import type { PaperConfig } from './config/types.ts';
import type { EventOf } from './state/events.ts';
import type { PaperState } from './state/state.ts';

/** How long a contract that was delivered is still known, for its orders and executions to be shown. */
const KEPT_AFTER_DELIVERY_MS = 30 * 86_400_000;

/**
 * Adds to the instruments of the configuration what was listed while the exchange ran, and what is due now, and gives
 * the events that write the latter down. Of what was listed, everything stays that somebody added, and of series what
 * the configuration still has.
 */
export function openListings(
  config: Pick<PaperConfig, 'series'>,
  state: PaperState,
  instruments: Map<InstrumentId, PaperInstrument>,
  now: UnixMs,
): readonly (EventOf<'listed'> | EventOf<'delisted'>)[] {
  const names = new Set(config.series.map(({ key }) => key));
  const gone: EventOf<'delisted'>[] = [];
  for (const [id, { terms, series, at }] of state.listings) {
    const delivery = terms.contract?.delivery?.at ?? Number.POSITIVE_INFINITY;
    if (delivery + KEPT_AFTER_DELIVERY_MS < now && state.statuses.get(id) === 'closed') {
      gone.push({ type: 'delisted', at: now, instrument: id });
    } else if (series === null || names.has(series)) instruments.set(id, unwrap(listInstrument(terms, at)));
  }
  return [...gone, ...listDue(config, state, instruments, now)];
}

/** The part of it that comes again with time: new deliveries, and new strikes. `priceOf`: where a coin stands now. */
export function listDue(
  config: Pick<PaperConfig, 'series'>,
  state: PaperState,
  instruments: Map<InstrumentId, PaperInstrument>,
  now: UnixMs,
  priceOf: (base: string) => Money | null = () => null,
): readonly EventOf<'listed'>[] {
  return config.series.flatMap((series) =>
    dueListings(
      now,
      series,
      [...instruments.values()],
      priceOf(series.base) ?? coinPrice(state, instruments, series.base),
    ).map((terms) => {
      const instrument = unwrap(listInstrument(terms, now));
      instruments.set(instrument.id, instrument);
      return { type: 'listed', at: now, terms, series: series.key } as const;
    }),
  );
}

/** Where a coin stood last, in US dollars. */
function coinPrice(state: PaperState, instruments: ReadonlyMap<InstrumentId, PaperInstrument>, base: string): Money {
  const ids = [instrumentId('spot', `${base}USDT`), instrumentId('linear', `${base}USDT`)];
  for (const id of ids) {
    const known = state.marks.get(id)?.index ?? instruments.get(id)?.reference;
    if (known !== undefined) return known;
  }
  const table: Readonly<Record<string, { reference: string }>> = COINS;
  return money(table[base]?.reference ?? '1');
}
