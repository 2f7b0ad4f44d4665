import { readFileSync } from 'node:fs';

/** Seeds that once failed, with what they found. They run first, always. */
export type Regression = Readonly<{ seed: number; found: string }>;

export const regressions = (): readonly Regression[] =>
  JSON.parse(readFileSync(new URL('./regressions.json', import.meta.url), 'utf8'));
