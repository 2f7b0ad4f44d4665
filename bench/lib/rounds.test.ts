import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interleaved, median } from './rounds.ts';

test('we and the peer run in turn, and the warm-up round does not count', async () => {
  const order: string[] = [];
  const source = (name: string, values: number[]) => () => {
    order.push(name);
    return values.shift() as number;
  };
  const medians = await interleaved(3, source('a', [100, 3, 1, 2]), source('b', [100, 7, 9, 8]));
  assert.deepEqual(medians, { ours: 2, peer: 8 });
  assert.equal(order.join(''), 'abababab');
});

test('without a peer there is no figure of one', async () => {
  assert.deepEqual(await interleaved(1, () => 5, null), { ours: 5, peer: undefined });
});

test('the median of an even number of values is one of them', () => assert.equal(median([4, 1, 3, 2]), 2));
