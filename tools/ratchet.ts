// What is longer than it should be, against test/ratchet.json: recorded lengths only fall.
// Run as a script it lowers the records to what is there now; it never raises one or adds one, unless --record is
// given, which is for the first time only.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trackedFiles } from './files.ts';
import { functionsOf, readSource } from './syntax.ts';

export const MAX_FUNCTION_LINES = 70;
export const MAX_FILE_LINES = 400;

export type Lengths = Readonly<Record<string, number>>;
export type Ratchet = { readonly functions: Lengths; readonly files: Lengths };

const RECORDS = 'test/ratchet.json';
const isCode = (file: string): boolean => /\.(ts|tsx|mjs)$/.test(file) && !file.endsWith('.d.ts');

export const readRatchet = (root: string): Ratchet => JSON.parse(readFileSync(join(root, RECORDS), 'utf8')) as Ratchet;

/** Everything over its limit, by name; of functions with the same name in a file, the longest counts. */
export function tooLong(root: string, files: readonly string[]): Ratchet {
  const functions: Record<string, number> = {};
  const long: Record<string, number> = {};
  for (const file of files.filter(isCode)) {
    const source = readSource(root, file);
    const lines = source.text.split('\n').length - 1;
    if (lines > MAX_FILE_LINES) long[file] = lines;
    for (const { name, lines: length } of functionsOf(source)) {
      const key = `${file} ${name}`;
      if (length > MAX_FUNCTION_LINES) functions[key] = Math.max(length, functions[key] ?? 0);
    }
  }
  return { functions, files: long };
}

/** What is wrong, one line each: too long and not recorded, longer than recorded, or recorded longer than it is. */
export function compare(found: Lengths, recorded: Lengths, limit: number): string[] {
  const problems: string[] = [];
  for (const [name, lines] of Object.entries(found)) {
    const record = recorded[name] ?? limit;
    if (lines > record) problems.push(`${name} has ${lines} lines, at most ${record}: split it, one subject each`);
  }
  for (const [name, record] of Object.entries(recorded)) {
    const lines = found[name] ?? limit;
    if (lines < record)
      problems.push(`${name} shrank from ${record} lines, well done: run bin/node24 tools/ratchet.ts`);
  }
  return problems;
}

function lowered(found: Lengths, recorded: Lengths, record: boolean): Lengths {
  const kept = Object.entries(found).filter(([name]) => record || name in recorded);
  const entries = kept.map(
    ([name, lines]) => [name, record ? lines : Math.min(lines, recorded[name] as number)] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const record = process.argv.includes('--record');
  const found = tooLong(root, trackedFiles(root));
  const old: Ratchet = record ? { functions: {}, files: {} } : readRatchet(root);
  const next: Ratchet = {
    functions: lowered(found.functions, old.functions, record),
    files: lowered(found.files, old.files, record),
  };
  writeFileSync(join(root, RECORDS), `${JSON.stringify(next, null, 2)}\n`);
}
