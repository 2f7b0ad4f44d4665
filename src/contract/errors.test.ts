import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES, ERRORS, refusal } from './errors.ts';

test('every code has a status of failure, a sentence for what happened and one for what to do', () => {
  for (const code of ERROR_CODES) {
    const { status, happened, todo } = ERRORS[code];
    assert.match(code, /^[A-Z][A-Z_]+$/);
    assert.ok(status >= 400 && status < 600, code);
    assert.match(happened, /^[A-Z].*\.$/, code);
    assert.match(todo, /^[A-Z].*[.}]$/, code);
  }
});

test('the message of an error ends with what to do', () => {
  assert.equal(refusal('OFF_TICK').message, `${ERRORS.OFF_TICK.happened} ${ERRORS.OFF_TICK.todo}`);
  assert.match(
    refusal('OFF_TICK', { message: '60000.05 is between ticks.' }).message,
    /^60000\.05 is between ticks\. Use one of/,
  );
});
