import { money, ZERO } from '../../domain/decimal.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { readAccounts } from './accounts.ts';
import { DEFAULT_FEES, readFees } from './fees.ts';
import { readInstruments } from './instruments.ts';
import { type ConfigError, ConfigReader } from './reader.ts';
import { readReplay } from './replay.ts';
import type { ClockConfig, PaperConfig, PaperOptions } from './types.ts';

const FIELDS = [
  'listen', 'seed', 'accounts', 'agents', 'control', 'instruments', 'fees', 'insurance', 'rateLimits', 'clock', 'replay', 'options',
]; // biome-ignore format: a table

/** Checks a configuration as it came from a file; all that is wrong with it comes back together. */
export function readPaperConfig(value: unknown): Result<PaperConfig, readonly ConfigError[]> {
  const read = new ConfigReader();
  const fields = read.object(value ?? {}, '', FIELDS);
  const fees = readFees(read, fields.fees, 'fees', DEFAULT_FEES);
  const { terms, series, configured } = readInstruments(read, fields.instruments);
  const config: PaperConfig = {
    listen: readListen(read, fields.listen),
    seed: read.integer(fields.seed, 'seed', 1, 0, 2 ** 32 - 1),
    accounts: readAccounts(read, fields.accounts, fees),
    agents: read.flag(fields.agents, 'agents', true),
    control: read.flag(fields.control, 'control', false),
    instruments: terms,
    series,
    configured,
    fees,
    insurance: readInsurance(read, fields.insurance),
    rateLimits: readRateLimits(read, fields.rateLimits),
    clock: readClock(read, fields.clock),
    ...readReplay(read, fields.replay),
    options: readOptions(read, fields.options),
  };
  return read.errors.length === 0 ? ok(config) : err(read.errors);
}

function readListen(read: ConfigReader, value: unknown): PaperConfig['listen'] {
  const fields = read.object(value, 'listen', ['host', 'port']);
  return {
    host: read.text(fields.host, 'listen.host', '127.0.0.1', /^\S+$/, 'a host name or address'),
    port: read.integer(fields.port, 'listen.port', 7001, 0, 65_535),
  };
}

const DEFAULT_INSURANCE: PaperConfig['insurance'] = [
  ['USDT', money('1000000')],
  ['USDC', money('1000000')],
  ['BTC', money('20')],
  ['ETH', money('400')],
  ['SOL', money('8000')],
  ['XRP', money('600000')],
  ['BNB', money('2000')],
];

function readInsurance(read: ConfigReader, value: unknown): PaperConfig['insurance'] {
  if (value === undefined) return DEFAULT_INSURANCE;
  return read.entries(value, 'insurance').map(([asset, amount]) => {
    const where = `insurance.${asset}`;
    if (!/^[A-Z0-9]{1,20}$/.test(asset)) read.fail(where, 'is no coin: capital letters and digits');
    return [asset, read.decimal(amount, where, null, ZERO)] as const;
  });
}

function readRateLimits(read: ConfigReader, value: unknown): PaperConfig['rateLimits'] {
  if (typeof value !== 'object' || value === null)
    return read.oneOf<'bybit' | 'off'>(value, 'rateLimits', 'bybit', ['bybit', 'off']);
  const fields = read.object(value, 'rateLimits', ['scale']);
  return { scale: read.number(fields.scale, 'rateLimits.scale', 1, 0, 1e6) };
}

/** 2011 to 2286: ids and times have their usual lengths. */
const [FIRST_STEP, LAST_STEP] = [1_300_000_000_000, 9_999_999_999_999];

function readClock(read: ConfigReader, value: unknown): ClockConfig {
  if (typeof value !== 'object' || value === null)
    return read.oneOf<'wall' | 'stepped'>(value, 'clock', 'wall', ['wall', 'stepped']);
  const fields = read.object(value, 'clock', ['scale', 'stepped']);
  if (fields.stepped !== undefined)
    return { stepped: read.integer(fields.stepped, 'clock.stepped', 0, FIRST_STEP, LAST_STEP) };
  return { scale: read.number(fields.scale, 'clock.scale', 1, 0, 1e4) };
}

function readOptions(read: ConfigReader, value: unknown): PaperOptions {
  const fields = read.object(value, 'options', ['clientOrderIds', 'maxOpenOrders', 'maxHistory']);
  return {
    clientOrderIds: read.oneOf(fields.clientOrderIds, 'options.clientOrderIds', 'open_24h', ['forever', 'open_24h']),
    maxOpenOrders: read.integer(fields.maxOpenOrders, 'options.maxOpenOrders', 500, 1, 100_000),
    maxHistory: read.integer(fields.maxHistory, 'options.maxHistory', 20_000, 500, 10_000_000),
  };
}
