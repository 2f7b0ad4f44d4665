/**
 * Control of a running exchange for tests of other processes: JSON over HTTP, only from this machine, only when the
 * composition root hands it in.
 *
 *     POST /control/faults        { "rules": [FaultRule, …] }             replaces all rules (fault-plan.ts)
 *                                 { "drop_sockets": { path?, uid? } }     cuts matching links now
 *                                 { "restart_books": "spot:BTCUSDT" | "*" }  books begin again at u 1
 *                                 any of the three together
 *                                 → { "dropped": n, "fired": [n, …] }     fired: per rule, before it was replaced
 *     GET  /control/faults        → { "fired": [n, …] }
 *     GET  /control/ground-truth  → whatever the exchange knows: orders, executions, positions, wallets
 *     POST /control/clock         { "advance_ms": n } | { "to_ms": n }    a stepped clock only
 *                                 → { "now": n }
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

/** What the composition root provides. */
export type Control = Readonly<{
  /** JSON: big integers as text. */
  groundTruth(): unknown;
  /** The time afterwards, or why the clock cannot be moved. */
  moveClock(to: Readonly<{ advanceMs: number } | { toMs: number }>): Result<UnixMs, string>;
}>;

export type ControlParts = Readonly<{
  control: Control;
  plan: FaultPlan;
  dropSockets(filter: ConnectionFilter): number;
  restartBooks(instrument: InstrumentId | null): void;
}>;

type Answer = Result<unknown, string>;

/** Null where the path is not one of control's. */
export function controlAnswer(parts: ControlParts, request: ServerRequest): ServerAnswer | null {
  const body = request.body === '' ? {} : parsedJson(request.body);
  const answer = handlerOf(parts, `${request.method} ${request.path}`, isObject(body) ? body : null);
  if (answer === null) return null;
  return {
    status: answer.ok ? 200 : 400,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(answer.ok ? answer.value : { error: answer.error }),
  };
}

function handlerOf(parts: ControlParts, route: string, body: Readonly<Record<string, unknown>> | null): Answer | null {
  switch (route) {
    case 'GET /control/ground-truth':
      return ok(parts.control.groundTruth());
    case 'GET /control/faults':
      return ok({ fired: parts.plan.fired() });
    case 'POST /control/faults':
      return body === null ? err('a JSON object is expected') : setFaults(parts, body);
    case 'POST /control/clock':
      return body === null ? err('a JSON object is expected') : moveClock(parts.control, body);
    default:
      return null;
  }
}

function setFaults(parts: ControlParts, body: Readonly<Record<string, unknown>>): Answer {
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

function moveClock(control: Control, body: Readonly<Record<string, unknown>>): Answer {
  const { advance_ms: advanceMs, to_ms: toMs } = body;
  const move = Number.isSafeInteger(advanceMs)
    ? { advanceMs: advanceMs as number }
    : Number.isSafeInteger(toMs)
      ? { toMs: toMs as number }
      : null;
  if (move === null) return err('advance_ms or to_ms is expected, in whole milliseconds');
  const now = control.moveClock(move);
  return now.ok ? ok({ now: now.value }) : now;
}
