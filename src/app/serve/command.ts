import { createInterface } from 'node:readline/promises';
import { JournalOpenError } from '../../ports/journal.ts';
import { ListenError } from '../../ports/network.ts';
import { dataDirOf, readEnvironment, readPort, readServeConfig } from '../config.ts';
import { CommandError, EXIT } from '../exit.ts';
import { type Instance, openInstance } from './instance.ts';
import { banner, headline, isConnected, readyLine } from './ready.ts';

export type ServeOptions = Readonly<{
  config: string | undefined;
  env: string | undefined;
  live: boolean;
  port: string | undefined;
  data: string | undefined;
  json: boolean;
}>;

const DEFAULT_PORT = 8080;
/** A stop that takes longer than this is made by force. */
const STOP_WITHIN_MS = 10_000;

/** Runs the gateway until it is told to stop. Resolves with the exit code. */
export async function runServe(options: ServeOptions): Promise<number> {
  const env = readEnvironment();
  const config = readServeConfig(options.config);
  const dir = dataDirOf(options.data, env);
  const port = options.port === undefined ? (config.listen?.port ?? DEFAULT_PORT) : readPort(options.port);
  const ended = Promise.withResolvers<number>();
  // Before anything is opened: a signal that comes early still closes what is open.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ended.resolve(EXIT.ok));
  const instance = await open({
    dir,
    config,
    env,
    wantedEnvironment: options.env ?? config.environment ?? config.bybit?.environment,
    live: options.live,
    confirmLive: () => confirmLive(options.live, env.liveConfirm),
    listen: { host: config.listen?.host ?? '127.0.0.1', port },
    ended: (code) => ended.resolve(code),
  });
  if (options.json) process.stdout.write(`${JSON.stringify(readyLine(instance))}\n`);
  else process.stdout.write(banner({ ...instance, isConnected: isConnected(instance) }, options.data));
  if (options.json && instance.environment !== 'paper') process.stderr.write(`${headline(instance)}\n`);
  const code = await ended.promise;
  setTimeout(() => process.exit(code), STOP_WITHIN_MS).unref();
  await instance.close();
  return code;
}

/** What cannot be opened is said in one sentence that tells what to do. */
async function open(options: Parameters<typeof openInstance>[0]): Promise<Instance> {
  try {
    return await openInstance(options);
  } catch (error) {
    if (error instanceof JournalOpenError || error instanceof ListenError)
      throw new CommandError(error.code, error.message);
    throw error;
  }
}

/** Real money needs a typed word, or the variable that says the same where nobody can type. */
async function confirmLive(live: boolean, confirmed: string | null): Promise<boolean> {
  if (!live) return false;
  if (confirmed === 'mainnet') return true;
  if (!process.stdin.isTTY) return false;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await ask.question('This instance will trade real money on Bybit mainnet. Type mainnet to go on: ');
  ask.close();
  return answer.trim() === 'mainnet';
}
