// Plants each violation in a small tree and sees the guard of `npm run check` catch it. A guard that sees nothing
// would pass for ever.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));

type Tree = Readonly<Record<string, string>>;

const CLEAN: Tree = {
  'src/domain/money.ts': 'export type Money = bigint;\nexport const at = (ms: number): Date => new Date(ms);\n',
  'src/ports/clock.ts': "import type { Money } from '../domain/money.ts';\nexport type Clock = { now(): Money };\n",
  'src/contract/order.ts': "import { z } from 'zod';\nexport const order = z.object({ symbol: z.string() });\n",
  'src/adapters/system/clock.ts':
    "import { hrtime } from 'node:process';\nimport type { Clock } from '../../ports/clock.ts';\n" +
    'export const clock: Clock = { now: () => hrtime.bigint() };\n',
  'src/app/cli.ts': "import { clock } from '../adapters/system/clock.ts';\nconsole.log(clock.now());\n",
  'src/domain/money.test.ts': "import test from 'node:test';\ntest('ends', () => setTimeout(() => {}, 1));\n",
  'bench/peers/node_modules/x/a.ts': "import './a.ts';\n",
  'packages/bybit/src/client.ts': 'export class Client {}\n',
  'packages/bybit/src/node.ts': "import { setTimeout } from 'node:timers';\nexport const wait = setTimeout;\n",
};

const trees: string[] = [];

