// bin/okd, bin/node24 and npm start in a copy with a small command line of its own.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'okd-launcher-'));
after(() => rmSync(folder, { recursive: true }));

const CLI = `
const [command = ''] = process.argv.slice(2);
const waits: boolean = command === 'serve';
process.on('SIGTERM', () => process.exit(7));
process.on('SIGINT', () => process.exit(8));
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), flags: process.execArgv, pid: process.pid }));
if (waits) setInterval(() => {}, 1000);
else process.exitCode = Number(process.argv[3] ?? 0);
`;

/** A copy that is set up: its node_modules holds what npm would have recorded, and this Node. */
function project({ node = true, modules = true } = {}): string {
  const root = mkdtempSync(join(folder, 'okd-'));
  for (const file of ['bin', 'tools/setup.mjs', 'package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(repository, file), join(root, file), { recursive: true });
  }
  mkdirSync(join(root, 'src/app'), { recursive: true });
  writeFileSync(join(root, 'src/app/cli.ts'), CLI);
  if (modules) {
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
    cpSync(join(root, 'package-lock.json'), join(root, 'node_modules/.package-lock.json'));
    if (node) symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
  }
  return root;
}

/** A folder for PATH with a `node` that only says which version it is. */
function pathWith(version: string): string {
  const bin = mkdtempSync(join(folder, 'path-'));
  writeFileSync(join(bin, 'node'), `#!/bin/sh\necho ${version}\n`);
  chmodSync(join(bin, 'node'), 0o755);
  return `${bin}:/usr/bin:/bin`;
}

function okd(file: string, args: readonly string[], options: { cwd?: string; path?: string } = {}) {
  const env = { ...process.env, PATH: options.path ?? pathWith('v20.0.0') };
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: options.cwd ?? '/', env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

test('okd runs on the Node that npm installed, from any folder and through links', () => {
  const root = project();
  const links = mkdtempSync(join(folder, 'links and spaces-'));
  symlinkSync(join(root, 'bin/okd'), join(links, 'first'));
  symlinkSync('first', join(links, 'okd'));
  const { code, stdout, stderr } = okd(join(links, 'okd'), ['echo', '5', 'two words', '--flag'], { cwd: links });
  assert.deepEqual([code, stderr], [5, '']);
  const said = JSON.parse(stdout) as { args: string[]; cwd: string; flags: string[] };
  assert.deepEqual(said.args, ['echo', '5', 'two words', '--flag']);
  assert.equal(said.cwd, links);
  assert.ok(said.flags.includes('--conditions=okd-source'));
});

test('okd takes the system Node where npm has none for the platform', () => {
  const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
  assert.equal(okd(join(project({ node: false }), 'bin/okd'), ['echo'], { path }).code, 0);
});

test('okd says what to do where there is no Node 24, and ends with code 2', () => {
  const { code, stdout, stderr } = okd(join(project({ node: false }), 'bin/okd'), ['echo']);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /needs Node 24 or newer, and this machine has Node 20/);
  assert.match(stderr, /install it from https:\/\/nodejs\.org/);
});

test('okd says how to set up a fresh clone, and ends with code 2', () => {
  const { code, stderr } = okd(join(project({ modules: false }), 'bin/okd'), ['echo']);
  assert.equal(code, 2);
  assert.match(stderr, /not set up yet: run 'npm start'/);
});

/** Starts `npm start` with arguments, sends npm the signal; answers the exit code of npm. */
async function startAndEnd(signal: NodeJS.Signals): Promise<number | null> {
  const child = spawn('npm', ['start', '--', '--port', '0', '--json'], {
    cwd: project(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  for await (const chunk of child.stdout) {
    stdout += chunk;
    if (/^\{.*\}$/m.test(stdout)) break;
  }
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  const { args, pid } = JSON.parse(line ?? '') as { args: string[]; pid: number };
  assert.deepEqual(args, ['serve', '--port', '0', '--json']);
  const closed = once(child, 'exit');
  child.kill(signal);
  const [code] = (await closed) as [number | null];
  assert.throws(() => process.kill(pid, 0), /ESRCH/);
  return code;
}

test('npm start passes its arguments on, and SIGTERM reaches the gateway, whose exit code it keeps', async () =>
  assert.equal(await startAndEnd('SIGTERM'), 7));

test('SIGINT reaches the gateway through npm start', async () => assert.equal(await startAndEnd('SIGINT'), 8));
