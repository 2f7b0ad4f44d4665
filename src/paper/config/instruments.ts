import type { Category } from '../../domain/ids.ts';
import { readContract } from './contract-reader.ts';
import { readMarket } from './market-reader.ts';
import { at, type ConfigReader } from './reader.ts';
import { DEFAULT_SERIES, datedTerms, type Series } from './series.ts';
import { DEFAULT_INSTRUMENTS } from './catalogue.ts';
import type { InstrumentTerms } from './terms.ts';

const DECIMALS = [
  'tick', 'step', 'quoteStep', 'minQty', 'maxLimitQty', 'maxMarketQty', 'postOnlyMaxQty', 'minNotional', 'minPrice',
  'maxPrice', 'priceLimitX', 'priceLimitY', 'marketBand', 'reference',
] as const; // biome-ignore format: a table
const FIELDS = ['category', 'symbol', 'base', 'quote', 'settle', ...DECIMALS, 'contract', 'market'];
const CATEGORIES = ['spot', 'linear', 'inverse', 'option'] as const satisfies readonly Category[];
const COIN = /^[A-Z0-9]{1,20}$/;
const SYMBOL = /^[A-Z0-9][A-Z0-9.-]{0,39}$/;

/** What `"small"` lists: enough to try most things, and quick to open. */
const SMALL = [
  'spot:BTCUSDT', 'spot:ETHUSDT', 'spot:XRPUSDT', 'spot:BNBUSDT', 'spot:BNBETH', 'linear:BTCUSDT', 'linear:ETHUSDT',
]; // biome-ignore format: a table

export const keyOf = (terms: Pick<InstrumentTerms, 'category' | 'symbol'>): string =>
  `${terms.category}:${terms.symbol}`;

/** What is listed from the beginning, what is listed as time goes on, and which of it was named one by one. */
export type ConfiguredInstruments = Readonly<{
  terms: readonly InstrumentTerms[];
  series: readonly Series[];
  configured: ReadonlySet<string>;
}>;

/**
 * `"default"` lists the whole catalogue, `"small"` seven symbols of it. A list trades just what it names:
 * `"spot:BTCUSDT"` takes a row of the catalogue as it is, `"option:BTC-*-USDT"` a series of dated contracts,
 * `"linear:BTCUSDT-25DEC26"` one of a series; an object changes fields of one, or defines an instrument of its own
 * (then every field is needed but `settle`, `market`, and `contract` of a perpetual, which is then as BTC's).
 */
export function readInstruments(read: ConfigReader, value: unknown): ConfiguredInstruments {
  if (value === undefined || value === 'default')
    return { terms: DEFAULT_INSTRUMENTS, series: DEFAULT_SERIES, configured: new Set() };
  const rows = value === 'small' ? SMALL : read.list(value, 'instruments');
  const terms: InstrumentTerms[] = [];
  const series: Series[] = [];
  const configured = new Set<string>();
  rows.forEach((row, index) => {
    const path = `instruments[${index}]`;
    const many = typeof row === 'string' ? DEFAULT_SERIES.find(({ key }) => key === row) : undefined;
    if (many !== undefined) return void series.push(many);
    const one = typeof row === 'string' ? known(read, row, path) : readTerms(read, row, path);
    if (one === null) return;
    if (terms.some((other) => keyOf(other) === keyOf(one))) read.fail(path, `${keyOf(one)} is there twice`);
    terms.push(one);
    if (typeof row !== 'string') configured.add(keyOf(one));
  });
  return { terms, series, configured };
}

const catalogued = (key: string): InstrumentTerms | null =>
  DEFAULT_INSTRUMENTS.find((one) => keyOf(one) === key) ?? datedTerms(key);

function known(read: ConfigReader, key: string, path: string): InstrumentTerms | null {
  const terms = catalogued(key);
  if (terms !== null) return terms;
  const names = [...DEFAULT_INSTRUMENTS.map(keyOf), ...DEFAULT_SERIES.map((series) => series.key)];
  read.fail(path, `is not in the default table (${names.join(', ')})`);
  return null;
}

/** Where a contract of one's own takes what it does not say. */
const LIKE: Readonly<Record<Category, string | null>> = {
  spot: null,
  linear: 'linear:BTCUSDT',
  inverse: 'inverse:BTCUSD',
  option: null,
};

function readTerms(read: ConfigReader, row: unknown, path: string): InstrumentTerms | null {
  const fields = read.object(row, path, FIELDS);
  const category = read.oneOf(fields.category, at(path, 'category'), 'spot', CATEGORIES);
  const symbol = read.text(fields.symbol, at(path, 'symbol'), null, SYMBOL, 'capital letters, digits, - and .');
  const named = catalogued(`${category}:${symbol}`);
  const like = named ?? (LIKE[category] === null ? null : catalogued(LIKE[category]));
  const decimals = DECIMALS.map((name) => {
    const amount = fields[name] ?? named?.[name];
    read.decimal(amount, at(path, name), null, null);
    return [name, typeof amount === 'string' ? amount : '1'] as const;
  });
  const coin = (name: 'base' | 'quote', fallback: string | null) =>
    read.text(fields[name], at(path, name), fallback, COIN, 'a coin');
  const base = coin('base', named?.base ?? null);
  const quote = coin('quote', named?.quote ?? null);
  const settle = named?.settle ?? (category === 'inverse' ? base : quote);
  return {
    category,
    symbol,
    base,
    quote,
    settle: read.text(fields.settle, at(path, 'settle'), settle, COIN, 'a coin'),
    ...(Object.fromEntries(decimals) as Record<(typeof DECIMALS)[number], string>),
    contract: readContract(read, category, fields.contract, at(path, 'contract'), like?.contract ?? null),
    market: readMarket(read, fields.market, at(path, 'market'), named?.market ?? null),
  };
}
