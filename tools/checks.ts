// The static checks of `npm run check`: each is a command that prints what is wrong and fails.
import { spawn } from 'node:child_process';

export type Check = { readonly name: string; readonly command: readonly string[] };
export type CheckResult = { readonly name: string; readonly ok: boolean; readonly output: string; readonly ms: number };

const node = [process.execPath, ...process.execArgv];
const bin = (tool: string) => [process.execPath, `node_modules/.bin/${tool}`];

/**
 * Never from a kept build state: TypeScript 7 was seen to repeat errors of an earlier tree after a declaration file
 * had been added. A whole check takes two seconds.
 */
const types = (project: string) => [...bin('tsc'), '-p', project];
const composite = (project: string) => [...types(project), '--tsBuildInfoFile', '/dev/null'];

/** The long ones first: they run two at a time. */
export const CHECKS: readonly Check[] = [
  { name: 'types', command: types('tsconfig.json') },
  { name: 'types-pure', command: composite('tsconfig.pure.json') },
  { name: 'types-bybit', command: composite('packages/bybit/tsconfig.json') },
  {
    name: 'lint',
    command: [...bin('biome'), 'check', '--error-on-warnings', '--reporter=concise', '--max-diagnostics=none'],
  },
  { name: 'boundaries', command: [...node, 'tools/boundaries.ts'] },
  { name: 'requirements', command: [...node, 'tools/requirements.ts'] },
  { name: 'lock-file', command: [...node, 'tools/lock-platforms.mjs', '--check'] },
];

function run({ name, command }: Check, root: string): Promise<CheckResult> {
  const begun = performance.now();
  const [file = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const end = (ok: boolean) => resolve({ name, ok, output: output.trimEnd(), ms: performance.now() - begun });
    child.on('error', (error) => {
      output += String(error);
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

/** Runs the named checks, all without a name; `types` names every check whose name begins so. */
export async function runChecks(root: string, names: readonly string[] = []): Promise<CheckResult[]> {
  const chosen = CHECKS.filter(({ name }) => names.length === 0 || names.some((part) => name.startsWith(part)));
  const queue = [...chosen];
  const results: CheckResult[] = [];
  const worker = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) results.push(await run(check, root));
  };
  await Promise.all([worker(), worker()]);
  return results;
}

export function printCheck({ name, ok, output, ms }: CheckResult): void {
  console.log(`${ok ? '✔' : '✖'} ${name} (${(ms / 1000).toFixed(1)} s)`);
  if (!ok) console.log(output.replaceAll(/^(?=.)/gm, '    '));
}
