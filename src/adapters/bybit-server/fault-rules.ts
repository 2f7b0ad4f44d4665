import { err, ok, type Result } from '../../domain/result.ts';
import type { FaultRule } from './fault-plan.ts';
import type { PushFault, ReplyFault } from './faults.ts';
import { isObject } from './params/source.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads rules from JSON, with the property names of `FaultRule`; all of them or the first thing that is wrong. */
export function readFaultRules(value: unknown): Result<readonly FaultRule[], string> {
  if (!Array.isArray(value)) return err('rules: a list is expected');
  const rules: FaultRule[] = [];
  for (const [i, item] of value.entries()) {
    const rule = isObject(item) ? readRule(item) : err('an object is expected');
    if (!rule.ok) return err(`rules[${i}]: ${rule.error}`);
    rules.push(rule.value);
  }
  return ok(rules);
}

function readRule(json: Json): Result<FaultRule, string> {
  const { on, uid, after, times, chance, reply, push } = json;
  if (typeof on !== 'string' || on === '') return err('on: a path, an operation or a topic is expected');
  if (uid !== undefined && typeof uid !== 'string') return err('uid: a text is expected');
  for (const [name, count] of Object.entries({ after, times })) {
    if (count !== undefined && !isCount(count)) return err(`${name}: a whole number from 0 is expected`);
  }
  if (chance !== undefined && !(typeof chance === 'number' && chance > 0 && chance <= 1))
    return err('chance: 0 < chance ≤ 1');
  const common = {
    on,
    ...(uid === undefined ? {} : { uid }),
    ...(after === undefined ? {} : { after: after as number }),
    ...(times === undefined ? {} : { times: times as number }),
    ...(chance === undefined ? {} : { chance }),
  };
  if (isObject(reply) && push === undefined) {
    const fault = readReplyFault(reply);
    return fault.ok ? ok({ ...common, reply: fault.value }) : fault;
  }
  if (isObject(push) && reply === undefined) {
    const fault = readPushFault(push);
    return fault.ok ? ok({ ...common, push: fault.value }) : fault;
  }
  return err('either reply or push is expected');
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** `accepted` is true and `holdMs` 0 where they are absent. */
function readReplyFault(json: Json): Result<ReplyFault, string> {
  const accepted = json.accepted !== false;
  const holdMs = json.holdMs ?? 0;
  if (!isCount(holdMs)) return err('reply.holdMs: whole milliseconds are expected');
  switch (json.type) {
    case 'hold':
    case 'reset':
      return ok({ type: json.type, accepted, holdMs });
    case 'replace': {
      const { status, contentType, body } = json;
      if (!isCount(status) || status < 200 || status > 599) return err('reply.status: an HTTP status is expected');
      const isPage = (contentType === undefined || typeof contentType === 'string') && typeof body === 'string';
      if (!isPage) return err('reply.body: a text is expected');
      return ok({ type: 'replace', accepted, holdMs, status, contentType: contentType ?? 'text/html', body });
    }
    case 'ret_code': {
      const { retCode, retMsg } = json;
      if (!Number.isSafeInteger(retCode) || typeof retMsg !== 'string')
        return err('reply.retCode and reply.retMsg are expected');
      return ok({ type: 'ret_code', accepted, holdMs, retCode: retCode as number, retMsg });
    }
    case 'truncate':
      return isCount(json.length)
        ? ok({ type: 'truncate', accepted, holdMs, length: json.length })
        : err('reply.length: a whole number is expected');
    default:
      return err('reply.type: hold, reset, replace, ret_code or truncate is expected');
  }
}

function readPushFault(json: Json): Result<PushFault, string> {
  const { type, ms, afterMs, withinMs } = json;
  if (type === 'drop') return ok({ type });
  if (type === 'delay') return isCount(ms) ? ok({ type, ms }) : err('push.ms: whole milliseconds are expected');
  if (type === 'duplicate')
    return isCount(afterMs) ? ok({ type, afterMs }) : err('push.afterMs: whole milliseconds are expected');
  if (type === 'permute')
    return isCount(withinMs) ? ok({ type, withinMs }) : err('push.withinMs: whole milliseconds are expected');
  return err('push.type: drop, delay, duplicate or permute is expected');
}
