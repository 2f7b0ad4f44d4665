import { type Clock, sleep } from '../../../ports/clock.ts';
import { below } from '../../../ports/rng.ts';
import type { Source } from '../params/fields.ts';
import { refused } from '../refusals.ts';
import { type Outcome, refusedOutcome } from '../route.ts';
import type { FaultSubject } from './subject.ts';
import type { Faults } from './fault-book.ts';
import { mutate, shuffle } from './mutate.ts';
import { isExtraPage, QueryDamage } from './query-damage.ts';
import type { RuleOf } from './rule.ts';

export type RequestFaultParts = Readonly<{
  faults: Faults;
  /** Times what is held back. */
  clock: Clock;
  now: () => number;
  /** Ends the process at once. */
  crash: () => void;
}>;

export type FaultyRequest = Readonly<{ subject: FaultSubject; source: Source; isQuery: boolean }>;

/** `null`: the link is cut instead of an answer. `damage` is what the reply still has to suffer. */
export type Faulty = Readonly<{ outcome: Outcome | null; resp: RuleOf<'RESP'> | null }>;

const NOT_ACCEPTED = refusedOutcome(refused(10016, 'Server error.'), null);

/** Carries requests out as the rules of ACC, RESP and QRY want it. */
export class RequestFaults {
  readonly #parts: RequestFaultParts;
  readonly #queries: QueryDamage;

  constructor(parts: RequestFaultParts) {
    this.#parts = parts;
    this.#queries = new QueryDamage(parts.faults);
  }

  async carryOut(request: FaultyRequest, run: (source: Source) => Promise<Outcome>): Promise<Faulty> {
    const { faults, clock } = this.#parts;
    const { subject, source, isQuery } = request;
    const acc = faults.take('ACC', subject);
    const resp = faults.take('RESP', subject);
    const qry = isQuery ? faults.take('QRY', subject) : null;
    if (acc?.action === 'delay') await pause(clock, acc.ms);
    const isHeard = isAccepted(acc) && isAccepted(resp);
    let outcome = isHeard ? await this.#asked(request, acc, run) : NOT_ACCEPTED;
    if (qry?.action === 'reset') return { outcome: null, resp };
    if (qry?.action === 'error') outcome = { ...outcome, ...coded(qry) };
    else if (isQuery && outcome.retCode === 0) {
      const { uid = null, on = '' } = subject;
      const read = { uid, path: on, params: source, result: outcome.result, now: this.#parts.now() };
      outcome = { ...outcome, result: this.#queries.apply(qry, read) };
    }
    if (acc?.action === 'crash') this.#parts.crash();
    if (acc?.action === 'hold' || acc?.action === 'drop_reply' || acc?.action === 'reset') await pause(clock, acc.ms);
    if (acc?.action === 'drop_reply' || acc?.action === 'reset') return { outcome: null, resp };
    if (resp?.action === 'delay') await pause(clock, resp.ms);
    return { outcome: resp?.action === 'ret_code' ? { ...outcome, ...coded(resp) } : outcome, resp };
  }

  #asked(
    { source, isQuery }: FaultyRequest,
    acc: RuleOf<'ACC'> | null,
    run: (source: Source) => Promise<Outcome>,
  ): Promise<Outcome> {
    if (isQuery && isExtraPage(source)) {
      return run({ ...source, cursor: '' }).then((outcome) => ({
        ...outcome,
        result: { ...outcome.result, list: [], nextPageCursor: '' },
      }));
    }
    return run(acc?.action === 'truncate_param' ? shortened(source, acc) : source);
  }
}

/** Not even a turn of the event loop where there is nothing to wait for. */
const pause = (clock: Clock, ms: number): Promise<void> | void => (ms === 0 ? undefined : sleep(clock, ms));

const coded = ({ retCode, retMsg }: Readonly<{ retCode: number; retMsg: string }>) => ({
  retCode,
  retMsg,
  result: {},
  extInfo: {},
});

const isAccepted = (rule: Readonly<{ accepted?: boolean }> | RuleOf<'ACC'> | RuleOf<'RESP'> | null): boolean =>
  rule === null || !('accepted' in rule) || rule.accepted !== false;

function shortened(source: Source, { param, length }: Readonly<{ param: string; length: number }>): Source {
  const text = source[param];
  return typeof text === 'string' ? { ...source, [param]: text.slice(0, length) } : source;
}

/** What a fault does to the message of a reply, in place. `rows`: the name of its result. */
export function damageMessage(
  message: object,
  resp: RuleOf<'RESP'> | null,
  faults: Faults,
  rows: 'result' | 'data',
): void {
  if (resp?.action === 'mutate') mutate(message, resp, faults.rng);
  const result = (message as Record<string, { list?: unknown } | undefined>)[rows];
  const list = result?.list;
  if (resp?.action === 'reorder' && Array.isArray(list)) shuffle(list, faults.rng);
  if (resp?.action === 'row_code') setRowCode(message as Envelope, list, resp);
}

type Envelope = { retExtInfo?: { list?: unknown } };

function setRowCode(
  message: Envelope,
  list: unknown,
  { index, code, msg }: Readonly<{ index: number; code: number; msg: string }>,
): void {
  if (!Array.isArray(list)) return;
  const known = message.retExtInfo?.list;
  const codes = Array.isArray(known) ? [...known] : list.map(() => ({ code: 0, msg: 'OK' }));
  if (index >= codes.length) return;
  codes[index] = { code, msg };
  message.retExtInfo = { ...message.retExtInfo, list: codes };
}

/** The reply's text, cut where it is to be. */
export function damageText(text: string, resp: RuleOf<'RESP'> | null, faults: Faults): string {
  if (resp?.action !== 'truncate') return text;
  return text.slice(0, resp.length ?? below(faults.rng, text.length));
}
