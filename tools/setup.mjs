// Brings node_modules in step with package-lock.json, and does nothing when it already is.
// Plain JavaScript for Node 20: `npm start` and `npm test` run it on the machine's own Node, before Node 24 is there.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const NETWORK =
  /\b(ECONN\w+|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|ENETUNREACH|ERR_SOCKET_TIMEOUT|EINTEGRITY|E429|E50\d|FETCH_ERROR)\b|network|socket hang up/i;
const ATTEMPTS = 2;
const RETRY_AFTER_MS = 2_000;

const say = (text) => process.stderr.write(`okd setup: ${text}\n`);
const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;

/** The first package that node_modules lacks or holds in another version, null when there is none. */
function outOfStep() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return 'node_modules';
  const installed = packagesOf('node_modules/.package-lock.json');
  for (const [path, wanted] of Object.entries(packagesOf('package-lock.json'))) {
    if (!path.startsWith('node_modules/')) continue;
    const found = installed[path];
    if (found === undefined && wanted.optional) continue; // another platform's
    if (found === undefined || found.version !== wanted.version) return path;
    if (wanted.integrity !== undefined && found.integrity !== wanted.integrity) return path;
  }
  return null;
}

/** Runs `npm ci`; answers its exit code and what it wrote to stderr. */
function install() {
  const npm = process.env.npm_execpath;
  const [command, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const options = ['--ignore-scripts', '--include=dev', '--include=optional', '--prefer-offline'];
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  return new Promise((resolve) => {
    const child = spawn(command, [...first, 'ci', ...options, ...quiet], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stdout.resume();
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('error', (error) => resolve({ code: 1, errors: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, errors }));
  });
}

/** The lines that say what went wrong, without npm's help page and log address. */
function reason(errors) {
  const lines = errors.split('\n').map((line) => line.replace(/^npm error\s?/, '').trimEnd());
  const end = lines.findIndex((line) => /^(Clean install a project|A complete log)/.test(line));
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .filter((line) => line !== '')
    .slice(0, 20)
    .join('\n  ');
}

async function setup() {
  const missing = outOfStep();
  if (missing === null) return 0;
  const begun = Date.now();
  say(
    missing === 'node_modules'
      ? 'first start: installing dependencies and Node 24 (about 190 MB)'
      : `${missing} changed: installing dependencies`,
  );
  for (let attempt = 1; ; attempt++) {
    const { code, errors } = await install();
    if (code === 0) {
      say(`done in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
      return 0;
    }
    if (attempt === ATTEMPTS || !NETWORK.test(errors)) {
      say(`npm ci failed (exit code ${code}):\n  ${reason(errors)}`);
      return 1;
    }
    say(`the network failed, trying once more: ${reason(errors).split('\n')[0]}`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
  }
}

process.exitCode = await setup();
