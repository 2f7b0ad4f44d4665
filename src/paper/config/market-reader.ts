import {
  DEFAULT_HABITS,
  DEFAULT_MAKER,
  type InformedTerms,
  type MakerTerms,
  type MarketTerms,
  type MomentumTerms,
  type NoiseTerms,
  type SizeTerms,
} from './market-terms.ts';
import { at, type ConfigReader } from './reader.ts';

const FIELDS = [
  'levelQty', 'spacing', 'levels', 'dailyVolatility', 'activity', 'makers', 'takes', 'noise', 'momentum', 'informed',
]; // biome-ignore format: a table
const MOST_LEVELS = 500;
/** Ten looks a second: more often, agents are a load and no market. */
const SHORTEST_MS = 100;

/** Reads `market` of an instrument; what is left out is as in the default table, where the symbol is there. */
export function readMarket(
  read: ConfigReader,
  value: unknown,
  path: string,
  known: MarketTerms | null,
): MarketTerms | null {
  if (value === undefined) return known;
  if (value === null || value === false) return null;
  const fields = read.object(value, path, FIELDS);
  const habits = { ...DEFAULT_HABITS, ...known };
  return {
    levelQty: positive(read, fields.levelQty, at(path, 'levelQty'), known?.levelQty ?? null),
    spacing: positive(read, fields.spacing, at(path, 'spacing'), known?.spacing ?? null),
    levels: read.integer(fields.levels, at(path, 'levels'), known?.levels ?? 20, 1, MOST_LEVELS),
    dailyVolatility: read.number(
      fields.dailyVolatility,
      at(path, 'dailyVolatility'),
      known?.dailyVolatility ?? 0.02,
      0,
      1,
    ),
    activity: read.number(fields.activity, at(path, 'activity'), habits.activity, 0, 20),
    makers: fields.makers === undefined ? habits.makers : readMakers(read, fields.makers, at(path, 'makers')),
    takes: fields.takes === undefined ? habits.takes : readSizes(read, fields.takes, at(path, 'takes')),
    noise: orNobody(fields.noise, habits.noise, (one) => readNoise(read, one, at(path, 'noise'))),
    momentum: orNobody(fields.momentum, habits.momentum, (one) => readMomentum(read, one, at(path, 'momentum'))),
    informed: orNobody(fields.informed, habits.informed, (one) => readInformed(read, one, at(path, 'informed'))),
  };
}

/** Left out: as by default. Null or false: nobody of this kind. */
function orNobody<T>(value: unknown, fallback: T | null, parse: (value: unknown) => T): T | null {
  if (value === undefined) return fallback;
  return value === null || value === false ? null : parse(value);
}

function positive(read: ConfigReader, value: unknown, path: string, fallback: string | null): string {
  if (value === undefined && fallback !== null) return fallback;
  const errors = read.errors.length;
  if (read.decimal(value, path, null, null) <= 0n && read.errors.length === errors) read.fail(path, 'is too small');
  return typeof value === 'string' ? value : '1';
}

function readMakers(read: ConfigReader, value: unknown, path: string): readonly MakerTerms[] {
  const base = DEFAULT_MAKER;
  return read.list(value, path).map((row, index): MakerTerms => {
    const here = `${path}[${index}]`;
    const fields = read.object(row, here, Object.keys(base));
    const number = numbersOf(read, fields, here, base);
    const { levels } = fields;
    return {
      qty: number('qty', 1e6),
      spacing: number('spacing', 1e4),
      levels: levels === undefined ? null : read.integer(levels, at(here, 'levels'), 20, 1, MOST_LEVELS),
      offset: number('offset', 1e3, 0),
      growth: number('growth', 100, 0),
      unevenness: number('unevenness', 2, 0),
      refreshMs: number('refreshMs', 3_600_000, SHORTEST_MS),
      skew: number('skew', 10, 0),
    };
  });
}

function readSizes(read: ConfigReader, value: unknown, path: string): SizeTerms {
  const base = DEFAULT_HABITS.takes;
  const number = numbersOf(read, read.object(value, path, Object.keys(base)), path, base);
  const sizes: SizeTerms = { least: number('least', 1e6), most: number('most', 1e6), tail: number('tail', 10) };
  if (sizes.most < sizes.least) read.fail(at(path, 'most'), 'is below least');
  return sizes;
}

function readNoise(read: ConfigReader, value: unknown, path: string): NoiseTerms {
  const base = DEFAULT_HABITS.noise;
  const number = numbersOf(read, read.object(value, path, Object.keys(base)), path, base);
  return {
    perMinute: number('perMinute', 6000),
    limitShare: number('limitShare', 1, 0),
    excitation: number('excitation', 0.95, 0),
    memoryMs: number('memoryMs', 600_000, 1),
    lifetimeMs: number('lifetimeMs', 3_600_000, SHORTEST_MS),
  };
}

function readMomentum(read: ConfigReader, value: unknown, path: string): MomentumTerms {
  const base = DEFAULT_HABITS.momentum;
  const number = numbersOf(read, read.object(value, path, Object.keys(base)), path, base);
  return {
    perMinute: number('perMinute', 600),
    windowMs: number('windowMs', 3_600_000, 1000),
    threshold: number('threshold', 100, 0),
  };
}

function readInformed(read: ConfigReader, value: unknown, path: string): InformedTerms {
  const base = DEFAULT_HABITS.informed;
  const number = numbersOf(read, read.object(value, path, Object.keys(base)), path, base);
  return { perMinute: number('perMinute', 600), edge: number('edge', 100, 0) };
}

type NumberField<Name extends string> = (name: Name, most: number, least?: number) => number;

/** Fields of one object: above zero where no least value is named. */
function numbersOf<Name extends string>(
  read: ConfigReader,
  fields: Readonly<Record<string, unknown>>,
  path: string,
  base: Readonly<Record<Name, number | null>>,
): NumberField<Name> {
  return (name, most, least) => {
    const fallback = base[name] ?? 0;
    const value = fields[name];
    if (least === undefined) return read.number(value, at(path, name), fallback, 0, most);
    if (value === undefined) return fallback;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    read.fail(at(path, name), `must be a number from ${least} to ${most}`);
    return fallback;
  };
}
