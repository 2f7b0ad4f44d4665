/**
 * What `"control": true` opens to programs on this machine, besides the server's own `/control/faults`
 * (adapters/bybit-server/control.ts). Amounts are decimal strings, instruments are `spot:BTCUSDT`.
 *
 *     GET  /control/ground-truth    { accounts: [{ uid, synthetic, coins, positions, orders, executions }], fees, deposits }
 *     POST /control/clock           { "advance_ms": n } | { "to_ms": n }   only with "clock": "stepped"
 *     POST /control/trade           { instrument, side, qty, price? }      → { "traded": "0.5" }: a stranger takes what is there
 *     POST /control/fill            { uid, orderId, qty? }                 a stranger fills a working order at its own price
 *     POST /control/reference       { instrument, price }                  moves the index, and the agents with it
 *     POST /control/deposit         { uid, asset, amount }
 *     POST /control/inject          { type: "reject_after_ack", count }            acknowledged, then rejected
 *                                   { type: "hold_changes", ms }                   cancels and amendments wait
 *                                   { type: "fill_before_change", count, part }    a fill wins over a cancel
 *                                   { type: "lag_queries", ms }                    queries show orders late
 *     POST /control/clear-faults    {}   ends what inject began
 *     POST /control/fired           {}   → { "reject_after_ack": 3, … }
 *     POST /control/leaks           {}   → { "leaks": [] }: money or contracts that were made or lost, always none
 *     POST /control/replays         {}   → { "replays": [{ instrument, name, status }] }
 *     POST /control/reset           {}   opening balances, empty books, no history; no id comes twice
 */
import * as z from 'zod';
import type { Control } from '../../adapters/bybit-server/index.ts';
import { parseDecimal } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ControlError, Fault, PaperExchange } from '../../paper/index.ts';
import { plainJson } from './plain-json.ts';

type Command = NonNullable<Control['commands']>[string];

const decimal = z.string().transform((text, context): Money => {
  const parsed = parseDecimal(text);
  if (parsed.ok) return parsed.value;
  context.addIssue(`not a plain decimal: ${text.slice(0, 40)}`);
  return z.NEVER;
});
const instrument = z.string().transform((text) => text as InstrumentId);
const asset = z.string().regex(/^[A-Z0-9]{1,20}$/);
const count = z.int().min(0).max(1_000_000);

const nothing = z.strictObject({});
const trade = z.strictObject({
  instrument,
  side: z.enum(['buy', 'sell']),
  qty: decimal,
  price: decimal.nullable().default(null),
});
const fill = z.strictObject({ uid: z.string(), orderId: z.string(), qty: decimal.nullable().default(null) });
const reference = z.strictObject({ instrument, price: decimal });
const deposit = z.strictObject({ uid: z.string(), asset, amount: decimal });
const fault = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('reject_after_ack'), count }),
  z.strictObject({ type: z.literal('hold_changes'), ms: count }),
  z.strictObject({ type: z.literal('fill_before_change'), count, part: z.number().gt(0).max(1) }),
  z.strictObject({ type: z.literal('lag_queries'), ms: count }),
]) satisfies z.ZodType<Fault>;

/** Hands a paper exchange to the server's control interface. */
export function wireControl(exchange: PaperExchange): Control {
  const { control } = exchange;
  return {
    groundTruth: () => plainJson(exchange.groundTruth()),
    moveClock: oneAtATime((to) => moveClock(exchange, to)),
    commands: {
      trade: command(trade, async (order) => said(await control.trade(order), (traded) => ({ traded }))),
      fill: command(fill, async (order) => said(await control.fill(order))),
      reference: command(reference, async (to) => said(await control.setReference(to.instrument, to.price))),
      deposit: command(deposit, async (to) => said(await control.deposit(to.uid, to.asset as AssetId, to.amount))),
      inject: command(fault, async (one) => ok(control.inject(one) ?? {})),
      'clear-faults': command(nothing, async () => ok(control.clearFaults() ?? {})),
      fired: command(nothing, async () => ok(control.firedFaults())),
      leaks: command(nothing, async () => ok({ leaks: exchange.leaks() })),
      replays: command(nothing, async () => ok({ replays: control.replays() })),
      reset: command(nothing, async () => ok((await control.reset()) ?? {})),
    },
  };
}

/** Checks the body first; every problem with it is in the one text. */
function command<T>(schema: z.ZodType<T>, run: (body: T) => Promise<Result<unknown, string>>): Command {
  return async (body) => {
    const read = schema.safeParse(body);
    if (!read.success) {
      return err(read.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '));
    }
    const answer = await run(read.data);
    return answer.ok ? ok(plainJson(answer.value)) : answer;
  };
}

const said = <T>(result: Result<T, ControlError>, show: (value: T) => unknown = () => ({})): Result<unknown, string> =>
  result.ok ? ok(show(result.value)) : err(textOf(result.error));

const textOf = ({ code, message }: ControlError): string => `${code}: ${message}`;

/** Long steps are taken in parts, so that what becomes durable on the way is let out and forgotten. */
const LONGEST_STEP_MS = 60_000;

type Move = Parameters<Control['moveClock']>[0];

async function moveClock(exchange: PaperExchange, to: Move): Promise<Result<UnixMs, string>> {
  const target = 'toMs' in to ? to.toMs : exchange.now() + to.advanceMs;
  let left = target - exchange.now();
  do {
    const stepped = await exchange.control.step(Math.min(left, LONGEST_STEP_MS));
    if (!stepped.ok) return err(textOf(stepped.error));
    left = target - stepped.value;
    await new Promise(setImmediate);
  } while (left > 0);
  return ok(exchange.now());
}

/** Two steps at once would mix their times. */
function oneAtATime<A, B>(run: (argument: A) => Promise<B>): (argument: A) => Promise<B> {
  let last: Promise<unknown> = Promise.resolve();
  return (argument) => {
    const next = last.then(() => run(argument));
    last = next.catch(() => {}); // whoever asked for that step has been told
    return next;
  };
}
