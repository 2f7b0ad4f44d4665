// Which tests exist, in the order they run: cheap and precise first.
import { findFiles } from '../files.ts';

export type Group = { readonly name: string; readonly patterns: readonly string[]; readonly limitS: number };

/** `limitS` is for one file; it stops what hangs, it is no budget. */
export const GROUPS: readonly Group[] = [
  {
    name: 'unit',
    patterns: ['{src,tools,bench}/**/*.test.ts', 'packages/*/{src,test}/**/*.test.ts'],
    limitS: 120,
  },
  { name: 'guards', patterns: ['test/*.test.ts'], limitS: 120 },
  { name: 'golden', patterns: ['test/golden/**/*.test.ts'], limitS: 120 },
  { name: 'property', patterns: ['test/property/**/*.test.ts'], limitS: 300 },
  { name: 'integration', patterns: ['test/integration/**/*.test.ts'], limitS: 300 },
  { name: 'sim', patterns: ['sim/**/*.test.ts'], limitS: 600 },
  { name: 'browser', patterns: ['test/browser/**/*.test.ts'], limitS: 300 },
];

/** `test:long` runs more seeds and cases of the same files. */
export const LONG_FACTOR = 24;

export const filesOf = (group: Group, root: string): string[] => findFiles(root, group.patterns);

/** Test files that no group runs: they would never fail. */
export function orphans(root: string): string[] {
  const known = new Set(GROUPS.flatMap((group) => filesOf(group, root)));
  const everywhere = findFiles(root, ['{src,packages,sim,test,bench,tools}/**/*.test.{ts,mts,js,mjs}']);
  return everywhere.filter((file) => !known.has(file));
}
