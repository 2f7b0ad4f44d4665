import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { CommandError, EXIT } from './exit.ts';
import { addPaperTools } from './paper/tool.ts';

// Stripped and compiled once: a start takes a third of the time.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/okd-compile', import.meta.url)));

/** The program. Commands load what they need when they run, so that `okd token` starts as fast as it can. */
const program = new Command('okd')
  .description('Self-hosted crypto trading gateway: smart order routing between your own book and Bybit')
  .version('0.1.0')
  .exitOverride()
  .showHelpAfterError('(okd --help lists the commands)');

type Options = Readonly<Record<string, string | boolean | undefined>>;
const text = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

program
  .command('serve')
  .description('run the gateway; without options: paper trading on this machine, no account needed')
  .option('--config <file>', 'configuration, JSON or YAML')
  .option('--env <name>', 'paper, demo, testnet or mainnet; counts only when the data directory is made')
  .option('--live', 'with --env mainnet: real money; asked for at the first start only, and stored')
  .option('--port <number>', 'port of the API and dashboard, 0 for any free one (default 8080)')
  .option('--data <dir>', 'data directory (default: OKD_DATA, else .okd here)')
  .option('--json', 'print one machine-readable line when ready; everything else goes to stderr')
  .action(async (options: Options) => {
    const { runServe } = await import('./serve/command.ts');
    process.exitCode = await runServe({
      config: text(options['config']),
      env: text(options['env']),
      live: options['live'] === true,
      port: text(options['port']),
      data: text(options['data']),
      json: options['json'] === true,
    });
  });

const paper = program
  .command('paper')
  .description('run a Bybit V5 exchange on this machine')
  .option('--config <file>', 'configuration, JSON or YAML')
  .option('--port <number>', 'port of REST and all sockets, 0 for any free one (default 7001)')
  .option('--data <dir>', 'keep accounts, orders and executions here; without it everything is in memory')
  .option(
    '--replay <file...>',
    "play files of Bybit's public history: order books, trades, klines; linear:FILE or inverse:FILE for futures",
  )
  .option('--speed <times>', 'of the replay: 1 as recorded, 10 ten times as fast, max as fast as it goes')
  .option('--json', 'print one machine-readable line when ready; everything else goes to stderr')
  .action(async (options: Options) => {
    const { runPaper } = await import('./paper/command.ts');
    process.exitCode = await runPaper({
      config: text(options['config']),
      port: text(options['port']),
      data: text(options['data']),
      replay: options['replay'] as readonly string[] | undefined,
      speed: text(options['speed']),
      json: options['json'] === true,
    });
  });

addPaperTools(paper);

program
  .command('token')
  .description('print an access token for the local administrator')
  .option('--data <dir>', 'data directory of the instance')
  .action(async (options: Options) => {
    const { dataDirOf, readEnvironment } = await import('./config.ts');
    const { localToken } = await import('./serve/local-token.ts');
    process.stdout.write(`${localToken(dataDirOf(text(options['data']), readEnvironment()))}\n`);
  });

const records = program.command('records').description('tables made from the journal');
records
  .command('rebuild')
  .description('drop the records and make them again from the journal; the gateway must not run')
  .option('--data <dir>', 'data directory of the instance')
  .action(async (options: Options) => {
    const { dataDirOf, readEnvironment } = await import('./config.ts');
    const { rebuildRecords } = await import('./records.ts');
    const dir = dataDirOf(text(options['data']), readEnvironment());
    const { records: count, ms } = await rebuildRecords(dir, (line: string) => process.stderr.write(`${line}\n`));
    process.stdout.write(`rebuilt from ${count} journal records in ${Math.round(ms)} ms\n`);
  });

records
  .command('verify')
  .description('compare the records with the accounts that the journal leads to; the gateway must not run')
  .option('--data <dir>', 'data directory of the instance')
  .action(async (options: Options) => {
    const { dataDirOf, readEnvironment } = await import('./config.ts');
    const { verificationLine, verifyRecords } = await import('./records.ts');
    const dir = dataDirOf(text(options['data']), readEnvironment());
    const verification = await verifyRecords(dir, (line: string) => process.stderr.write(`${line}\n`));
    process.stdout.write(`${verificationLine(verification)}\n`);
  });

const user = program.command('user').description('people who sign in');
user
  .command('reset-password')
  .description('give a user a new password, shown once, and end their sessions; the gateway must not run')
  .option('--email <address>', 'whose', 'admin@localhost')
  .option('--data <dir>', 'data directory of the instance')
  .action(async (options: Options) => {
    const { dataDirOf, readEnvironment } = await import('./config.ts');
    const { resetPassword } = await import('./reset-password.ts');
    const { systemClock } = await import('../adapters/system/clock.ts');
    const email = text(options['email']) ?? '';
    const dir = dataDirOf(text(options['data']), readEnvironment());
    const password = await resetPassword({ dir, email, clock: systemClock({ keepAlive: false }) });
    process.stderr.write(`new password of ${email}, shown once; every session of theirs has ended:\n`);
    process.stdout.write(`${password}\n`);
  });

/** Arguments as given; cut after a word that names no command, so that this is said and not drowned by `--help`. */
function upToUnknown(args: readonly string[]): readonly string[] {
  const words = args[0] === 'help' ? args.slice(1) : args;
  let group: Command = program;
  for (const [at, word] of words.entries()) {
    if (word.startsWith('-') || group.commands.length === 0) break;
    const named = group.commands.find((command) => command.name() === word);
    if (named === undefined) return words.slice(0, at + 1);
    group = named;
  }
  return args;
}

/** One message, its stable code, and the exit code that scripts branch on. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CommandError) {
    process.stderr.write(`okd: ${error.message} (${error.code})\n`);
    return error.exit;
  }
  process.stderr.write(`okd: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  return 1;
}

try {
  await program.parseAsync(upToUnknown(process.argv.slice(2)), { from: 'user' });
} catch (error) {
  process.exitCode = report(error);
}
