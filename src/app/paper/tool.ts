import { type Command, Option } from 'commander';
import type { ToolOptions, ToolName } from './tool-actions.ts';

const EXAMPLES: Readonly<Record<string, string>> = {
  fault: `
Examples:
  okd paper fault add RESP ret_code on=/v5/order/create retCode=10000 retMsg="Server Timeout" times=1
  okd paper fault add PUB drop on=execution chance=0.2 forMs=60000
  okd paper fault add MATCH fill on=order.cancel part=0.5
  okd paper fault add REF terms instrument=spot:BTCUSDT 'change={"tick":"1"}' forMs=30000
  okd paper fault add '{ "point": "CONN", "action": "half_open", "match": { "connection": "/v5/private" } }'
  okd paper fault list
  okd paper fault clear f1`,
  account: `
Example:
  okd paper account 2001 USDT=100000 BTC=1`,
  instrument: `
Examples:
  okd paper instrument change spot:BTCUSDT tick=1 maxLimitQty=0.5
  okd paper instrument add category=spot symbol=ETHUSDT
  okd paper instrument delist spot:XRPUSDT`,
  clock: `
Examples:
  okd paper clock             what time it is there
  okd paper clock +60000      a minute on, where the clock is stepped
  okd paper clock 1733011200000`,
};

const WHERE = `
--url says where the exchange is, --data finds one that runs with that data directory; else http://127.0.0.1:7001.
It has to run on this machine with "control": true. Answers are JSON on stdout.
Exit codes: 0 done, 2 asked in a way that cannot be done, 5 no exchange there, or one without control.`;

/** The tools beside `okd paper`: they speak to an exchange that runs. */
export function addPaperTools(paper: Command): void {
  const add = (parent: Command, usage: string, about: string, name: ToolName): Command => {
    const command = parent
      .command(usage)
      .description(about)
      .addOption(new Option('--url <url>', 'of the exchange'))
      .addOption(new Option('--data <dir>', 'data directory of the exchange'))
      .addHelpText('after', `${EXAMPLES[usage.split(' ')[0] as string] ?? ''}${WHERE}`);
    return command.action(async (...args: unknown[]) => {
      const words = args.slice(0, command.registeredArguments.length).flat() as (string | undefined)[];
      const { runTool } = await import('./tool-actions.ts');
      // The run's own options take a --data that stands before the tool's name or after it.
      const options = command.optsWithGlobals<ToolOptions>();
      process.exitCode = await runTool(
        name,
        words.filter((one) => one !== undefined),
        options,
      );
    });
  };
  const fault = paper
    .command('fault')
    .description('inject faults into a running exchange')
    .addHelpText('after', `${EXAMPLES['fault']}\n${WHERE}`);
  add(fault, 'add <rule...>', 'POINT action name=value …, or a rule as JSON', 'fault add');
  add(fault, 'list', 'rules, and how often each fired', 'fault list');
  add(fault, 'clear [id]', 'take one rule back, or all', 'fault clear');
  add(fault, 'trace [after]', 'what was injected, after entry number AFTER', 'fault trace');
  add(paper, 'truth [uid]', 'everything that is true now, of all accounts or one', 'truth');
  add(paper, 'hash', 'of everything that is true now', 'hash');
  add(paper, 'clock [to]', 'the time there; +MS or MS moves a stepped clock', 'clock');
  add(paper, 'halt [instrument]', 'no orders, only cancels; of one instrument or all', 'halt');
  add(paper, 'resume [instrument]', 'the end of a halt', 'resume');
  add(paper, 'account <uid> [balances...]', 'open an account, or make another key of one', 'account');
  add(paper, 'deposit <uid> <asset> <amount>', 'pay in; below zero: take out', 'deposit');
  add(paper, 'reference <instrument> <price>', 'move an index, and the agents with it', 'reference');
  add(paper, 'instrument <deed> [words...]', 'add, change or delist an instrument', 'instrument');
  add(paper, 'snapshot [file]', 'save the exchange to a file, or to stdout', 'snapshot');
  add(paper, 'restore <file>', 'put a saved exchange back', 'restore');
  add(paper, 'reset', 'opening balances, empty books, no history', 'reset');
}
