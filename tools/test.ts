// tools/test.ts [group…] [part of a path…] [--long] [--jobs N] [--name PATTERN] [--verbose]
// Without a group: the static checks, then every group. The last line on stdout is the totals.
import { availableParallelism, constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printCheck, runChecks } from './checks.ts';
import { filesOf, GROUPS, type Group, LONG_FACTOR } from './test/groups.ts';
import { type FileResult, killAll, runFile } from './test/run-file.ts';

type Totals = { passed: number; failed: number; skipped: number };

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    long: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(availableParallelism()) },
    name: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
  },
});
const LINGER_MS = 15_000;
const named = GROUPS.filter((group) => positionals.includes(group.name));
const paths = positionals.filter((word) => !GROUPS.some((group) => group.name === word));
const everything = named.length === 0 && paths.length === 0 && flags.name === undefined;

const say = (text: string) => process.stdout.write(`${text}\n`);
const indent = (text: string) => text.replaceAll(/^(?=.)/gm, '    ');
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const summary = ({ passed, failed, skipped }: Totals) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

function add(totals: Totals, more: Totals): void {
  totals.passed += more.passed;
  totals.failed += more.failed;
  totals.skipped += more.skipped;
}

function printFile(result: FileResult): void {
  for (const { name, text } of result.failures) say(`\n✖ ${result.file}: ${name}\n${indent(text)}`);
  const show = result.failures.length > 0 || flags.verbose;
  if (show && result.output.trim() !== '') say(`  ${result.file} wrote:\n${indent(result.output.trimEnd())}\n`);
}

async function runGroup(group: Group): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  const queue = filesOf(group, flags.root).filter(
    (file) => paths.length === 0 || paths.some((path) => file.includes(path)),
  );
  if (queue.length === 0) return totals;
  const begun = performance.now();
  const slow: FileResult[] = [];
  const limitMs = group.limitS * 1000 * (flags.long ? LONG_FACTOR : 1);
  const options = {
    root: flags.root,
    limitMs,
    lingerMs: LINGER_MS,
    ...(flags.name === undefined ? {} : { namePattern: flags.name }),
  };
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runFile(file, options);
      printFile(result);
      slow.push(result);
      add(totals, { passed: result.passed, failed: result.failures.length, skipped: result.skipped });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(flags.jobs)) }, worker));
  say(`${group.name}: ${summary(totals)} in ${slow.length} files, ${seconds(performance.now() - begun)}`);
  const worst = slow.filter(({ ms }) => ms > 5_000).sort((a, b) => b.ms - a.ms);
  for (const { file, ms } of worst.slice(0, 5)) say(`  ${seconds(ms)} ${file}`);
  return totals;
}

async function runAll(): Promise<number> {
  const checks: Totals = { passed: 0, failed: 0, skipped: 0 };
  if (everything) {
    for (const result of await runChecks(flags.root)) {
      printCheck(result);
      checks[result.ok ? 'passed' : 'failed']++;
    }
  }
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  for (const group of named.length > 0 ? named : GROUPS) add(totals, await runGroup(group));
  if (totals.passed + totals.failed === 0) {
    say('✖ no test was executed');
    totals.failed++;
  }
  add(totals, checks);
  say(summary(totals));
  return totals.failed === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    killAll();
    process.exit(128 + constants.signals[signal]);
  });
}
if (flags.long) process.env['OKD_LONG'] = '1';
process.exitCode = await runAll();
