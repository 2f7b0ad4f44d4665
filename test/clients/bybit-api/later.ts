// The steps that the exchange does not carry out yet.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('./later.txt', import.meta.url);

export const readLater = (): ReadonlySet<string> =>
  new Set(
    readFileSync(FILE, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );

export const writeLater = (steps: readonly string[]): void => {
  writeFileSync(FILE, steps.map((what) => `${what}\n`).join(''));
};
