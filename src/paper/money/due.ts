import type { UnixMs } from '../../domain/ids.ts';
import type { ExchangeInstrument } from '../../ports/exchange.ts';
import { MINUTE_MS } from '../candles/intervals.ts';
import type { PaperState } from '../state/state.ts';
import type { Market } from '../tape/market.ts';

/** Something that has to be done for a market at a time. */
export type Due = Readonly<{ what: 'funding' | 'session' | 'delivery'; market: Market }>;

/** USDC contracts settle their sessions every eight hours. */
const SESSION_MIN = 480;
const ORDER: readonly Due['what'][] = ['funding', 'session', 'delivery'];

/**
 * What falls due in (after, until], by its time, oldest first; of one time funding before sessions before deliveries,
 * and then in the order of the markets. A delivery that was missed stays due until it is done.
 */
export function dueItems(
  markets: Iterable<Market>,
  after: UnixMs,
  until: UnixMs,
  isSettled: (market: Market) => boolean,
): ReadonlyMap<UnixMs, readonly Due[]> {
  const times = new Map<UnixMs, Due[]>();
  for (const market of markets) {
    const { contract, launchedAt } = market.instrument;
    if (contract === null) continue;
    const end = contract.delivery?.at ?? null;
    const from = Math.max(after, launchedAt) as UnixMs;
    const to = Math.min(until, end ?? until) as UnixMs;
    const put = (what: Due['what'], at: UnixMs): void => {
      const known = times.get(at);
      if (known === undefined) times.set(at, [{ what, market }]);
      else known.push({ what, market });
    };
    for (const at of boundaries(contract.funding?.intervalMin ?? null, from, to)) put('funding', at);
    for (const at of boundaries(hasSessions(market.instrument) ? SESSION_MIN : null, from, to)) put('session', at);
    if (end !== null && end <= until && !isSettled(market)) put('delivery', end);
  }
  for (const items of times.values()) items.sort((a, b) => ORDER.indexOf(a.what) - ORDER.indexOf(b.what));
  return new Map([...times].sort(([a], [b]) => a - b));
}

/** Whether a contract is closed for good and nobody holds any of it: it is not settled a second time. */
export function isSettled(state: PaperState, { id }: Pick<Market, 'id'>): boolean {
  if (state.statuses.get(id) !== 'closed') return false;
  for (const account of state.accounts.values()) {
    for (const { instrument, size } of account.positions.values()) if (instrument === id && size !== 0n) return false;
  }
  return true;
}

/** Whether profits are booked every session. */
export const hasSessions = ({ contract, settle }: Pick<ExchangeInstrument, 'contract' | 'settle'>): boolean =>
  settle === 'USDC' && contract !== null && contract.kind !== 'option';

/** Multiples of an interval in (after, until]. */
function boundaries(intervalMin: number | null, after: UnixMs, until: UnixMs): readonly UnixMs[] {
  if (intervalMin === null) return [];
  const step = intervalMin * MINUTE_MS;
  const first = Math.floor(after / step) + 1;
  const count = Math.max(0, Math.floor(until / step) - first + 1);
  return Array.from({ length: count }, (_, index) => ((first + index) * step) as UnixMs);
}
