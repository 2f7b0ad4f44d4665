import { closeSync, fstatSync, openSync } from 'node:fs';
import { CommandError } from '../exit.ts';
import { endOf, historyBytes, type OpenFile } from './history-bytes.ts';

/** A history on disk, open until it is closed, so that it may be moved or deleted while it is played. */
export type HistoryFile = Readonly<{ name: string; lines(): Iterable<string>; close(): void }>;

/** No line of an order book is as long as this; a file without line ends must not fill the memory. */
const LONGEST_LINE = 4 * 2 ** 20;
/** Lines that no history has: the exchange refuses them at their number. */
const CUT = '{';
const DAMAGED = 'damaged archive';

/** Opens a history, plain, zipped or gzipped. Throws CommandError REPLAY_NOT_FOUND, REPLAY_CUT. */
export function openHistory(path: string): HistoryFile {
  const file = openFile(path);
  try {
    refuseCut(path, file);
  } catch (error) {
    closeSync(file.handle);
    throw error;
  }
  return { name: path, lines: () => historyLines(file), close: () => closeSync(file.handle) };
}

/**
 * The exchange checks the first lines of a history before it opens and the others when their time comes. A download
 * that broke off shows at the file's end, so it is refused now, whatever its length. One that begins as nothing known
 * is left for the exchange to say what it is.
 */
function refuseCut(path: string, file: OpenFile): void {
  const end = endOf(file);
  if (end === 'whole') return;
  let line = 0;
  let last = '';
  for (const text of historyLines(file)) {
    line += 1;
    last = text;
    if (line === 1 && !/^\{"|,/.test(text)) return;
  }
  if (end === 'unclear' && last !== CUT) return;
  throw new CommandError('REPLAY_CUT', `${path}: line ${line}: the file is cut off here; download it again`);
}

function openFile(path: string): OpenFile {
  try {
    const handle = openSync(path, 'r');
    const stat = fstatSync(handle);
    if (stat.isFile()) return { handle, size: stat.size };
    closeSync(handle);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new CommandError('REPLAY_NOT_FOUND', `${path}: ${why}`);
  }
  throw new CommandError('REPLAY_NOT_FOUND', `${path} is no file`);
}

/** Line by line, read as they are asked for. An archive that stops or breaks ends with a line that says so. */
function* historyLines(file: OpenFile): Generator<string> {
  const decoder = new TextDecoder();
  const bytes = historyBytes(file);
  let rest = '';
  let step = bytes.next();
  for (; step.done !== true; step = bytes.next()) {
    const lines = (rest + decoder.decode(step.value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > LONGEST_LINE) break;
  }
  const isCut = step.value === 'cut';
  // Of a table a row that was cut may look whole, and a number in it be shorter than it was.
  if (rest !== '' && !(isCut && !rest.trimEnd().endsWith('}'))) yield rest;
  if (isCut) yield CUT;
  if (step.value === 'damaged') yield DAMAGED;
}
