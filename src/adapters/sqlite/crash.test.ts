import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PartitionId } from '../../domain/ids.ts';
import { unwrap } from '../../domain/result.ts';
import { openStore } from './store.ts';

const KILLS = Number(process.env.OKD_KILLS ?? 10);
const root = mkdtempSync(join(tmpdir(), 'okd-crash-'));
after(() => rmSync(root, { recursive: true }));

/** Starts the child, kills it `afterMs` after its first acknowledgement, returns what it had acknowledged. */
async function runAndKill(dir: string, afterMs: number): Promise<Map<string, number>> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./crash-child.ts', import.meta.url)), '--dir', dir, '--snapshots'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let out = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    if (!out.includes('open\n')) setTimeout(() => child.kill('SIGKILL'), afterMs);
    out += text;
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL');
  const acknowledged = new Map<string, number>();
  const whole = out.slice(out.indexOf('\n') + 1, out.lastIndexOf('\n') + 1);
  for (const line of whole.split('\n').slice(0, -1)) {
    const [partition = '', seq = ''] = line.split(' ');
    assert.ok(Number(seq) > (acknowledged.get(partition) ?? 0), `acknowledged in order: ${line}`);
    acknowledged.set(partition, Number(seq));
  }
  return acknowledged;
}

test(`after ${KILLS} kill -9 every acknowledged record is there once, in order, the chain intact`, async () => {
  const dir = join(root, 'data');
  const acknowledged = new Map<string, number>();
  const before = new Map<string, string[]>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (const [partition, seq] of await runAndKill(dir, 5 + Math.floor(Math.random() * 60))) {
      acknowledged.set(partition, seq);
    }
    const store = unwrap(await openStore(dir)); // verifies the chain; nobody else may hold the lock
    for (const [partition, seq] of acknowledged) {
      const records = [...store.journal.read(partition as PartitionId, 1)];
      const texts = records.map(({ payload }) => Buffer.from(payload).toString());
      assert.ok(records.length >= seq, `${partition}: ${records.length} records, ${seq} acknowledged`);
      assert.deepEqual(
        records.map((record) => record.seq),
        records.map((_, i) => i + 1),
      );
      assert.equal(new Set(texts).size, texts.length, 'no record twice');
      const earlier = before.get(partition) ?? [];
      assert.deepEqual(texts.slice(0, earlier.length), earlier, 'nothing that was there has changed');
      before.set(partition, texts);
      const snapshot = store.journal.latestSnapshot(partition as PartitionId);
      if (snapshot !== null) assert.ok(snapshot.seq <= records.length, 'a snapshot never runs ahead of its records');
    }
    await store.close();
  }
  assert.ok(
    [...acknowledged.values()].every((seq) => seq > 10),
    'the child got somewhere',
  );
});
