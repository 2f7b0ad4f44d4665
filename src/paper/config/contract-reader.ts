import { ZERO } from '../../domain/decimal.ts';
import type { Category } from '../../domain/ids.ts';
import { at, type ConfigReader } from './reader.ts';
import type { ContractRow, TierRow } from './terms.ts';

const FIELDS = ['kind', 'leverage', 'funding', 'delivery', 'option', 'tiers'];
const KINDS = {
  spot: [],
  linear: ['perpetual', 'future'],
  inverse: ['perpetual', 'future'],
  option: ['option'],
} as const;
const LATEST = 8.64e15;

/** Reads `contract` of an instrument; what is left out is as in `like`. Null for spot. */
export function readContract(
  read: ConfigReader,
  category: Category,
  value: unknown,
  path: string,
  like: ContractRow | null,
): ContractRow | null {
  if (category === 'spot') {
    if (value !== undefined && value !== null) read.fail(path, 'is for contracts only');
    return null;
  }
  const fields = read.object(value, path, FIELDS);
  const kind = read.oneOf<ContractRow['kind']>(fields.kind, at(path, 'kind'), like?.kind ?? 'option', KINDS[category]);
  const isFuture = kind !== 'option';
  return {
    kind,
    leverage: isFuture ? readLeverage(read, fields.leverage, at(path, 'leverage'), like?.leverage ?? null) : null,
    funding:
      kind === 'perpetual' ? readFunding(read, fields.funding, at(path, 'funding'), like?.funding ?? null) : null,
    delivery:
      kind === 'perpetual' ? null : readDelivery(read, fields.delivery, at(path, 'delivery'), like?.delivery ?? null),
    option: isFuture ? null : readOption(read, fields.option, at(path, 'option'), like?.option ?? null),
    tiers: isFuture ? readTiers(read, fields.tiers, at(path, 'tiers'), like?.tiers ?? []) : [],
  };
}

type Part<K extends keyof ContractRow> = NonNullable<ContractRow[K]>;

/** A decimal that is checked here and kept as text. */
function amount(read: ConfigReader, value: unknown, path: string, fallback: string | undefined): string {
  const text = value ?? fallback;
  read.decimal(text, path, null, ZERO);
  return typeof text === 'string' ? text : '1';
}

function readLeverage(read: ConfigReader, value: unknown, path: string, like: Part<'leverage'> | null) {
  const fields = read.object(value, path, ['min', 'max', 'step']);
  const of = (name: 'min' | 'max' | 'step') => amount(read, fields[name], at(path, name), like?.[name]);
  return { min: of('min'), max: of('max'), step: of('step') };
}

function readFunding(read: ConfigReader, value: unknown, path: string, like: Part<'funding'> | null): Part<'funding'> {
  const fields = read.object(value, path, ['intervalMin', 'cap']);
  return {
    intervalMin: read.integer(fields.intervalMin, at(path, 'intervalMin'), like?.intervalMin ?? 480, 1, 1440),
    cap: amount(read, fields.cap, at(path, 'cap'), like?.cap ?? '0.005'),
  };
}

function readDelivery(
  read: ConfigReader,
  value: unknown,
  path: string,
  like: Part<'delivery'> | null,
): Part<'delivery'> {
  const fields = read.object(value, path, ['at', 'feeRate']);
  if (fields.at === undefined && like === null) read.fail(at(path, 'at'), 'is missing');
  return {
    at: read.integer(fields.at, at(path, 'at'), like?.at ?? 0, 1, LATEST),
    feeRate: amount(read, fields.feeRate, at(path, 'feeRate'), like?.feeRate ?? '0.0005'),
  };
}

function readOption(read: ConfigReader, value: unknown, path: string, like: Part<'option'> | null): Part<'option'> {
  const fields = read.object(value, path, ['type', 'strike']);
  if (fields.type === undefined && like === null) read.fail(at(path, 'type'), 'is missing');
  return {
    type: read.oneOf(fields.type, at(path, 'type'), like?.type ?? 'call', ['call', 'put']),
    strike: amount(read, fields.strike, at(path, 'strike'), like?.strike),
  };
}

/** Rising: what does not rise is found when the instrument is listed. */
function readTiers(read: ConfigReader, value: unknown, path: string, like: readonly TierRow[]): readonly TierRow[] {
  if (value === undefined) return like;
  const rows = read.list(value, path);
  return rows.map((row, index): TierRow => {
    const here = `${path}[${index}]`;
    const fields = read.object(row, here, ['upTo', 'maintenanceRate', 'maxLeverage']);
    const last = index === rows.length - 1 && (fields.upTo === null || fields.upTo === undefined);
    return {
      upTo: last ? null : amount(read, fields.upTo, at(here, 'upTo'), undefined),
      maintenanceRate: amount(read, fields.maintenanceRate, at(here, 'maintenanceRate'), undefined),
      maxLeverage: amount(read, fields.maxLeverage, at(here, 'maxLeverage'), undefined),
    };
  });
}
