// npm run bench -- NAME [--json]: runs bench/NAME.ts; without a name, every bench, each in a process of its own.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Bench, type Figure, lineOf } from './lib/figure.ts';
import { machine } from './lib/machine.ts';
import { tableOf } from './lib/table.ts';

/** Files beside this one that are no benches. */
const OTHERS = ['main', 'load'];

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => !OTHERS.includes(name))
  .sort();

const args = process.argv.slice(2);
const json = args.includes('--json');
const asked = args.filter((arg) => arg !== '--json');
const wrong = asked.find((name) => !names.includes(name));
if (wrong !== undefined || asked.length > 1) {
  process.stderr.write(`usage: npm run bench -- [NAME] [--json]\nbenches: ${names.join(', ')}\n`);
  process.exit(2);
}

const [only] = asked;
process.exitCode = only === undefined ? runAll() : await runOne(only);

/** One process each: a bench must not run in a heap, or with code, that another has shaped. */
function runAll(): number {
  let worst = 0;
  for (const name of names) {
    const command = [...process.execArgv, fileURLToPath(import.meta.url), name, ...(json ? ['--json'] : [])];
    const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
    worst = Math.max(worst, status ?? 1);
  }
  return worst;
}

async function runOne(name: string): Promise<number> {
  const module = (await import(new URL(`${name}.ts`, import.meta.url).href)) as { run: Bench };
  process.stderr.write(`${name}: ${machine()}\n`);
  const figures: Figure[] = [];
  await module.run((figure) => {
    figures.push(figure);
    if (json) process.stdout.write(`${lineOf(name, figure)}\n`);
  });
  if (!json) process.stdout.write(`${tableOf(figures)}\n`);
  return 0;
}
