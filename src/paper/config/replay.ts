import { money, ZERO } from '../../domain/decimal.ts';
import type { Category, Money } from '../../domain/ids.ts';
import type { ConfigReader } from './reader.ts';
import type { AtEnd, PaperConfig, ReplayConfig, ReplaySpeed } from './types.ts';

const FILE_FIELDS = ['file', 'category', 'symbol', 'at_end', 'quote_spread', 'quote_qty', 'queue_qty'];
/** What may be replayed: everything that can be listed. */
export const REPLAYED: readonly Category[] = ['spot', 'linear', 'inverse', 'option'];
const AT_ENDS = ['hold', 'loop', 'stop'] as const;
const FASTEST = 1e6;

/** A basis point, or a tick: what liquid symbols show. */
export const DEFAULT_QUOTES: ReplayConfig['quotes'] = { spread: money('0.0001'), qty: null, queue: null };

/** `[{ file, … }]`, or `{ speed, at_end, files: [{ file, … }] }`: `at_end` is then that of files that name none. */
export function readReplay(read: ConfigReader, value: unknown): Pick<PaperConfig, 'replay' | 'replaySpeed'> {
  if (value === undefined || Array.isArray(value)) {
    return { replay: readFiles(read, value, 'replay', 'hold'), replaySpeed: 1 };
  }
  const fields = read.object(value, 'replay', ['speed', 'at_end', 'files']);
  const atEnd = read.oneOf<AtEnd>(fields.at_end, 'replay.at_end', 'hold', AT_ENDS);
  return { replay: readFiles(read, fields.files, 'replay.files', atEnd), replaySpeed: readSpeed(read, fields.speed) };
}

function readSpeed(read: ConfigReader, value: unknown): ReplaySpeed {
  if (value === 'max') return 'max';
  if (typeof value === 'string') read.fail('replay.speed', 'must be a number or "max"');
  return typeof value === 'string' ? 1 : read.number(value, 'replay.speed', 1, 0, FASTEST);
}

function readFiles(read: ConfigReader, value: unknown, path: string, atEnd: AtEnd): readonly ReplayConfig[] {
  return read.list(value, path).map((row, index) => {
    const where = `${path}[${index}]`;
    const fields = read.object(row, where, FILE_FIELDS);
    const symbol = read.text(fields.symbol, `${where}.symbol`, '', /^[A-Z0-9-]{1,40}$/, 'a symbol');
    const qty = (name: 'quote_qty' | 'queue_qty'): Money | null =>
      fields[name] === undefined ? null : read.decimal(fields[name], `${where}.${name}`, null, ZERO);
    return {
      file: read.text(fields.file, `${where}.file`, null, /./, 'the path of a file'),
      category: read.oneOf(fields.category, `${where}.category`, 'spot', REPLAYED),
      symbol: symbol === '' ? null : symbol,
      atEnd: read.oneOf(fields.at_end, `${where}.at_end`, atEnd, AT_ENDS),
      quotes: {
        spread: read.decimal(fields.quote_spread, `${where}.quote_spread`, DEFAULT_QUOTES.spread, ZERO),
        qty: qty('quote_qty'),
        queue: qty('queue_qty'),
      },
    };
  });
}
