/**
 * What `"control": true` opens to programs on this machine, besides the server's own `/paper/faults`
 * (adapters/bybit-server/control.ts). Amounts are decimal strings, instruments are `spot:BTCUSDT`. Answers are `{}`
 * where nothing else is said; what cannot be done is 400 with `{ "error": "…" }`.
 *
 *     GET  /paper/ground-truth  { accounts: [{ uid, synthetic, coins, positions, orders, executions }], fees, deposits }
 *     POST /paper/clock         { "advance_ms": n } | { "to_ms": n }   only with "clock": "stepped"
 *     POST /paper/trade         { instrument, side, qty, price? }      → { "traded": "0.5" }: takes what is there
 *     POST /paper/fill          { uid, orderId, qty? }                 fills a working order at its own price
 *     POST /paper/reference     { instrument, price }                  moves the index, and the agents with it
 *     POST /paper/deposit       { uid, asset, amount }                 below zero takes out
 *     POST /paper/status        { instrument, status: "trading" | "closed" }
 *     POST /paper/quoting       { instrument, quoting }                whether the agents quote it
 *     POST /paper/key           { apiKey, change: { apiSecret?, readOnly?, permissions?, ips?, expiresAt? } | null }
 *     POST /paper/inject        { type: "reject_after_ack", count }            acknowledged, then rejected
 *                                 { type: "hold_changes", ms }                   cancels and amendments wait
 *                                 { type: "fill_before_change", count, part }    a fill wins over a cancel
 *                                 { type: "lag_queries", ms }                    queries show orders late
 *     POST /paper/clear-faults  {}   ends what inject began
 *     POST /paper/fired         {}   → { "reject_after_ack": 3, … }
 *     POST /paper/leaks         {}   → { "leaks": [] }: money or contracts made or lost, always none
 *     POST /paper/replays       {}   → { "replays": [{ instrument, name, status }] }
 *     POST /paper/reset         {}   opening balances, empty books, no history; no id comes twice
 */
import type * as z from 'zod';
import type { Control } from '../../adapters/bybit-server/index.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ControlError, PaperExchange } from '../../paper/index.ts';
import * as bodies from './control-bodies.ts';
import { clockMover } from './move-clock.ts';
import { plainJson } from './plain-json.ts';

type Command = NonNullable<Control['commands']>[string];
type Answer = Result<unknown, string>;

/** Hands a paper exchange to the server's control interface. */
export function wireControl(exchange: PaperExchange): Control {
  return {
    groundTruth: () => plainJson(exchange.groundTruth()),
    moveClock: clockMover(exchange),
    commands: { ...deeds(exchange), ...faults(exchange), ...looks(exchange) },
  };
}

const deeds = ({ control }: PaperExchange): Record<string, Command> => ({
  trade: command(bodies.trade, async (order) => {
    const traded = await control.trade(order);
    return traded.ok ? ok({ traded: traded.value }) : said(traded);
  }),
  fill: command(bodies.fill, async (order) => said(await control.fill(order))),
  reference: command(bodies.reference, async ({ instrument, price }) =>
    said(await control.setReference(instrument, price)),
  ),
  deposit: command(bodies.deposit, async ({ uid, asset, amount }) => said(await control.deposit(uid, asset, amount))),
  status: command(bodies.status, ({ instrument, status }) => said(control.setStatus(instrument, status))),
  quoting: command(bodies.quoting, ({ instrument, quoting }) => said(control.setQuoting(instrument, quoting))),
  key: command(bodies.key, ({ apiKey, change }) => said(control.setKey(apiKey, change))),
  reset: command(bodies.nothing, async () => {
    await control.reset();
    return ok({});
  }),
});

const faults = ({ control }: PaperExchange): Record<string, Command> => ({
  inject: command(bodies.fault, (fault) => {
    control.inject(fault);
    return ok({});
  }),
  'clear-faults': command(bodies.nothing, () => {
    control.clearFaults();
    return ok({});
  }),
  fired: command(bodies.nothing, () => ok(control.firedFaults())),
});

const looks = (exchange: PaperExchange): Record<string, Command> => ({
  leaks: command(bodies.nothing, () => ok({ leaks: exchange.leaks() })),
  replays: command(bodies.nothing, () => ok({ replays: exchange.control.replays() })),
});

/** Checks the body first; every problem with it is in the one text. */
function command<T>(schema: z.ZodType<T>, run: (body: T) => Answer | Promise<Answer>): Command {
  return async (body) => {
    const read = schema.safeParse(body);
    if (!read.success) {
      return err(read.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '));
    }
    const answer = await run(read.data);
    return answer.ok ? ok(plainJson(answer.value)) : answer;
  };
}

const said = (result: Result<unknown, ControlError>): Answer =>
  result.ok ? ok({}) : err(`${result.error.code}: ${result.error.message}`);
