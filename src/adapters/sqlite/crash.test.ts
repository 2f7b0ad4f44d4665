import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PartitionId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { openStore } from './store.ts';

const KILLS = process.env.OKD_LONG === '1' ? 300 : 10;
const root = mkdtempSync(join(tmpdir(), 'okd-crash-'));
after(() => rmSync(root, { recursive: true }));

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

/** Runs the child to its end and returns what it had acknowledged: the last sequence of each partition. */
async function run(
  command: string[],
  onOpen: (child: ChildProcess) => void,
): Promise<{ end: string; acknowledged: Map<string, number> }> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    if (out === '') onOpen(child);
    out += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  const acknowledged = new Map<string, number>();
  for (const line of out
    .slice(out.indexOf('\n') + 1, out.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)) {
    const [partition = '', seq = ''] = line.split(' ');
    assert.ok(Number(seq) > (acknowledged.get(partition) ?? 0), `acknowledged in order: ${line}`);
    acknowledged.set(partition, Number(seq));
  }
  return { end: signal ?? `exit ${code}`, acknowledged };
}

/** Opens what the child has left, which verifies the chain, and reads it: per partition what its records say. */
async function readBack(dir: string, acknowledged: ReadonlyMap<string, number>): Promise<Map<string, string[]>> {
  const store = unwrap(await openStore(dir));
  const found = new Map<string, string[]>();
  for (const [name, seq] of acknowledged) {
    const partition = name as PartitionId;
    const records = [...store.journal.read(partition, 1)];
    assert.ok(records.length >= seq, `${name}: ${records.length} records, ${seq} acknowledged`);
    assert.deepEqual(
      records.map((record) => record.seq),
      records.map((_, i) => i + 1),
    );
    const texts = records.map(({ payload }) => Buffer.from(payload).toString());
    assert.equal(new Set(texts).size, texts.length, 'no record twice');
    const snapshot = store.journal.latestSnapshot(partition);
    if (snapshot !== null) assert.ok(snapshot.seq <= records.length, 'a snapshot never runs ahead of its records');
    found.set(name, texts);
  }
  await store.close();
  return found;
}

test(`after ${KILLS} kill -9 every acknowledged record is there once, in order, the chain intact`, async () => {
  const dir = join(root, 'killed');
  const acknowledged = new Map<string, number>();
  let before = new Map<string, string[]>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const afterMs = randomInt(5, 65);
    const ended = await run([process.execPath, CHILD, '--dir', dir, '--snapshots'], (child) => {
      setTimeout(() => child.kill('SIGKILL'), afterMs);
    });
    assert.equal(ended.end, 'SIGKILL');
    for (const [partition, seq] of ended.acknowledged) acknowledged.set(partition, seq);
    const found = await readBack(dir, acknowledged);
    for (const [partition, texts] of before) assert.deepEqual(found.get(partition)?.slice(0, texts.length), texts);
    before = found;
  }
  assert.ok(
    [...acknowledged.values()].every((seq) => seq > 10),
    'the child got somewhere',
  );
});

test('on a disk that is full the journal fails once, and everything acknowledged before is there', async () => {
  const dir = join(root, 'full');
  const limited = ['sh', '-c', 'ulimit -f 400 && exec "$0" "$@"', process.execPath, CHILD, '--dir', dir]; // of file size
  const ended = await run(limited, () => {});
  assert.equal(ended.end, 'exit 6');
  assert.ok(ended.acknowledged.size === 3);
  await readBack(dir, ended.acknowledged);
});
