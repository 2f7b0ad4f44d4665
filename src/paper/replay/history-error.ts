/** Stable codes of what can be wrong with a history. */
export type HistoryErrorCode =
  | 'REPLAY_CUT' // the line ends before its message or its columns do
  | 'REPLAY_BAD_LINE' // no message of an order book, no row of trades or klines
  | 'REPLAY_COLUMNS' // a table whose header names neither trades nor klines
  | 'REPLAY_UNORDERED' // time goes back
  | 'REPLAY_NO_SNAPSHOT' // a delta before any snapshot
  | 'REPLAY_GAP' // a message is missing
  | 'REPLAY_MIXED' // another symbol than before, or than it should be; klines beside a book or trades
  | 'REPLAY_SYMBOL' // nothing says what the file is of
  | 'REPLAY_TWICE' // two files of one kind tell of the same time
  | 'REPLAY_OFF_GRID' // a price or quantity between two ticks or steps
  | 'REPLAY_EMPTY';

export type HistoryError = Readonly<{ code: HistoryErrorCode; line: number; message: string }>;

export const historyError = (code: HistoryErrorCode, line: number, message: string): HistoryError => ({
  code,
  line,
  message: `line ${line}: ${message}`,
});