function plant(extra: Tree = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'okd-guards-'));
  trees.push(root);
  const manifests = ['packages/bybit/package.json', 'packages/bybit/tsconfig.json'];
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.pure.json', 'biome.json', 'types', ...manifests]) {
    cpSync(join(repository, file), join(root, file), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  for (const [file, text] of Object.entries({ ...CLEAN, ...extra })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

function run(root: string, ...args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { code: status, output: stdout + stderr };
}

const boundaries = (root: string) => run(root, join(repository, 'tools/boundaries.ts'), '--root', root);
const compile = (root: string, project: string) =>
  run(root, join(repository, 'node_modules/typescript/lib/tsc.js'), '-p', project, '--tsBuildInfoFile', '/dev/null');
const lint = (root: string) =>
  run(root, join(repository, 'node_modules/.bin/biome'), 'check', '--vcs-enabled=false', '--reporter=concise');

/** Runs a guard over a tree with all the violations and expects each to be named, and nothing else. */
function expectCaught(output: string, planted: Readonly<Record<string, string>>, linesOf: RegExp): void {
  for (const [file, words] of Object.entries(planted)) {
    const line = output.split('\n').find((text) => text.includes(file) && text.includes(words));
    assert.ok(line !== undefined, `${file} is not caught ("${words}"):\n${output}`);
  }
  const caught = output.split('\n').filter((line) => linesOf.test(line));
  const strangers = caught.filter((line) => !Object.keys(planted).some((file) => line.includes(file)));
  assert.deepEqual(strangers, [], 'caught what was not planted');
}

after(() => {
  for (const root of trees) rmSync(root, { recursive: true });
});

describe('a tree without violations', () => {
  let root = '';
  before(() => {
    root = plant();
  });
  test('passes the import rules', () => assert.equal(boundaries(root).code, 0, boundaries(root).output));
  test('passes the pure type-check', () => assert.equal(compile(root, 'tsconfig.pure.json').output, ''));
  test('passes the type-check of packages/bybit', () =>
    assert.equal(compile(root, 'packages/bybit/tsconfig.json').output, ''));
  test('passes lint', () => assert.equal(lint(root).code, 0, lint(root).output));
});

test('import rules that see no file fail', () => {
  const root = mkdtempSync(join(tmpdir(), 'okd-guards-'));
  trees.push(root);
  const { code, output } = boundaries(root);
  assert.equal(code, 1);
  assert.match(output, /nothing was checked/);
});

test('an import across a boundary is caught in each of its forms', () => {
  const money = (from: string) => `import type { Money } from '${from}domain/money.ts';\nexport type M = Money;\n`;
  const root = plant({
    'src/domain/a.ts': "import type { Clock } from '../ports/clock.ts';\nexport type A = Clock;\n",
    'src/domain/b.ts': "export type B = import('../ports/clock.ts').Clock;\n",
    'src/domain/c.ts': "export * from '../matching/book.ts';\n",
    'src/domain/d.ts': "export const d = () => import('../matching/book.ts');\n",
    'src/matching/book.ts': "import { readFileSync } from 'node:fs';\nexport const book = readFileSync;\n",
    'src/matching/hash.ts': "import { z } from 'zod';\nexport const hash = z;\n",
    'src/ports/venue.ts': "import { clock } from '../adapters/system/clock.ts';\nexport const v = clock;\n",
    'src/adapters/http/server.ts': "import { clock } from '../system/clock.ts';\nexport const s = clock;\n",
    'src/adapters/sqlite/store.ts': "import fc from 'fast-check';\nexport const f = fc;\n",
    'src/adapters/bybit-server/server.ts': "import { Client } from '@okd/bybit';\nexport const s = Client;\n",
    'src/adapters/system/rng.ts': "import '../../app/cli.ts';\n",
    'src/invented/x.ts': money('../'),
    'packages/bybit/src/a.ts': "import type { Money } from '../../../src/domain/money.ts';\nexport type A = Money;\n",
    'packages/bybit/src/b.ts': "import { readFileSync } from 'node:fs';\nexport const b = readFileSync;\n",
    'src/paper/faults.ts': "import { plan } from './testing/plan.ts';\nexport const p = plan;\n",
    'src/paper/testing/plan.ts': 'export const plan = 1;\n',
    'web/src/page.ts': money('../../src/'),
  });
  const { code, output } = boundaries(root);
  assert.equal(code, 1);
  expectCaught(
    output,
    {
      'src/domain/a.ts:1': 'domain may import only: nothing',
      'src/domain/b.ts:1': 'domain may import only: nothing',
      'src/domain/c.ts:1': 'domain may import only: nothing',
      'src/domain/d.ts:1': 'domain may import only: nothing',
      'src/matching/book.ts:1': "matching may not use Node's modules",
      'src/matching/hash.ts:1': 'matching may not use the package zod',
      'src/ports/venue.ts:1': 'ports may import only: domain',
      'src/adapters/http/server.ts:1': 'adapters/http may import only',
      'src/adapters/sqlite/store.ts:1': 'may not use the package fast-check',
      'src/adapters/bybit-server/server.ts:1': 'may not use the package @okd/bybit',
      'src/adapters/system/rng.ts:1': 'only app wires',
      'src/invented/x.ts:1': 'no known module',
      'packages/bybit/src/a.ts:1': 'imports nothing outside itself',
      'packages/bybit/src/b.ts:1': 'only packages/bybit/src/node.ts',
      'src/paper/faults.ts:1': 'only tests import that',
      'web/src/page.ts:1': 'web may import only src/contract',
    },
    / imports /,
  );
});

test('a circle of imports is caught, also one of types alone', () => {
  const root = plant({
    'src/domain/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
    'src/domain/b.ts': "import { c } from './c.ts';\nexport const b = () => c;\n",
    'src/domain/c.ts': "import { a } from './a.ts';\nexport const c = () => a;\n",
    'src/oms/x.ts': "import type { Y } from './y.ts';\nexport type X = { y: Y };\n",
    'src/oms/y.ts': "import type { X } from './x.ts';\nexport type Y = { x: X };\n",
  });
  const { code, output } = boundaries(root);
  assert.equal(code, 1);
  assert.match(
    output,
    /circle of imports: src\/domain\/a\.ts → src\/domain\/b\.ts → src\/domain\/c\.ts → src\/domain\/a\.ts/,
  );
  assert.match(output, /circle of imports: src\/oms\/x\.ts → src\/oms\/y\.ts → src\/oms\/x\.ts/);
  assert.match(output, /2 violations/);
});

test('clock, chance and locale in a pure folder are caught where types cannot see them', () => {
  const calls = {
    'src/domain/now.ts': ['Date.now()', 'reads Date.now'],
    'src/risk/today.ts': ['new Date()', 'reads new Date()'],
    'src/risk/today2.ts': ['new Date', 'reads new Date()'],
    'src/risk/local.ts': ['new Date(2024, 1, 1)', 'local time'],
    'src/risk/text.ts': ['Date()', 'reads Date()'],
    'src/oms/chance.ts': ['Math.random()', 'reads Math.random'],
    'src/kernel/hidden.ts': ['globalThis.Date.now()', 'reads globalThis'],
    'src/paper/locale.ts': ["'a'.localeCompare('b')", 'reads localeCompare'],
    'src/paper/hours.ts': ['new Date(0).getHours()', 'reads getHours'],
    'src/paper/clock.ts': ['performance.now()', 'reads performance.now'],
    'packages/bybit/src/now.ts': ['Date.now()', 'reads Date.now'],
  } as const;
  const entries = Object.entries(calls);
  const root = plant(Object.fromEntries(entries.map(([file, [call]]) => [file, `export const x = ${call};\n`])));
  const { code, output } = boundaries(root);
  assert.equal(code, 1);
  expectCaught(output, Object.fromEntries(entries.map(([file, [, words]]) => [`${file}:1`, words])), / reads /);
});

test('what only a machine has does not compile in a pure folder', () => {
  const uses = {
    'src/domain/env.ts': ['process.env', "Cannot find name 'process'"],
    'src/matching/timer.ts': ['setTimeout(() => 1, 1)', "Cannot find name 'setTimeout'"],
    'src/clearing/clock.ts': ['performance.now()', "Cannot find name 'performance'"],
    'src/routing/net.ts': ["fetch('http://localhost')", "Cannot find name 'fetch'"],
    'src/spreads/log.ts': ['console.log(1)', "Cannot find name 'console'"],
    'src/signals/bytes.ts': ["Buffer.from('')", "Cannot find name 'Buffer'"],
    'src/analytics/id.ts': ['crypto.randomUUID()', "Cannot find name 'crypto'"],
    'src/market/file.ts': ["import('node:fs')", "'node:fs'"],
    'src/oms/outside.ts': ["import('../adapters/system/clock.ts')", 'src/adapters/system/clock.ts'],
  } as const;
  const entries = Object.entries(uses);
  const root = plant(Object.fromEntries(entries.map(([file, [use]]) => [file, `export const x = ${use};\n`])));
  const { code, output } = compile(root, 'tsconfig.pure.json');
  assert.notEqual(code, 0);
  expectCaught(
    output,
    Object.fromEntries(entries.map(([file, [, words]]) => [file, words])),
    /^(?!src\/adapters\/).*error TS/,
  );
});

test('the library knows Node in one file only', () => {
  const root = plant({
    'packages/bybit/src/a.ts': 'export const a = process.pid;\n',
    'packages/bybit/src/b.ts': "import { wait } from './node.ts';\nexport const b = wait;\n",
  });
  const { output } = compile(root, 'packages/bybit/tsconfig.json');
  const caught = { 'src/a.ts': "Cannot find name 'process'", 'src/b.ts': 'node.ts' };
  expectCaught(output, caught, /^(?!.*src\/node\.ts\().*error TS/);
});

test('lint catches any, what is unused, a floating promise and bad format', () => {
  const root = plant({
    'src/oms/any.ts': 'export const x = (value: any): unknown => value;\n',
    'src/oms/unused.ts': 'const hidden = 1;\nexport const x = 2;\n',
    'src/oms/floating.ts': 'async function send(): Promise<void> {}\nexport function go(): void {\n  send();\n}\n',
    'src/oms/bang.ts': 'export const x = (list: number[]): number => list[0]!;\n',
    'src/oms/format.ts': 'export const x = "double";\n',
  });
  const { code, output } = lint(root);
  assert.equal(code, 1);
  expectCaught(
    output,
    {
      'src/oms/any.ts': 'noExplicitAny',
      'src/oms/unused.ts': 'noUnusedVariables',
      'src/oms/floating.ts': 'noFloatingPromises',
      'src/oms/bang.ts': 'noNonNullAssertion',
      'src/oms/format.ts': 'format',
    },
    /^[×!] /,
  );
});
