import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ACTIONS, readRule } from '../../adapters/bybit-server/index.ts';
import { unwrap } from '../../domain/result.ts';
import { type PaperExchange, readPaperConfig } from '../../paper/index.ts';
import { wireControl } from './control.ts';

const PAGE = readFileSync(new URL('../../../docs/paper.md', import.meta.url), 'utf8');

test('the configuration on the page is accepted, and shows the defaults', () => {
  const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '') as object;
  const { accounts, replay, ...rest } = unwrap(readPaperConfig(shown));
  const defaults = unwrap(readPaperConfig({}));
  assert.deepEqual([accounts.length, replay.length], [1, 1]);
  assert.deepEqual({ ...rest, accounts: defaults.accounts, replay: defaults.replay }, defaults);
});

test('the page names every command, and no other', () => {
  const commands = Object.keys(wireControl({ control: {} } as PaperExchange).commands);
  const named = new Set([...PAGE.matchAll(/`((?:GET|POST|DELETE) \/paper\/[a-z-]+)/g)].map(([, name]) => name));
  const servers = ['POST /paper/faults', 'GET /paper/faults', 'DELETE /paper/faults', 'GET /paper/trace'];
  const known = commands.map((name) => name.replace(' ', ' /paper/'));
  assert.deepEqual([...named].sort(), [...known, ...servers].sort());
});

test('the page has a row of every injection point, with all of its actions', () => {
  for (const [point, actions] of Object.entries(ACTIONS)) {
    const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${point}\``));
    for (const action of Object.keys(actions)) assert.ok(row?.includes(`\`${action}\``), `${point} ${action}`);
  }
});

test('the rule on the page is accepted', () => {
  const shown = /```\n(\{ "id": "timeouts"[\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
  assert.ok(readRule(JSON.parse(shown)).ok);
});
