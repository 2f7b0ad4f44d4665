import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../adapters/system/clock.ts';
import { silentLog } from '../../ports/log.ts';
import { openOwnPaper } from './own-paper.ts';

const root = mkdtempSync(join(tmpdir(), 'okd-own-paper-'));
after(() => rmSync(root, { recursive: true }));

/** The port of one start, which is ended again. */
async function portOf(dir: string, config: Readonly<Record<string, unknown>> = {}): Promise<number> {
  const paper = await openOwnPaper({
    dir,
    config: { agents: false, ...config },
    key: { apiKey: 'k', apiSecret: 's' },
    log: silentLog,
    clock: systemClock({ keepAlive: false }),
  });
  await paper.close();
  return paper.running.port;
}

/** Somebody else listens there meanwhile. */
async function whileTaken<T>(port: number, run: () => Promise<T>): Promise<T> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  const result = await run();
  await new Promise((resolve) => other.close(resolve));
  return result;
}

test('the port stays the same over restarts; one that is taken is replaced, and then that one stays', async () => {
  const dir = join(root, 'kept');
  const first = await portOf(dir);
  assert.equal(await portOf(dir), first);
  assert.equal(await portOf(dir, { listen: { host: '127.0.0.1' } }), first, 'the configuration names no port');
  const second = await whileTaken(first, () => portOf(dir));
  assert.notEqual(second, first);
  assert.equal(await portOf(dir), second);
});

test('a port that the configuration names is taken as it is, and not remembered', async () => {
  const dir = join(root, 'named');
  const free = await portOf(join(root, 'free'));
  assert.equal(await portOf(dir, { listen: { port: free } }), free);
  assert.ok(!existsSync(join(dir, 'port.json')));
  const refused = whileTaken(free, () => portOf(dir, { listen: { port: free } }).catch((error: unknown) => error));
  assert.equal(((await refused) as { code?: string }).code, 'PORT_IN_USE');
});

test('a port file that holds no port means any free one', async () => {
  const dir = join(root, 'odd');
  mkdirSync(dir);
  writeFileSync(join(dir, 'port.json'), '99999');
  assert.ok((await portOf(dir)) > 0);
});
