import { err, ok, type Result } from '../../domain/result.ts';
import { type HistoryError, historyError } from './history-error.ts';
import type { RecordedTrade } from './history-event.ts';
import { columnAt, findColumns, readCell, readCells, readSide, readTime } from './table-row.ts';

export type RowReader<T> = (text: string, line: number) => Result<T, HistoryError>;

/** The two archives call the quantity `size` (derivatives, contracts) and `volume` (spot, coins). */
const NAMES = { at: ['timestamp'], side: ['side'], price: ['price'], qty: ['size', 'volume'] } as const;

/**
 * Reads rows of Bybit's trade archives; the header tells them apart from others, null when it is another. Derivatives:
 * timestamp (seconds with a fraction), symbol, side, size, price, tickDirection, trdMatchID, …; spot: id, timestamp
 * (milliseconds), price, volume, side, and no symbol. Columns besides those are not looked at.
 */
export function tradeRows(header: readonly string[]): RowReader<RecordedTrade> | null {
  const columns = findColumns(header, NAMES);
  if (columns === null) return null;
  const symbolAt = columnAt(header, ['symbol']);
  return (text, line) => {
    const read = readCells(text, line, columns.count);
    if (!read.ok) return read;
    const cells = read.value;
    const at = readTime(cells[columns.at]);
    const side = readSide(cells[columns.side]);
    const price = readCell(cells[columns.price]);
    const qty = readCell(cells[columns.qty]);
    const bad = (message: string) => err(historyError('REPLAY_BAD_LINE', line, message));
    if (at === null) return bad(`${cells[columns.at]} is no time`);
    if (side === null) return bad(`${cells[columns.side]} is neither Buy nor Sell`);
    if (price === null || price === 0n) return bad(`${cells[columns.price]} is no price`);
    if (qty === null || qty === 0n) return bad(`${cells[columns.qty]} is no quantity`);
    return ok({ kind: 'trade', line, at, symbol: cells[symbolAt] ?? null, side, price, qty });
  };
}
