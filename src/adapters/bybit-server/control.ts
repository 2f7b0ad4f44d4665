/**
 * Control of a running exchange for tests of other processes: JSON over HTTP, only from this machine, only when the
 * composition root hands it in.
 *
 *     POST /paper/faults        { "rules": [FaultRule, …] }             replaces all rules (fault-plan.ts)
 *                                 { "drop_sockets": { path?, uid? } }     cuts matching links now
 *                                 { "restart_books": "spot:BTCUSDT" | "*" }  books begin again at u 1
 *                                 any of the three together
 *                                 → { "dropped": n, "fired": [n, …] }     fired: per rule, before it was replaced
 *     GET  /paper/faults        → { "fired": [n, …] }
 *     GET  /paper/ground-truth  → whatever the exchange knows: orders, executions, positions, wallets
 *     POST /paper/clock         { "advance_ms": n } | { "to_ms": n }    a stepped clock only
 *                                 → { "now": n }
 *     POST /paper/{name}        whatever else the composition root can do to its exchange: body and answer are its own
 *
 * What cannot be done is 400 with `{ "error": "…" }`.
 */
import type { InstrumentId, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ServerAnswer, ServerRequest } from '../../ports/network.ts';
import { readFaultRules } from './fault-rules.ts';
import type { FaultPlan } from './fault-plan.ts';
import { isObject, parsedJson } from './params/source.ts';
import type { ConnectionFilter } from './sockets/socket-server.ts';

export const CONTROL_PREFIX = '/paper/';

type Answer = Result<unknown, string>;
type Json = Readonly<Record<string, unknown>>;

/** What the composition root provides. Answers are JSON: big integers as text. */
export type Control = Readonly<{
  groundTruth(): unknown;
  /** The time afterwards, or why the clock cannot be moved. */
  moveClock(to: Readonly<{ advanceMs: number } | { toMs: number }>): Promise<Result<UnixMs, string>>;
  /** By name; `faults`, `ground-truth` and `clock` are taken. */
  commands?: Readonly<Record<string, (body: Json) => Promise<Answer>>>;
}>;

export type ControlParts = Readonly<{
  control: Control;
  plan: FaultPlan;
  dropSockets(filter: ConnectionFilter): number;
  restartBooks(instrument: InstrumentId | null): void;
}>;

/** Null where the path is not one of control's. */
export async function controlAnswer(parts: ControlParts, request: ServerRequest): Promise<ServerAnswer | null> {
  const body = request.body === '' ? {} : parsedJson(request.body);
  const handle = handlerOf(parts, request.method, request.path.slice(CONTROL_PREFIX.length));
  if (handle === null) return null;
  const answer = isObject(body) ? await handle(body) : err('a JSON object is expected');
  return {
    status: answer.ok ? 200 : 400,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(answer.ok ? answer.value : { error: answer.error }),
  };
}

function handlerOf(
  parts: ControlParts,
  method: string,
  name: string,
): ((body: Json) => Answer | Promise<Answer>) | null {
  const { control, plan } = parts;
  switch (`${method} ${name}`) {
    case 'GET ground-truth':
      return () => ok(control.groundTruth());
    case 'GET faults':
      return () => ok({ fired: plan.fired() });
    case 'POST faults':
      return (body) => setFaults(parts, body);
    case 'POST clock':
      return (body) => moveClock(control, body);
    default:
      return method === 'POST' && Object.hasOwn(control.commands ?? {}, name)
        ? (control.commands?.[name] ?? null)
        : null;
  }
}

function setFaults(parts: ControlParts, body: Json): Answer {
  const fired = parts.plan.fired();
  if (body.rules !== undefined) {
    const rules = readFaultRules(body.rules);
    if (!rules.ok) return rules;
    const set = parts.plan.set(rules.value);
    if (!set.ok) return set;
  }
  const drop = body.drop_sockets;
  const dropped = isObject(drop) ? parts.dropSockets(drop) : 0;
  const restart = body.restart_books;
  if (typeof restart === 'string') parts.restartBooks(restart === '*' ? null : (restart as InstrumentId));
  return ok({ dropped, fired });
}

async function moveClock(control: Control, body: Json): Promise<Answer> {
  const { advance_ms: advanceMs, to_ms: toMs } = body;
  const move = Number.isSafeInteger(advanceMs)
    ? { advanceMs: advanceMs as number }
    : Number.isSafeInteger(toMs)
      ? { toMs: toMs as number }
      : null;
  if (move === null) return err('advance_ms or to_ms is expected, in whole milliseconds');
  const now = await control.moveClock(move);
  return now.ok ? ok({ now: now.value }) : now;
}
