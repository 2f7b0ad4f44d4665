import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivate, writePrivate } from '../credentials.ts';
import { CommandError, EXIT } from '../exit.ts';

const FILE = 'paper-control.json';

/** Where the exchange of a data directory is, for tools: there while it runs. */
export function tellControl(dir: string, rest: string): () => void {
  const file = join(dir, FILE);
  writePrivate(file, { rest });
  return () => rmSync(file, { force: true });
}

/** Throws CommandError where no exchange with control runs in the directory. */
export function controlUrlOf(dir: string): string {
  const file = join(dir, FILE);
  if (existsSync(file)) return readPrivate<{ rest: string }>(file).rest;
  throw new CommandError('UNREACHABLE', `no exchange with "control": true runs in ${dir}`, EXIT.venue);
}
