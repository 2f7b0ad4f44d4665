import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MatchingEngine } from './engine.ts';
import { warmUp } from './warm-up.ts';

test('warming up leaves nothing behind that an engine would notice', () => {
  const before = new MatchingEngine().hash();
  warmUp();
  assert.equal(new MatchingEngine().hash(), before);
});
