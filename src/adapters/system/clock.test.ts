import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { sleep } from '../../ports/clock.ts';
import { systemClock } from './clock.ts';

test('a timer never fires before its delay has passed, also when the turn that set it was long', async () => {
  const clock = systemClock();
  const busyUntil = clock.monotonic() + 15;
  while (clock.monotonic() < busyUntil);
  const start = clock.monotonic();
  await sleep(clock, 10);
  assert.ok(clock.monotonic() - start >= 10);
});

test('timers fire in the order of their delays; one that is called off never fires', async () => {
  const clock = systemClock();
  const fired: string[] = [];
  clock.after(12, () => fired.push('late'));
  clock.after(2, () => fired.push('early'));
  const cancelled = clock.after(4, () => fired.push('cancelled'));
  clock.after(-5, () => fired.push('now'));
  cancelled.cancel();
  cancelled.cancel();
  await sleep(clock, 25);
  assert.deepEqual(fired, ['now', 'early', 'late']);
});

test('a delay beyond the longest of the run time does not fire at once', async () => {
  const clock = systemClock();
  const month = clock.after(31 * 24 * 3600 * 1000, () => assert.fail('fired'));
  await sleep(clock, 5);
  month.cancel();
});

test('now is whole milliseconds', () => {
  assert.ok(Number.isInteger(systemClock().now()));
});

test('timers that do not keep the process alive let it end', () => {
  const program = `import { systemClock } from '${new URL('./clock.ts', import.meta.url).href}';
    systemClock({ keepAlive: false }).after(60_000, () => {});`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 10_000 });
  assert.equal(ended.status, 0);
});
