import assert from 'node:assert/strict';
import { test } from 'node:test';
import { banner, type Shown } from './ready.ts';

const shown = (more: Partial<Shown>): Shown => ({
  url: 'http://127.0.0.1:8080',
  environment: 'paper',
  dir: '/data',
  firstOrder: null,
  password: null,
  paper: null,
  isConnected: false,
  ...more,
});

test('a mainnet instance warns of real money and says how a key is connected', () => {
  const said = banner(shown({ environment: 'mainnet' }), 'live');
  assert.match(said, /^\*  MAINNET: REAL MONEY +\*$/m);
  assert.match(said, /key of Bybit mainnet that may trade and may not withdraw/);
  assert.match(
    said,
    /^ {2}curl -X POST http:\/\/127\.0\.0\.1:8080\/bybit\/connect .*okd token --data live\).*-d @key\.json$/m,
  );
  assert.doesNotMatch(said, /play money|no real money/);
});

test('testnet and demo say that no real money is at stake', () => {
  for (const environment of ['testnet', 'demo'] as const) {
    const said = banner(shown({ environment }), undefined);
    assert.match(said, new RegExp(`^\\*  ${environment.toUpperCase()}: no real money +\\*$`, 'm'));
    assert.match(said, new RegExp(`key of Bybit ${environment} that`));
    assert.match(said, /okd token\)/);
  }
});

test('an instance that is connected is not told to connect; only its own exchange keeps everything on this machine', () => {
  const own = { paper: { rest: 'http://127.0.0.1:7001' }, isConnected: true, firstOrder: '0.5' };
  const said = banner(shown(own), undefined);
  assert.match(said, /paper: play money, nothing leaves this machine/);
  assert.match(said, /A first order, split over both venues:\n\n {2}curl /);
  assert.doesNotMatch(said, /Next:/);
  assert.doesNotMatch(banner(shown({}), undefined), /nothing leaves this machine/);
});
