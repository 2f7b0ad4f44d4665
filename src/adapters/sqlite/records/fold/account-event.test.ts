import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../../../../domain/decimal.ts';
import { decodeText, encodeText } from '../../../../kernel/codec.ts';
import type { AccountEvent } from '../../../../oms/events.ts';
import { Scribe } from '../testing/events.ts';
import { decodeAccountEvent } from './account-event.ts';

test('an event reads as the journal has it, its decision as the very text', () => {
  const decision = {
    type: 'plan',
    mid: money('100.5'),
    note: '#1',
    venues: [{ qty: 3, fee: money('-0.001') }],
    none: null,
  };
  for (const event of new Scribe('a1').filled({ seq: 1, ms: 1 })) {
    const written = (event.type === 'routed' ? { ...event, decision } : event) as AccountEvent;
    const { decision: text, ...rest } = decodeAccountEvent(encodeText(written)) as { decision?: string };
    const { decision: _, ...expected } = written as { decision?: unknown };
    assert.deepEqual(rest, expected);
    assert.equal(text, event.type === 'routed' ? encodeText(decision) : undefined);
    if (text !== undefined) assert.deepEqual(decodeText(text), decision);
  }
});
