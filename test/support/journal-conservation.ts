import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/adapters/sqlite/store.ts';
import { PlatformLogic } from '../../src/clearing/platform.ts';
import { formatDecimal } from '../../src/domain/decimal.ts';
import type { Money } from '../../src/domain/ids.ts';
import { Partition } from '../../src/kernel/partition.ts';
import { AccountLogic } from '../../src/oms/account.ts';
import type { AccountState } from '../../src/oms/state.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { silentLog } from '../../src/ports/log.ts';

/**
 * Per coin, everything that accounts and the platform own on the internal venue, fees on their way included, less what
 * was ever deposited: nothing, at every moment that a journal can end in. Reads a copy, so that what a killed process
 * left is recovered by the next one and not by the test.
 */
export async function assertNothingMadeOrLost(dataDir: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'okd-copy-'));
  try {
    const copy = join(folder, 'data');
    cpSync(dataDir, copy, { recursive: true });
    const store = await openStore(copy, { log: silentLog });
    if (!store.ok) throw store.error;
    const difference = surplus(store.value.journal);
    await store.value.close();
    assert.deepEqual(difference, {});
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function surplus(journal: Journal): Record<string, string> {
  const sums = new Map<string, bigint>();
  const count = (asset: string, amount: bigint): void => void sums.set(asset, (sums.get(asset) ?? 0n) + amount);
  const platform = new PlatformLogic();
  new Partition(platform, journal, () => {}).recover();
  for (const [asset, { total }] of platform.balances.entries()) count(asset, total);
  for (const id of journal.partitions().filter((one) => one.startsWith('account:'))) {
    const logic = new AccountLogic(id, 'reader');
    new Partition(logic, journal, () => {}).recover();
    countAccount(logic.state, platform, count);
  }
  const rest = [...sums].filter(([, sum]) => sum !== 0n);
  return Object.fromEntries(rest.map(([asset, sum]) => [asset, formatDecimal(sum as Money)]));
}

function countAccount(
  state: AccountState,
  platform: PlatformLogic,
  count: (asset: string, amount: bigint) => void,
): void {
  for (const [asset, { total }] of state.balances.entries()) count(asset, total);
  for (const { type, asset, amount } of state.transfers) count(asset, type === 'deposited' ? -amount : amount);
  for (const { n, asset, amount } of state.outbox.values())
    if (n > platform.bookedFrom(state.number)) count(asset, amount);
}
