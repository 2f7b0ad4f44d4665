import type { CandleKind } from '../../ports/exchange-market.ts';

/** Besides the candles that clients ask for: contracts that are open, and the long part of who holds them. */
export type SeriesKind = CandleKind | 'interest' | 'ratio';
/** The order in which records name them. */
export const SERIES_KINDS: readonly SeriesKind[] = ['last', 'mark', 'index', 'premium', 'interest', 'ratio'];
