import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { MemoryJournal } from '../../../test/support/memory-journal.ts';
import { BTCUSDT } from '../../../test/support/oms-bench.ts';
import { Balances } from '../../clearing/balances.ts';
import { money } from '../../domain/decimal.ts';
import type { ClientOrderId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import type { Outcome, SubmitRequest } from '../../ports/venue.ts';
import { InternalBook } from './internal-book.ts';
import { InternalVenue } from './internal-venue.ts';

function open() {
  const journal = new MemoryJournal();
  const book = new InternalBook(BTCUSDT, journal);
  book.recover();
  const clock = new ManualClock();
  const venue = new InternalVenue(new Map([[BTCUSDT.id, book]]), 1, new Balances(), clock);
  const submit = (price: string, qty: string): Promise<Outcome> => {
    const request: SubmitRequest = {
      clientOrderId: 'a1' as ClientOrderId,
      instrument: BTCUSDT.id,
      side: 'buy',
      price: money(price),
      qty: money(qty),
      timeInForce: 'gtc',
      reduceOnly: false,
      selfTrade: 'none',
    };
    return venue.submit(request);
  };
  const ref = {
    instrument: BTCUSDT.id,
    clientOrderId: 'a1' as ClientOrderId,
    venueOrderId: null,
    createdAt: clock.now(),
  };
  const resting = async (): Promise<number> => unwrap(await venue.openOrders()).rows.length;
  return { venue, submit, ref, resting };
}

const codeOf = (outcome: Outcome): string => (outcome.type === 'refused' ? outcome.refusal.code : outcome.type);

test('what does not lie on the book’s grid is refused and never reaches it', async () => {
  const { venue, submit, ref, resting } = open();
  assert.equal(codeOf(await submit('100.0000001', '1')), 'OFF_TICK');
  assert.equal(codeOf(await submit('100', '1.0000000001')), 'OFF_STEP');
  assert.equal(await resting(), 0);
  assert.equal(codeOf(await submit('100', '1')), 'acknowledged');
  assert.equal(codeOf(await venue.amend(ref, { price: money('100.0000001'), qty: money('1') })), 'OFF_TICK');
  assert.equal(codeOf(await venue.amend(ref, { price: money('101'), qty: money('2') })), 'acknowledged');
  const [order] = unwrap(await venue.openOrders()).rows;
  assert.deepEqual([order?.price, order?.qty], [money('101'), money('2')]);
});
