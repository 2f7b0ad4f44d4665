import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../domain/decimal.ts';
import { unwrap } from '../../domain/result.ts';
import { seededRng } from '../../ports/rng.ts';
import { makeAccount } from './accounts.ts';
import { readPaperConfig } from './config.ts';
import { listInstrument } from './listings.ts';
import { DEFAULT_INSTRUMENTS } from './catalogue.ts';

const errorsOf = (value: unknown): Record<string, string> => {
  const read = readPaperConfig(value);
  return read.ok ? {} : Object.fromEntries(read.error.map(({ path, message }) => [path, message]));
};
const account = { uid: '1001', apiKey: 'k1', apiSecret: 's1' };

test('every field has a default', () => {
  const config = unwrap(readPaperConfig({}));
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 7001 });
  assert.deepEqual([config.seed, config.agents, config.control, config.clock], [1, true, false, 'wall']);
  assert.deepEqual([config.rateLimits, config.replay, config.accounts], ['bybit', [], []]);
  assert.equal(config.instruments, DEFAULT_INSTRUMENTS);
  assert.deepEqual(unwrap(readPaperConfig(undefined)), config, 'no configuration is an empty one');
});

test('the example of the design document is read as it stands', () => {
  const config = unwrap(
    readPaperConfig({
      listen: { host: '127.0.0.1', port: 7001 },
      seed: 1,
      accounts: [
        {
          ...account,
          permissions: { ContractTrade: ['Order', 'Position'], Spot: ['SpotTrade'], Options: ['OptionsTrade'] },
          balances: { USDT: '100000', BTC: '1' },
        },
      ],
      agents: true,
      control: true,
      instruments: 'default',
      fees: {},
      rateLimits: { scale: 100 },
      clock: { scale: 10 },
      replay: [{ file: 'x.data', category: 'spot', at_end: 'loop' }],
    }),
  );
  assert.deepEqual(config.accounts[0]?.balances, [
    ['USDT', money('100000')],
    ['BTC', money('1')],
  ]);
  const quotes = { spread: money('0.0001'), qty: null, queue: null };
  assert.deepEqual(config.replay, [{ file: 'x.data', category: 'spot', symbol: null, atEnd: 'loop', quotes }]);
  assert.deepEqual([config.rateLimits, config.clock], [{ scale: 100 }, { scale: 10 }]);
});

test('all mistakes are reported together, each with its place', () => {
  const errors = errorsOf({
    sed: 1,
    seed: -1,
    listen: { port: 70_000 },
    accounts: [account, { ...account, balances: { USDT: 5, btc: '1' } }, {}],
    fees: { spot: { maker: '-0.002', taker: '0.001' } },
    clock: 'fast',
    replay: [{ category: 'spot', at_end: 'never' }],
    instruments: ['spot:DOGEUSDT', { category: 'spot', symbol: 'DOGEUSDT' }],
    options: { clientOrderIds: 'sometimes' },
  });
  assert.match(errors.sed ?? '', /is not known here/);
  assert.match(errors.seed ?? '', /whole number from 0/);
  assert.match(errors['listen.port'] ?? '', /0 to 65535/);
  assert.match(errors['accounts[1].uid'] ?? '', /another account/);
  assert.match(errors['accounts[1].apiKey'] ?? '', /another account/);
  assert.match(errors['accounts[1].balances.USDT'] ?? '', /decimal in quotes/);
  assert.match(errors['accounts[1].balances.btc'] ?? '', /no coin/);
  assert.match(errors['accounts[2].apiSecret'] ?? '', /is missing/);
  assert.match(errors['fees.spot.maker'] ?? '', /rebate above the taker fee/);
  assert.match(errors.clock ?? '', /"wall", "stepped"/);
  assert.match(errors['replay[0].file'] ?? '', /is missing/);
  assert.match(errors['replay[0].at_end'] ?? '', /"hold", "loop", "stop"/);
  assert.match(errors['instruments[0]'] ?? '', /not in the default table/);
  assert.match(errors['instruments[1].tick'] ?? '', /is missing/);
  assert.match(errors['options.clientOrderIds'] ?? '', /"forever", "open_24h"/);
});

test('a list of instruments is what is traded: names of the table, changed rows, rows of one’s own', () => {
  const own = Object.fromEntries(
    Object.entries(DEFAULT_INSTRUMENTS[0] ?? {}).filter(([name]) => !['settle', 'contract', 'market'].includes(name)),
  );
  const config = unwrap(
    readPaperConfig({
      instruments: [
        'linear:BTCUSDT',
        { category: 'spot', symbol: 'XRPUSDT', tick: '0.001' },
        { ...own, symbol: 'DOGEUSDT', base: 'DOGE' },
      ],
    }),
  );
  assert.deepEqual(
    config.instruments.map((one) => `${one.category}:${one.symbol} ${one.tick}`),
    ['linear:BTCUSDT 0.1', 'spot:XRPUSDT 0.001', 'spot:DOGEUSDT 0.1'],
  );
  assert.deepEqual([...config.configured], ['spot:XRPUSDT', 'spot:DOGEUSDT']);
});

test('every row of the table can be listed exactly', () => {
  for (const terms of DEFAULT_INSTRUMENTS) assert.ok(listInstrument(terms).ok, terms.symbol);
});

test('an account that is made has a key, may trade, and is rich', () => {
  const made = makeAccount(seededRng(3), '1001');
  assert.match(made.apiKey, /^[A-Za-z0-9]{18}$/);
  assert.match(made.apiSecret, /^[A-Za-z0-9]{36}$/);
  assert.notEqual(makeAccount(seededRng(4), '1001').apiSecret, made.apiSecret);
});
