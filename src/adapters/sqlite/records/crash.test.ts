import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unwrap } from '../../../domain/result.ts';
import { openStore } from '../store.ts';
import { IN_MEMORY, RECORDS_FILE } from './database.ts';
import { contentHash } from './dump.ts';
import { RecordsEngine } from './engine.ts';

const KILLS = Number(process.env.OKD_KILLS ?? 2);
const CHILD = fileURLToPath(new URL('./testing/crash-child.ts', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'okd-records-'));
after(() => rmSync(dir, { recursive: true }));

/** Runs the child until its projector is at work, and kills it somewhere in a batch. Returns how far it had come. */
async function killed(): Promise<number> {
  const child = spawn(process.execPath, [CHILD, '--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let projected = 0;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    const seq = Number(text.trim().split('\n').at(-1));
    if (projected === 0 && seq > 0) setTimeout(() => child.kill('SIGKILL'), randomInt(60));
    projected = Math.max(projected, seq);
  });
  const [, signal] = await once(child, 'close');
  assert.equal(signal, 'SIGKILL');
  return projected;
}

test(`after ${KILLS} kill -9 the records go on where they were and end as a rebuild does`, async () => {
  for (let kill = 0; kill < KILLS; kill += 1) assert.ok((await killed()) > 0);
  const store = unwrap(await openStore(dir));
  const live = RecordsEngine.open(join(dir, RECORDS_FILE), store.journal);
  assert.ok(live.positions().length > 0, 'nothing was dropped');
  while (live.step(100).records > 0);
  const rebuilt = RecordsEngine.open(IN_MEMORY, store.journal);
  while (rebuilt.step(10_000).records > 0);
  assert.equal(contentHash(live.db), contentHash(rebuilt.db));
  live.close();
  rebuilt.close();
  await store.close();
});
