// Small checks of the whole repository, in the manner of TigerBeetle's tidy: the message names what to do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compare, MAX_FILE_LINES, MAX_FUNCTION_LINES, readRatchet, tooLong } from '../tools/ratchet.ts';
import { orphans } from '../tools/test/groups.ts';
import { untidy } from '../tools/tidy.ts';
import { trackedFiles } from '../tools/files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = trackedFiles(root);
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

type Versions = Readonly<Record<string, string>>;
type Manifest = Readonly<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Versions>>;

/** Fails with the problems as they are, without a diff around them. */
const none = (problems: readonly string[]): void => assert.ok(problems.length === 0, `\n${problems.join('\n')}`);

test('no tracked file has a banned word or a vague name', () => {
  assert.ok(tracked.length > 20, 'git lists the files');
  const text = tracked.map((file) => [file, read(file)] as const).filter(([, content]) => !content.includes('\0'));
  none(text.flatMap(([file, content]) => untidy(file, content)));
});

test('no function or file is longer than its limit or its record', () => {
  const found = tooLong(root, tracked);
  const records = readRatchet(root);
  none(compare(found.functions, records.functions, MAX_FUNCTION_LINES));
  none(compare(found.files, records.files, MAX_FILE_LINES));
});

test('every test file belongs to a group of npm test', () => {
  none(orphans(root).map((file) => `${file} is run by no group of tools/test/groups.ts`));
});

test('the lock file and .npmrc name no registry', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved": "(https?|git)/);
  assert.doesNotMatch(read('.npmrc'), /registry\s*=\s*http/);
});

test('every dependency is exact and has its line in docs/adr/0003-dependencies.md', () => {
  const lines = read('docs/adr/0003-dependencies.md');
  const manifests = tracked.filter((file) => /(^|\/)package\.json$/.test(file));
  const problems = manifests.flatMap((file) => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(file)) as Manifest;
    const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    return all.flatMap(([name, version]) => [
      ...(lines.includes(`| \`${name}\` | `) ? [] : [`${file}: ${name} has no line in docs/adr/0003-dependencies.md`]),
      ...(/^\d+\.\d+\.\d+\S*$|^\*$/.test(version) ? [] : [`${file}: ${name} ${version} is not an exact version`]),
    ]);
  });
  none(problems);
});

test('every ADR has its sections, fits a page, and is in the list', () => {
  const pages = tracked.filter((file) => /^docs\/adr\/\d{4}-[a-z0-9-]+\.md$/.test(file));
  const list = read('docs/adr/README.md');
  const problems = pages.flatMap((file) => {
    const text = read(file);
    const missing = ['## Context', '## Decision', '## What we gave up'].filter(
      (section) => !text.includes(`\n${section}\n`),
    );
    const number = file.slice('docs/adr/'.length, 'docs/adr/'.length + 4);
    return [
      ...missing.map((section) => `${file}: no section "${section}"`),
      ...(text.startsWith(`# ${number}: `) ? [] : [`${file}: the title begins "# ${number}: "`]),
      ...(text.split('\n').length > 80 ? [`${file}: longer than a page (80 lines)`] : []),
      ...(list.includes(`(${file.slice('docs/adr/'.length)})`) ? [] : [`${file}: not in docs/adr/README.md`]),
    ];
  });
  none(problems);
  assert.ok(pages.length > 0);
});
