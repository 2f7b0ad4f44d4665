import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { ACTIONS, type FaultInput } from '../../adapters/bybit-server/index.ts';
import { CommandError, EXIT } from '../exit.ts';
import { PaperClient, PaperControlError } from './client.ts';
import { controlUrlOf } from './control-file.ts';

export type ToolOptions = Readonly<{ url?: string; data?: string }>;

const DEFAULT_URL = 'http://127.0.0.1:7001';

type Words = readonly string[];
type Tool = (client: PaperClient, words: Words) => Promise<unknown>;

const TOOLS = {
  'fault add': async (client, words) => ({ ids: await client.addFaults(...rulesOf(words)) }),
  'fault list': async (client) => ({ faults: await client.faults() }),
  'fault clear': async (client, [id]) => {
    if (id === undefined) return { removed: await client.clearFaults() };
    await client.removeFault(id);
    return { removed: 1 };
  },
  'fault trace': (client, [after]) => client.trace(after === undefined ? 0 : whole(after)),
  truth: async (client, [uid]) => {
    const truth = await client.groundTruth();
    if (uid === undefined) return truth;
    const account = truth.accounts.find((one) => one.uid === uid);
    if (account === undefined) throw new CommandError('NOT_FOUND', `no account ${uid}`);
    return account;
  },
  hash: async (client) => ({ hash: await client.hash() }),
  clock: async (client, [to]) => {
    if (to === undefined) return { now: await client.now() };
    return { now: to.startsWith('+') ? await client.advance(whole(to.slice(1))) : await client.moveTo(whole(to)) };
  },
  halt: async (client, [instrument]) => client.halt(instrument ?? null),
  resume: async (client, [instrument]) => client.resume(instrument ?? null),
  account: (client, [uid = '', ...balances]) =>
    client.openAccount({ uid, ...(balances.length === 0 ? {} : { balances: pairs(balances) }) }),
  deposit: (client, [uid = '', asset = '', amount = '']) => client.deposit(uid, asset, amount),
  reference: (client, [instrument = '', price = '']) => client.setReference(instrument, price),
  instrument: (client, [deed, ...words]) => changeInstrument(client, deed, words),
  snapshot: async (client, [file]) => {
    const snapshot = await client.snapshot();
    if (file === undefined) return snapshot;
    writeFileSync(file, `${JSON.stringify(snapshot)}\n`, { mode: 0o600 }); // it holds keys
    return { file };
  },
  restore: async (client, [file = '']) => client.restore(readJson(file)),
  reset: (client) => client.reset(),
} as const satisfies Readonly<Record<string, Tool>>;
export type ToolName = keyof typeof TOOLS;

/** Runs one tool and prints its answer. Throws CommandError with what to do. */
export async function runTool(name: ToolName, words: Words, options: ToolOptions): Promise<number> {
  const url = options.url ?? (options.data === undefined ? DEFAULT_URL : controlUrlOf(options.data));
  const tool: Tool = TOOLS[name];
  try {
    const answer = await tool(new PaperClient(url), words);
    process.stdout.write(`${JSON.stringify(answer ?? {}, null, 2)}\n`);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof PaperControlError)) throw error;
    const isAway = error.code === 'UNREACHABLE' || error.code === 'CONTROL_OFF';
    throw new CommandError(error.code, error.message, isAway ? EXIT.venue : EXIT.usage);
  }
}

async function changeInstrument(client: PaperClient, deed: string | undefined, words: Words): Promise<unknown> {
  const [id = '', ...rest] = words;
  if (deed === 'add') return { instrument: await client.addInstrument(pairs(words)) };
  if (deed === 'change') return client.changeInstrument(id, pairs(rest));
  if (deed === 'delist') return client.delistInstrument(id);
  throw new CommandError('USAGE', `instrument: add, change or delist is expected, not ${deed ?? 'nothing'}`);
}

const MATCH = new Set(['uid', 'instrument', 'category', 'on', 'connection', 'address', 'type']);
const WHEN = new Set(['after', 'times', 'inMs', 'forMs', 'chance']);

/** Rules as JSON, or one in words: `POINT action name=value …`. */
function rulesOf(words: Words): readonly FaultInput[] {
  const [point = '', action = '', ...rest] = words;
  if (/^\s*[[{]/.test(point)) {
    const json = parsed(words.join(' '));
    return (Array.isArray(json) ? json : [json]) as FaultInput[];
  }
  const fields = fieldsOf(point, action);
  const rule = { point, action, match: {}, when: {} } as Record<string, unknown> & { match: object; when: object };
  for (const [name, value] of Object.entries(pairs(rest))) {
    // Of a name that means both, the action's own field is meant: a side-channel order is placed in an instrument.
    if (Object.hasOwn(fields, name)) rule[name] = read(fields[name], value);
    else if (MATCH.has(name)) Object.assign(rule.match, { [name]: value });
    else if (WHEN.has(name)) Object.assign(rule.when, { [name]: Number(value) });
    else rule[name] = value;
  }
  return [rule as unknown as FaultInput];
}

type Fields = Readonly<Record<string, z.core.$ZodType>>;

function fieldsOf(point: string, action: string): Fields {
  const actions = Object.hasOwn(ACTIONS, point)
    ? (ACTIONS as Readonly<Record<string, Record<string, Fields>>>)[point]
    : {};
  return actions !== undefined && Object.hasOwn(actions, action) ? (actions[action] ?? {}) : {};
}

/** A text where the field takes one, else the number, list or object that it says. */
function read(field: z.core.$ZodType | undefined, text: string): unknown {
  if (field !== undefined && z.safeParse(field, text).success) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // the exchange says what it expects
  }
}

/** `name=value` words. */
function pairs(words: Words): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw new CommandError('USAGE', `name=value is expected, not ${word}`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

function whole(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CommandError('USAGE', `a whole number is expected, not ${text}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError('USAGE', `no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function readJson(file: string): Record<string, unknown> {
  if (!existsSync(file)) throw new CommandError('NOT_FOUND', `there is no file ${file}`);
  return parsed(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
