import type { Category } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';

/**
 * Fault injection between the exchange and the wire: what a real venue does to its clients on a bad day. Off unless
 * hooks are given. The simulator brings hooks of its own; `fault-plan.ts` has a plan of rules for tests.
 */
export interface Faults {
  /** Asked once per request that found its route, before it is carried out. Null: nothing is wrong with it. */
  reply(subject: RequestSubject): ReplyFault | null;
  /** Asked once per message of a public or private stream. */
  push(subject: PushSubject): PushFault | null;
}

export type RequestSubject = Readonly<{
  /** `/v5/order/create` over HTTP, `order.create` over the trade socket. */
  on: string;
  uid: string | null;
  params: Readonly<Record<string, unknown>>;
}>;

/** `uid` is null for public streams. */
export type PushSubject = Readonly<{ uid: string | null; topic: string; category: Category | null }>;

/**
 * What becomes of a reply. `accepted` says whether the exchange carries the request out first: with false it never
 * hears of it. On the trade socket, `reset` drops the socket and `replace` and `truncate` send their text as a message.
 */
export type ReplyFault = Readonly<{ accepted: boolean; holdMs: number }> &
  Readonly<
    | { type: 'hold' }
    | { type: 'reset' }
    | { type: 'replace'; status: number; contentType: string; body: string }
    | { type: 'ret_code'; retCode: number; retMsg: string }
    /** The first `length` characters of the reply. */
    | { type: 'truncate'; length: number }
  >;

/** `permute`: this message and those that follow within the window go out in reverse order at its end. */
export type PushFault = Readonly<
  | { type: 'drop' }
  | { type: 'delay'; ms: number }
  | { type: 'duplicate'; afterMs: number }
  | { type: 'permute'; withinMs: number }
>;

/** Stands between a stream's message and its delivery. */
export type PushGate = (subject: PushSubject, text: string, deliver: (text: string) => void) => void;

export const openGate: PushGate = (_subject, text, deliver) => deliver(text);

/** The gate that carries out what the hooks say. */
export function faultyGate(faults: Faults, clock: Clock): PushGate {
  /** Messages that wait to be turned around. */
  const held = new Map<string, (() => void)[]>();

  return (subject, text, deliver) => {
    // All of a user's events can change places, of public ones those of one topic.
    const key = subject.uid ?? `${subject.category} ${subject.topic}`;
    const waiting = held.get(key);
    const send = () => deliver(text);
    if (waiting !== undefined) {
      waiting.push(send);
      return;
    }
    const fault = faults.push(subject);
    switch (fault?.type) {
      case undefined:
        send();
        return;
      case 'drop':
        return;
      case 'delay':
        clock.after(fault.ms, send);
        return;
      case 'duplicate':
        send();
        clock.after(fault.afterMs, send);
        return;
      case 'permute':
        held.set(key, [send]);
        clock.after(fault.withinMs, () => {
          const messages = held.get(key) ?? [];
          held.delete(key);
          for (const message of messages.reverse()) message();
        });
    }
  };
}
