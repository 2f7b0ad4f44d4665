// npm run test:clients: clients that nobody here wrote walk the paper exchange. Where one cannot be had, it says so.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readLater } from './bybit-api/later.ts';
import { walkAll } from './bybit-api/run.ts';
import { openCcxt } from './ccxt/client.ts';
import { CCXT_STEPS } from './ccxt/steps.ts';
import { MAKER, openLoopback, TAKER } from './loopback.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const PATIENCE_MS = 10_000;
let failures = 0;

function tell(what: string, problem: unknown, isLater = false): void {
  if (problem === null) {
    say(`✔ ${what}`);
    return;
  }
  if (!isLater) failures += 1;
  const why = problem instanceof Error ? problem.message.split('\n')[0] : JSON.stringify(problem);
  say(`${isLater ? '…' : '✖'} ${what}: ${why?.slice(0, 200)}`);
}

const late = (): Promise<never> =>
  new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`nothing came for ${PATIENCE_MS / 1000} s`)), PATIENCE_MS).unref();
  });

async function walkBybitApi(): Promise<void> {
  say('\nbybit-api');
  const later = readLater();
  for (const [what, problem] of await walkAll()) tell(what, problem, later.has(what));
}

async function walkCcxt(): Promise<void> {
  say('\nccxt');
  const at = await openLoopback();
  const clients = await openCcxt(at);
  if (clients === null) say('ccxt could not be installed: not walked');
  else {
    for (const { what, run } of CCXT_STEPS) {
      tell(
        what,
        await Promise.race([run(clients), late()]).then(
          () => null,
          (problem: unknown) => problem,
        ),
      );
    }
    await clients.taker.close();
    await clients.maker.close();
  }
  await at.close();
}

/** What the script exits with where python3 has no pybit. */
const NOT_THERE = 77;

async function walkPybit(): Promise<void> {
  say('\npybit');
  const at = await openLoopback();
  const script = fileURLToPath(new URL('./pybit/walk.py', import.meta.url));
  const keys = [TAKER, MAKER].flatMap(({ apiKey, apiSecret }) => [apiKey, apiSecret]);
  const child = spawn('python3', [script, at.rest, at.ws, ...keys], { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await Promise.race([
    once(child, 'exit').then(([status]) => status as number),
    once(child, 'error').then(() => {
      say('there is no python3: pybit is not walked');
      return NOT_THERE;
    }),
  ]);
  if (code !== 0 && code !== NOT_THERE) failures += 1;
  await at.close();
}

await walkBybitApi();
await walkCcxt();
await walkPybit();
say(failures === 0 ? '\nevery client that is here did what it could do on Bybit' : `\n${failures} steps failed`);
process.exit(failures === 0 ? 0 : 1);
