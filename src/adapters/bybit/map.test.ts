import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoinBalance, Execution, Order } from '@okd/bybit';
import { wireExecution, wireOrder } from '../../../test/support/scripted-bybit.ts';
import { money } from '../../domain/decimal.ts';
import type { AssetId } from '../../domain/ids.ts';
import { balanceOf, executionOf, orderOf } from './map.ts';

const COINS = { base: 'BTC' as AssetId, quote: 'USDT' as AssetId, settle: 'USDT' as AssetId };
/** More digits than are kept. */
const TOO_FINE = '0.0000000000000000001';

const execution = (more: object) =>
  executionOf('spot', wireExecution('x1', 5, { execFee: '0.001', feeCurrency: '', ...more }) as Execution, COINS);

test('a trade is an execution with its fee and the coin of it', () => {
  const bought = execution({});
  assert.ok(bought !== null && bought !== 'cash');
  assert.deepEqual([bought.fee, bought.feeAsset, bought.notional], [money('0.001'), 'BTC', money('3000')]);
});

test('a rebate is taken from the other side', () => {
  const bought = execution({ execFee: '-0.5' });
  assert.ok(bought !== null && bought !== 'cash');
  assert.deepEqual([bought.fee, bought.feeAsset], [money('-0.5'), 'USDT']);
});

test('without a quantity, a price or a fee that can be read there is no execution', () => {
  for (const more of [
    { execQty: '0' },
    { execQty: '-1' },
    { execPrice: '0' },
    { execPrice: '-1' },
    { execFee: null },
    { execFee: undefined },
    { execFee: TOO_FINE },
    { execPrice: TOO_FINE },
  ]) {
    assert.equal(execution(more), null, JSON.stringify(more));
  }
});

test('funding moves money and no quantity', () => {
  assert.equal(execution({ execType: 'Funding', execFee: null }), 'cash');
});

test('an order whose price cannot be read is not understood; one without a price has none', () => {
  const order = (more: Record<string, unknown>) => orderOf('spot', wireOrder('v1', more) as unknown as Order);
  assert.equal(order({ price: TOO_FINE }), null);
  assert.equal(order({ price: null })?.price, money('0'));
});

test('a balance of which a part cannot be read is not understood: nothing counts as free that may be locked', () => {
  const coin = (more: object) => balanceOf({ coin: 'BTC', walletBalance: '2', ...more } as CoinBalance, 0);
  assert.equal(coin({ locked: TOO_FINE }), null);
  assert.equal(coin({ totalOrderIM: TOO_FINE }), null);
  assert.equal(coin({ locked: '0.5' })?.locked, money('0.5'));
});
