/**
 * Faults of the disk, for tests and drills: shared with the writer thread, which looks at them before each commit.
 * Production never makes one.
 */
export interface DiskFaults {
  /** The next commit fails and is rolled back, as on a full disk (`ENOSPC`) or a device error (`EIO`). */
  failNextCommit(code: 'ENOSPC' | 'EIO'): void;
  /** Every commit takes at least this much longer. */
  delayCommits(ms: number): void;
  readonly cells: Int32Array<SharedArrayBuffer>;
}

const FAILURES = ['', 'ENOSPC', 'EIO'] as const;
const FAIL = 0;
const DELAY = 1;

export function createDiskFaults(): DiskFaults {
  const cells = new Int32Array(new SharedArrayBuffer(8));
  return {
    cells,
    failNextCommit: (code) => void Atomics.store(cells, FAIL, FAILURES.indexOf(code)),
    delayCommits: (ms) => void Atomics.store(cells, DELAY, ms),
  };
}

/** Runs in the writer thread, inside the transaction: throws when this commit is to fail. */
export function meetFaults(cells: Int32Array<SharedArrayBuffer> | null): void {
  if (cells === null) return;
  const delayMs = Atomics.load(cells, DELAY);
  if (delayMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
  const code = FAILURES[Atomics.exchange(cells, FAIL, 0)] ?? '';
  if (code !== '') throw new Error(`injected ${code}`);
}
