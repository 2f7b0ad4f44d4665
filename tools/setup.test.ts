// The set-up runs in a copy of its own with a scripted npm, on this Node; it is plain JavaScript for older ones too.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = mkdtempSync(join(tmpdir(), 'okd-setup-'));
after(() => rmSync(root, { recursive: true }));

const LOCK = {
  packages: {
    '': { name: 'okd' },
    'node_modules/pino': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/node-other': { version: '24.0.0', optional: true },
    'packages/bybit': { name: '@okd/bybit' },
  },
};

/** An npm that answers each call with the next of these: the text it writes to stderr, '' for success. */
function scriptNpm(...answers: string[]): void {
  const text = `
    import { appendFileSync, mkdirSync, readFileSync, copyFileSync } from 'node:fs';
    appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
    const answer = ${JSON.stringify(answers)}[readFileSync('calls', 'utf8').split('\\n').length - 2];
    mkdirSync('node_modules', { recursive: true });
    if (answer === '') copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
    else process.stderr.write(answer);
    process.exitCode = answer === '' ? 0 : 1;`;
  writeFileSync(join(root, 'npm.mjs'), text);
}

function setup(): { code: number | null; said: string; calls: string[] } {
  const env = { ...process.env, npm_execpath: join(root, 'npm.mjs') };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/setup.mjs'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  assert.equal(stdout, '', 'stdout belongs to what runs after the set-up');
  const calls = existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trimEnd().split('\n') : [];
  return { code: status, said: stderr, calls };
}

beforeEach(() => {
  rmSync(root, { recursive: true });
  mkdirSync(join(root, 'tools'), { recursive: true });
  cpSync(fileURLToPath(new URL('./setup.mjs', import.meta.url)), join(root, 'tools/setup.mjs'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK));
});

test('a fresh clone is set up once, from the lock file and without install scripts', () => {
  scriptNpm('');
  const first = setup();
  assert.equal(first.code, 0);
  assert.match(first.said, /first start/);
  assert.match(first.calls.join(), /^ci .*--ignore-scripts/);
  const second = setup();
  assert.deepEqual([second.code, second.said, second.calls.length], [0, '', 1]);
});

test('a changed lock file is noticed, another platform is not missed', () => {
  scriptNpm('', '');
  setup();
  const pino = { version: '1.0.1', integrity: 'sha512-b' };
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { ...LOCK.packages, 'node_modules/pino': pino } }),
  );
  const { said, calls } = setup();
  assert.match(said, /node_modules\/pino changed/);
  assert.equal(calls.length, 2);
});

test('the network may fail once', () => {
  scriptNpm('npm error code ECONNRESET\n', '');
  const { code, said, calls } = setup();
  assert.equal(code, 0);
  assert.match(said, /the network failed, trying once more/);
  assert.equal(calls.length, 2);
});

test('what cannot be installed is said with the reason and without the help page of npm', () => {
  scriptNpm(
    'npm error code EUSAGE\nnpm error Missing: x@1 from lock file\nnpm error Clean install a project\nnpm error Usage\n',
  );
  const { code, said, calls } = setup();
  assert.equal(code, 1);
  assert.match(said, /npm ci failed \(exit code 1\):\n {2}code EUSAGE\n {2}Missing: x@1/);
  assert.doesNotMatch(said, /Usage/);
  assert.equal(calls.length, 1);
});
