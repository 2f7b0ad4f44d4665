import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { unwrap } from '../../domain/result.ts';
import { type PaperExchange, readPaperConfig } from '../../paper/index.ts';
import { wireControl } from './control.ts';

const PAGE = readFileSync(new URL('../../../docs/paper.md', import.meta.url), 'utf8');
const CONTROL = readFileSync(new URL('./control.ts', import.meta.url), 'utf8');

test('the configuration on the page is accepted, and shows the defaults', () => {
  const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '') as object;
  const { accounts, replay, ...rest } = unwrap(readPaperConfig(shown));
  const defaults = unwrap(readPaperConfig({}));
  assert.deepEqual([accounts.length, replay.length], [1, 1]);
  assert.deepEqual({ ...rest, accounts: defaults.accounts, replay: defaults.replay }, defaults);
});

test('the page and the header of control.ts name every command, and no other', () => {
  const commands = Object.keys(wireControl({ control: {} } as PaperExchange).commands ?? {}).sort();
  const namesIn = (text: string) => {
    const own = ['ground-truth', 'clock', 'faults'];
    const names = [...text.matchAll(/(?:`|GET +|POST +)\/paper\/([a-z-]+)/g)].map(([, name]) => name as string);
    return [...new Set(names)].filter((name) => !own.includes(name)).sort();
  };
  assert.deepEqual(namesIn(PAGE), commands);
  assert.deepEqual(namesIn(CONTROL), commands);
});
