// The files of the repository by pattern, never those of installed packages or of a build.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

export function findFiles(root: string, patterns: readonly string[]): string[] {
  return globSync([...patterns], { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] }).sort();
}

/** What git knows, in the working tree's state. */
export function trackedFiles(root: string): string[] {
  const list = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 });
  return list.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}
