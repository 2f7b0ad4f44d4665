import { instrumentId, type InstrumentId } from '../../domain/ids.ts';
import { DEFAULT_QUOTES } from '../config/replay.ts';
import type { InstrumentTerms } from '../config/terms.ts';
import type { AtEnd, PaperConfig } from '../config/types.ts';
import { PaperOpenError } from '../open-error.ts';
import { symbolOfFile } from './file-name.ts';
import type { HistoryKind } from './history-event.ts';
import { replayedTerms } from './listed.ts';
import type { QuoteTerms } from './replayed-market.ts';
import { type HistorySummary, type LineSource, scanHistory } from './source.ts';

/** A history to play. `pace`: by the times in the file, or line by line when a test says so. */
export type ReplaySource = Readonly<{
  /** For people: the file's name. */
  name: string;
  category: InstrumentTerms['category'];
  /** What it is of; without it the rows or the name say so. */
  symbol?: string | null;
  atEnd: AtEnd;
  pace: 'file' | 'manual';
  lines: LineSource;
  /** Where no order book was recorded. */
  quotes?: QuoteTerms;
}>;

/** Everything that is played in one market. */
export type ReplayedHistories = Readonly<{
  id: InstrumentId;
  terms: InstrumentTerms;
  quotes: QuoteTerms;
  files: readonly HistorySource[];
}>;
export type HistorySource = Readonly<{ source: ReplaySource; kind: HistoryKind; symbol: string }>;

/** How much of a history is read before it is played: enough for its grid, and for most mistakes. */
const SCANNED_LINES = 2000;

type Scanned = Readonly<{ source: ReplaySource; summary: HistorySummary }>;

/** Looks into every history and puts together what belongs to one market. Throws PaperOpenError. */
export async function readHistories(
  config: PaperConfig,
  sources: readonly ReplaySource[],
): Promise<readonly ReplayedHistories[]> {
  const markets = new Map<InstrumentId, Scanned[]>();
  for (const source of sources) {
    const symbol = source.symbol ?? symbolOfFile(source.name);
    const scanned = await scanHistory(source.lines, SCANNED_LINES, symbol);
    if (!scanned.ok) throw new PaperOpenError(scanned.error.code, `${source.name}: ${scanned.error.message}`);
    const id = instrumentId(source.category, scanned.value.symbol);
    const files = markets.get(id) ?? [];
    checkTogether(files, { source, summary: scanned.value });
    markets.set(id, [...files, { source, summary: scanned.value }]);
  }
  return [...markets].map(([id, files]) => historiesOf(config, id, files));
}

/** Files of one market tell of different things, or of different times, and end alike. */
function checkTogether(others: readonly Scanned[], { source, summary }: Scanned): void {
  for (const other of others) {
    const both = `${source.name}: ${summary.symbol} of ${source.category}`;
    const kinds = [summary.kind, other.summary.kind];
    if (kinds.includes('klines') && kinds[0] !== kinds[1]) {
      const message = `${both} is made of klines or of ${kinds.find((kind) => kind !== 'klines')}, not of both`;
      throw new PaperOpenError('REPLAY_MIXED', `${message}: see ${other.source.name}`);
    }
    if (kinds[0] === kinds[1] && summary.from === other.summary.from) {
      throw new PaperOpenError('REPLAY_TWICE', `${both} is replayed already, from ${other.source.name}`);
    }
    if (source.atEnd !== other.source.atEnd) {
      throw new PaperOpenError('CONFIG_INVALID', `${both} has another at_end than ${other.source.name}`);
    }
  }
}

function historiesOf(config: PaperConfig, id: InstrumentId, files: readonly Scanned[]): ReplayedHistories {
  const [first] = files as [Scanned, ...Scanned[]];
  const terms = replayedTerms(config, {
    category: first.source.category,
    symbol: first.summary.symbol,
    price: files.toSorted((a, b) => a.summary.from - b.summary.from)[0]?.summary.price ?? null,
    priceScale: Math.max(...files.map(({ summary }) => summary.priceScale)),
    qtyScale: Math.max(...files.map(({ summary }) => summary.qtyScale)),
    hasBook: files.some(({ summary }) => summary.kind === 'book'),
  });
  if (!terms.ok) throw new PaperOpenError('CONFIG_INVALID', `${first.source.name}: ${terms.error}`);
  return {
    id,
    terms: terms.value,
    quotes: first.source.quotes ?? DEFAULT_QUOTES,
    files: files.map(({ source, summary }) => ({ source, kind: summary.kind, symbol: summary.symbol })),
  };
}
