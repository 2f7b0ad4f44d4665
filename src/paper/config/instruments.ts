import { at, type ConfigReader } from './reader.ts';
import { DEFAULT_INSTRUMENTS, type InstrumentTerms, type MarketTerms } from './terms.ts';

const DECIMALS = [
  'tick', 'step', 'quoteStep', 'minQty', 'maxLimitQty', 'maxMarketQty', 'postOnlyMaxQty', 'minNotional', 'minPrice',
  'maxPrice', 'priceLimitX', 'priceLimitY', 'marketBand', 'reference',
] as const; // biome-ignore format: a table
const FIELDS = ['category', 'symbol', 'base', 'quote', ...DECIMALS, 'market'];
const WORD = /^[A-Z0-9]{1,30}$/;

export const keyOf = (terms: Pick<InstrumentTerms, 'category' | 'symbol'>): string =>
  `${terms.category}:${terms.symbol}`;

/**
 * `"default"` lists the table of terms.ts. A list trades just what it names: `"spot:BTCUSDT"` takes a row of the table
 * as it is, an object changes fields of one, or defines an instrument of its own (then every field is needed but
 * `market`; a linear one borrows the perpetual terms of BTCUSDT).
 */
export function readInstruments(
  read: ConfigReader,
  value: unknown,
): { terms: readonly InstrumentTerms[]; configured: ReadonlySet<string> } {
  if (value === undefined || value === 'default') return { terms: DEFAULT_INSTRUMENTS, configured: new Set() };
  const terms: InstrumentTerms[] = [];
  const configured = new Set<string>();
  read.list(value, 'instruments').forEach((row, index) => {
    const path = `instruments[${index}]`;
    const one = typeof row === 'string' ? known(read, row, path) : readTerms(read, row, path);
    if (one === null) return;
    if (terms.some((other) => keyOf(other) === keyOf(one))) read.fail(path, `${keyOf(one)} is there twice`);
    terms.push(one);
    if (typeof row !== 'string') configured.add(keyOf(one));
  });
  return { terms, configured };
}

function known(read: ConfigReader, key: string, path: string): InstrumentTerms | null {
  const terms = DEFAULT_INSTRUMENTS.find((one) => keyOf(one) === key);
  if (terms === undefined)
    read.fail(path, `is not in the default table (${DEFAULT_INSTRUMENTS.map(keyOf).join(', ')})`);
  return terms ?? null;
}

function readTerms(read: ConfigReader, row: unknown, path: string): InstrumentTerms | null {
  const fields = read.object(row, path, FIELDS);
  const category = read.oneOf(fields.category, at(path, 'category'), 'spot', ['spot', 'linear']);
  const symbol = read.text(fields.symbol, at(path, 'symbol'), null, WORD, 'capital letters and digits');
  const base = DEFAULT_INSTRUMENTS.find((one) => one.category === category && one.symbol === symbol);
  const perpetual = DEFAULT_INSTRUMENTS.find((one) => one.category === category)?.perpetual ?? null;
  const decimals = DECIMALS.map((name) => {
    const amount = fields[name] ?? base?.[name];
    read.decimal(amount, at(path, name), null, null);
    return [name, typeof amount === 'string' ? amount : '1'] as const;
  });
  return {
    category,
    symbol,
    base: read.text(fields.base, at(path, 'base'), base?.base ?? null, WORD, 'a coin'),
    quote: read.text(fields.quote, at(path, 'quote'), base?.quote ?? null, WORD, 'a coin'),
    ...(Object.fromEntries(decimals) as Record<(typeof DECIMALS)[number], string>),
    perpetual: base?.perpetual ?? perpetual,
    market: fields.market === undefined ? (base?.market ?? null) : readMarket(read, fields.market, at(path, 'market')),
  };
}

function readMarket(read: ConfigReader, value: unknown, path: string): MarketTerms | null {
  if (value === null || value === false) return null;
  const fields = read.object(value, path, ['levelQty', 'spacing', 'levels', 'dailyVolatility']);
  read.decimal(fields.levelQty, at(path, 'levelQty'), null, null);
  read.decimal(fields.spacing, at(path, 'spacing'), null, null);
  return {
    levelQty: String(fields.levelQty),
    spacing: String(fields.spacing),
    levels: read.integer(fields.levels, at(path, 'levels'), 20, 1, 200),
    dailyVolatility: read.number(fields.dailyVolatility, at(path, 'dailyVolatility'), 0.02, 0, 1),
  };
}
