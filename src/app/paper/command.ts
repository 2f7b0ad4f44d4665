import { dirname } from 'node:path';
import { systemLog } from '../../adapters/system/log.ts';
import { DEFAULT_QUOTES, REPLAYED, type ReplayConfig, type ReplaySpeed } from '../../paper/index.ts';
import type { Log } from '../../ports/log.ts';
import { readConfigFile, readEnvironment, readPort } from '../config.ts';
import { CommandError, EXIT } from '../exit.ts';
import { tellControl } from './control-file.ts';
import { banner, readyLine } from './ready.ts';
import { openPaper, type RunningPaper } from './open.ts';

export type PaperArgs = Readonly<{
  config?: string | undefined;
  port?: string | undefined;
  data?: string | undefined;
  /** Files, each with its category before it where it is not spot: `linear:BTCUSDT2024-12-01.csv.gz`. */
  replay?: readonly string[] | undefined;
  speed?: string | undefined;
  json?: boolean | undefined;
}>;

/** A stop that takes longer is made by force: what was acknowledged is durable already. */
const STOP_WITHIN_MS = 1_800;
/** After the journal has failed, answers that say so may still leave. */
const DRAIN_MS = 1_000;
const CRASHED = 1;

/**
 * `okd paper`: runs an exchange until it is told to stop. Resolves with the exit code; throws CommandError when it
 * cannot be started.
 */
export async function runPaper(args: PaperArgs): Promise<number> {
  const log = systemLog({ level: readEnvironment().logLevel ?? 'info' });
  const ending = awaitEnd(log);
  try {
    const crash = (): void => void process.kill(process.pid, 'SIGKILL');
    const paper = await openPaper({ ...readArgs(args), log, crash });
    const { config, rest } = paper;
    const forget = config.control && args.data !== undefined ? tellControl(args.data, rest) : () => {};
    if (args.json === true) process.stdout.write(`${JSON.stringify(readyLine(paper))}\n`);
    else process.stderr.write(banner(paper, args.data ?? null));
    const end = await Promise.race([ending.code, paper.failed]);
    const code = end instanceof Error ? await drain(log, end) : end;
    forget();
    await stop(paper, code);
    return code;
  } finally {
    ending.forget();
  }
}

function readArgs({
  config: path,
  port,
  data,
  replay = [],
  speed,
}: PaperArgs): Omit<Parameters<typeof openPaper>[0], 'log'> {
  const config = path === undefined ? {} : readConfigFile(path);
  return {
    config,
    replays: replay.map(readReplayArg),
    ...(speed === undefined ? {} : { replaySpeed: readSpeed(speed) }),
    ...(path === undefined ? {} : { configName: path, baseDir: dirname(path) }),
    ...(port === undefined ? {} : { listen: { port: readPort(port) } }),
    dataDir: data ?? null,
  };
}

function readReplayArg(argument: string): ReplayConfig {
  const category = REPLAYED.find((one) => argument.startsWith(`${one}:`));
  const file = category === undefined ? argument : argument.slice(category.length + 1);
  return { file, category: category ?? 'spot', symbol: null, atEnd: 'hold', quotes: DEFAULT_QUOTES };
}

function readSpeed(text: string): ReplaySpeed {
  const speed = text === 'max' ? text : Number(text);
  if (speed === 'max' || (speed > 0 && Number.isFinite(speed))) return speed;
  throw new CommandError('INVALID_SPEED', `--speed takes a number above zero, or max, not ${text}`);
}

/** Signals end it well, also while it is still starting; a bug ends it at once. */
function awaitEnd(log: Log): Readonly<{ code: Promise<number>; forget(): void }> {
  const { promise: code, resolve } = Promise.withResolvers<number>();
  const end = (): void => resolve(EXIT.ok);
  const crash = (error: unknown): void => {
    log.error('crashed', { error });
    process.stderr.write(`okd paper: stopped by a bug: ${error instanceof Error ? error.message : error}\n`);
    process.exit(CRASHED);
  };
  process.on('SIGTERM', end).on('SIGINT', end).on('uncaughtException', crash);
  const forget = (): void => {
    process.off('SIGTERM', end).off('SIGINT', end).off('uncaughtException', crash);
  };
  return { code, forget };
}

async function drain(log: Log, error: Error): Promise<number> {
  log.error('journal_failed', { error });
  process.stderr.write(`okd paper: ${error.message}; nothing more is accepted (JOURNAL_UNAVAILABLE)\n`);
  await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
  return EXIT.degraded;
}

async function stop(paper: RunningPaper, code: number): Promise<void> {
  const force = setTimeout(() => process.exit(code), STOP_WITHIN_MS);
  await paper.close();
  clearTimeout(force);
}
