import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Documented examples of the V5 API, kept beside the repository; tests that need them skip where they are absent. */
const ROOT = fileURLToPath(new URL('../../../../shared/bybit/golden/', import.meta.url));

export const GOLDEN_IS_THERE = existsSync(ROOT);
export const SKIP: string | false = GOLDEN_IS_THERE ? false : 'the documented examples are not beside the repository';

export const goldenJson = (path: string): unknown => JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8'));

export const goldenFiles = (folder: string): string[] =>
  GOLDEN_IS_THERE ? readdirSync(`${ROOT}${folder}`).sort() : [];

/** Lines of the archived book, from a zip with one stored member; empty if it is absent. */
export function historyLines(): string[] {
  const path = `${ROOT}history/xrpusdt-ob500.data.zip`;
  if (!existsSync(path)) return [];
  const zip = readFileSync(path);
  // Local file header: sizes at 18 and 22, lengths of name and extra field at 26 and 28, then the bytes as they are.
  const start = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  return zip
    .subarray(start, start + zip.readUInt32LE(18))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}
