import type { UnixMs } from '../../../domain/ids.ts';
import type { Exchange } from '../../../ports/exchange.ts';
import type { Faults } from './fault-book.ts';

/** The exchange's time as a server with a bad clock tells it: rules of CLK, all that hold together. */
export function skewedTime(now: UnixMs, rules: ReturnType<Faults['holding']>): UnixMs {
  let base: number = now;
  let apart = 0;
  for (const { rule, since } of rules) {
    if (rule.action === 'pause') base = Math.min(base, since);
    else if (rule.action === 'drift') apart += ((now - since) * rule.ppm) / 1e6;
    else if (rule.action === 'offset' || rule.action === 'step') apart += rule.ms;
  }
  return Math.round(base + apart) as UnixMs;
}

type Method = (...args: never[]) => unknown;

/** The same exchange, with the time that clients see. What the engine wrote down keeps its own times. */
export function withSkew(exchange: Exchange, faults: Faults): Exchange {
  const bound = new WeakMap<Method, Method>();
  const now = (): UnixMs => {
    const rules = faults.holding('CLK');
    return rules.length === 0 ? exchange.now() : skewedTime(exchange.now(), rules);
  };
  return new Proxy(exchange, {
    get: (target, name) => {
      if (name === 'now') return now;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      let method = bound.get(member as Method);
      if (method === undefined) bound.set(member as Method, (method = member.bind(target) as Method));
      return method;
    },
  });
}
