import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type FileResult, runFile } from './run-file.ts';

const root = mkdtempSync(join(tmpdir(), 'okd-runner-'));
after(() => rmSync(root, { recursive: true }));

const IMPORTS = "import assert from 'node:assert/strict';\nimport { describe, it, test } from 'node:test';\n";

async function outcome(
  code: string,
  options: { namePattern?: string; limitMs?: number } = {},
): Promise<FileResult & { said: string }> {
  const file = join(root, `${Math.floor(performance.now() * 1000)}.test.ts`);
  writeFileSync(file, `${IMPORTS}${code}\n`);
  const result = await runFile(file, { root, limitMs: 5_000, lingerMs: 300, ...options });
  return { ...result, said: result.failures.map(({ name, text }) => `${name}\n${text}`).join('\n') };
}

test('tests are counted one by one, suites are not, skipped ones apart', async () => {
  const code =
    "test('a', () => {}); describe('s', () => { it('b', () => {}); it.skip('c', () => {}); it.todo('d'); });";
  const { passed, skipped, failures } = await outcome(code);
  assert.deepEqual([passed, skipped, failures.length], [2, 2, 0]);
});

test('a failure is told in full with the path of its name, once', async () => {
  const code =
    "describe('s', () => { test('t', (t) => t.test('u', () => assert.deepEqual({ a: [1] }, { a: [2] }))); });";
  const { failures, said } = await outcome(code);
  assert.equal(failures.length, 1);
  assert.match(said, /^s > t > u\n/);
  assert.match(said, /\+ {5}1\n- {5}2/);
});

test('a crash while loading is a failure', async () => {
  const { said, output } = await outcome("throw new Error('boom');");
  assert.match(said, /ended before its tests did \(exit code 1\)/);
  assert.match(output, /Error: boom/);
});

test('leaving with exit code 0 before the end is a failure', async () => {
  const { passed, said } = await outcome(
    "test('a', () => {}); test('b', () => new Promise(() => setTimeout(() => process.exit(0), 50)));",
  );
  assert.equal(passed, 1);
  assert.match(said, /ended before its tests did \(exit code 0\)/);
});

test('being killed is a failure', async () => {
  const { said } = await outcome("test('a', () => { process.kill(process.pid, 'SIGKILL'); });");
  assert.match(said, /ended before its tests did \(signal SIGKILL\)/);
});

test('an error after the last test is a failure', async () => {
  const { said, output } = await outcome("test('a', () => { setTimeout(() => { throw new Error('late'); }, 20); });");
  assert.match(said, /all its tests passed, then it failed/);
  assert.match(output, /late/);
});

test('a handle that stays open is a failure, not a wait', async () => {
  const { passed, said } = await outcome("test('a', () => { setInterval(() => {}, 1000); });");
  assert.equal(passed, 1);
  assert.match(said, /is left open \(waited 0\.3 s\)/);
});

test('a test that never ends is stopped and named', async () => {
  const { said } = await outcome("test('waits', () => new Promise(() => setInterval(() => {}, 1000)));", {
    limitMs: 1_500,
  });
  assert.match(said, /still ran after 1\.5 s, in: waits/);
});

test('a file without a test is a failure', async () => {
  assert.match((await outcome('export const x = 1;')).said, /has no test/);
  const filtered = await outcome("test('a', () => {});", { namePattern: 'nothing' });
  assert.deepEqual(filtered.failures, []);
});

test('what a test file started ends with it', async () => {
  const code =
    "import { spawn } from 'node:child_process';\n" +
    "test('a', () => { const c = spawn('sleep', ['100'], { stdio: 'ignore' }); console.log('pid', c.pid); c.unref(); });";
  const { output, failures } = await outcome(code);
  assert.deepEqual(failures, []);
  const pid = Number(/pid (\d+)/.exec(output)?.[1]);
  assert.ok(await endOf(pid), `process ${pid} still runs`);
});

/** Whether the process is gone (or waits, dead, for its parent to notice) within a second. */
async function endOf(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      if (process.platform === 'linux' && /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return true;
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
