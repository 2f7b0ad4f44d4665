// test:clone against a scripted project: the same steps, without waiting for a real installation.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseReady } from './clone/gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'okd-clone-test-'));
after(() => rmSync(folder, { recursive: true }));

type Script = { status?: number; venues?: string[]; final?: string; ready?: boolean };

/** A project whose `npm start` is a server that answers as scripted. */
function project({ status = 201, venues = ['okd_internal', 'bybit'], final = 'filled', ready = true }: Script): string {
  const root = mkdtempSync(join(folder, 'project-'));
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'package.json'), '{ "scripts": { "start": "exec node serve.mjs" } }');
  writeFileSync(join(root, 'bin/okd'), '#!/bin/sh\n[ "$1 $2" = "token --data" ] && echo secret\n');
  chmodSync(join(root, 'bin/okd'), 0o755);
  writeFileSync(
    join(root, 'serve.mjs'),
    `import { createServer } from 'node:http';
    let asked = 0;
    const children = (filled) => ${JSON.stringify(venues)}.map((venue) => ({ venue, filled_quantity: filled }));
    const server = createServer((request, answer) => {
      if (request.headers.authorization !== 'Bearer secret') return answer.writeHead(401).end('{}');
      const open = request.method === 'POST' || ++asked < 2;
      const order = { id: 'o1', status: open ? 'working' : '${final}', children: children(open ? 0 : 1) };
      answer.writeHead(request.method === 'POST' ? ${status} : 200).end(JSON.stringify({ success: true, data: order }));
    });
    server.listen(0, '127.0.0.1', () => {
      const url = 'http://127.0.0.1:' + server.address().port;
      const curl = 'curl -X POST ' + url + '/api/trading/order -H "Authorization: Bearer $(./bin/okd token --data x)" -d "{}"';
      console.log('{"level":"info"}');
      if (${ready}) console.log(JSON.stringify({ ready: true, gateway: url, first_order: { curl } }));
      else process.exit(3);
    });
    process.on('SIGTERM', () => process.exit(0));`,
  );
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: root });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'x');
  return root;
}

function testClone(script: Script): { code: number | null; said: string } {
  const tool = fileURLToPath(new URL('./test-clone.ts', import.meta.url));
  const args = [...process.execArgv.filter((flag) => !flag.startsWith('--test-')), tool, '--repo', project(script)];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '--limit', '20'], { encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}

test('a clone that routes its first order to both venues passes with its seconds', () => {
  const { code, said } = testClone({});
  assert.equal(code, 0, said);
  assert.match(said, /clone to routed order: \d+\.\d s \(limit 20 s\)\n$/);
});

test('a clone fails whose order is refused, has one venue, is not filled, or that never gets ready', () => {
  const cases: readonly (readonly [Script, RegExp])[] = [
    [{ status: 200 }, /answered 200, not 201/],
    [{ venues: ['bybit'] }, /no child on okd_internal/],
    [{ final: 'canceled' }, /is canceled/],
    [{ ready: false }, /no ready line/],
  ];
  for (const [script, words] of cases) {
    const { code, said } = testClone(script);
    assert.match(said, words);
    assert.equal(code, 1);
  }
});

test('a ready line is understood in both shapes, and refused where something is missing', () => {
  const first_order = { curl: 'curl x' };
  const expected = { gateway: 'http://h:1', curl: 'curl x' };
  assert.deepEqual(parseReady(JSON.stringify({ ready: true, gateway: 'http://h:1/', first_order })), expected);
  assert.deepEqual(parseReady(JSON.stringify({ ready: true, gateway: { url: 'http://h:1' }, first_order })), expected);
  assert.equal(parseReady('> okd@0.1.0 start'), null);
  assert.throws(() => parseReady('{"ready":true,"gateway":"http://h:1"}'), /no first_order\.curl/);
  assert.throws(() => parseReady('{"ready":true}'), /names no gateway/);
});
