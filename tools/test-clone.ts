// npm run test:clone: clones HEAD into an empty folder, starts it as the README says, sends the order it prints, and
// says how many seconds passed from clone to routed order. --repo DIR, --limit SECONDS.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { send, untilFilled } from './clone/first-order.ts';
import { type Gateway, ready, start, stop } from './clone/gateway.ts';

const { values } = parseArgs({
  options: {
    repo: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
    limit: { type: 'string', default: '60' },
  },
});
const limitMs = Number(values.limit) * 1000;
const begun = performance.now();
const passed = (): number => performance.now() - begun;
const left = (): number => Math.max(1, Math.ceil(limitMs - passed()));
const say = (what: string): void => console.log(`${(passed() / 1000).toFixed(1).padStart(6)} s  ${what}`);

async function tryOut(folder: string, started: (gateway: Gateway) => void): Promise<void> {
  const clone = join(folder, 'okd');
  const data = join(folder, 'data');
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', values.repo, clone]);
  say('cloned');
  const gateway = start(['npm', 'start', '--', '--port', '0', '--json', '--data', data], clone);
  started(gateway);
  const { gateway: url, curl } = await ready(gateway, left());
  say(`ready at ${url}`);
  const { id } = await send(curl, clone);
  const routed = passed();
  say(`order ${id} routed to both venues`);
  const token = execFileSync('./bin/okd', ['token', '--data', data], { cwd: clone, encoding: 'utf8' }).trim();
  await untilFilled(`${url}/api/trading/orders/${id}`, token, left());
  say('filled on both venues');
  if (routed > limitMs) throw new Error(`from clone to routed order took more than ${values.limit} s`);
  console.log(`clone to routed order: ${(routed / 1000).toFixed(1)} s (limit ${values.limit} s)`);
}

const folder = mkdtempSync(join(tmpdir(), 'okd-clone-'));
let gateway: Gateway | null = null;
async function cleanUp(): Promise<void> {
  if (gateway !== null) await stop(gateway);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanUp().then(() => process.exit(1)));

try {
  await tryOut(folder, (it) => {
    gateway = it;
  });
} catch (error) {
  console.error(`✖ ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
