import type { Category } from '../../../domain/ids.ts';
import { instrumentId } from '../../../domain/ids.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Exchange } from '../../../ports/exchange.ts';
import type { Faults } from './fault-book.ts';
import { damageBook, sparse } from './market-damage.ts';
import { mutate } from './mutate.ts';
import type { RuleOf } from './rule.ts';
import type { PushSubject } from './subject.ts';

type Deliver = (text: string) => void;
/** Stands between a stream's message and its delivery. */
export type PushGate = (subject: PushSubject, text: string, deliver: Deliver) => void;

export const openGate: PushGate = (_subject, text, deliver) => deliver(text);

type Rule = RuleOf<'PUB'> | RuleOf<'MD'>;
type Waiting = Readonly<{ text: string; deliver: Deliver }>;

type GateParts = Readonly<{ faults: Faults; clock: Clock; exchange: Pick<Exchange, 'instrument' | 'book'> }>;

/** The gate that carries out the rules of PUB and MD. */
export function faultyGate(parts: GateParts): PushGate {
  const { faults, clock } = parts;
  /** Messages that wait to be turned around, or to be put together. */
  const held = new Map<string, Waiting[]>();

  const hold = (key: string, ms: number, first: Waiting, finish: (waiting: readonly Waiting[]) => void): void => {
    const waiting = [first];
    held.set(key, waiting);
    clock.after(ms, () => {
      held.delete(key);
      finish(waiting);
    });
  };

  const carryOut = (rule: Rule, subject: PushSubject, one: Waiting): void => {
    const { text, deliver } = one;
    const repeat = (times: number): void => {
      for (let i = 0; i < times; i += 1) deliver(text);
    };
    switch (rule.action) {
      case 'drop':
      case 'freeze':
        return;
      case 'delay':
        clock.after(rule.ms, () => deliver(text));
        return;
      case 'duplicate':
        deliver(text);
        if (rule.afterMs === 0) repeat(rule.count);
        else clock.after(rule.afterMs, () => repeat(rule.count));
        return;
      case 'flood':
        return repeat(1 + rule.count);
      case 'permute':
        return hold(userKey(subject), rule.withinMs, one, (waiting) => {
          for (const other of waiting.toReversed()) other.deliver(other.text);
        });
      case 'batch':
        return hold(topicKey(subject), rule.withinMs, one, (waiting) => deliver(together(waiting)));
      default:
        deliver(JSON.stringify(changed(rule, JSON.parse(text) as object, subject, parts)));
    }
  };

  return (subject, text, deliver) => {
    const one = { text, deliver };
    const waiting = held.get(userKey(subject)) ?? held.get(topicKey(subject));
    if (waiting !== undefined) {
      waiting.push(one);
      return;
    }
    const rule = takeRule(faults, subject, text);
    if (rule === null) deliver(text);
    else carryOut(rule, subject, one);
  };
}

/** All of a user's events can change places, of public ones those of one topic. */
const userKey = (subject: PushSubject): string => subject.uid ?? topicKey(subject);
const topicKey = ({ uid, category, topic }: PushSubject): string => `${uid ?? ''} ${category} ${topic}`;

/** Actions that only some topics can suffer. */
const ONLY_FOR: Readonly<Record<string, RegExp>> = {
  cross: /^orderbook\./,
  delete_level: /^orderbook\./,
  sparse: /^tickers\./,
};

const GENERAL = ['drop', 'delay', 'duplicate', 'permute', 'mutate', 'freeze', 'flood'] as const;

function takeRule(faults: Faults, subject: PushSubject, text: string): Rule | null {
  const { uid, topic, category } = subject;
  if (uid !== null) {
    const instrument = privateInstrument(text);
    return faults.take('PUB', {
      uid,
      on: topic,
      category: category ?? instrument?.category ?? null,
      instrument: instrument?.id ?? null,
    });
  }
  const symbol = topic.slice(topic.lastIndexOf('.') + 1);
  const type = /"type":"(snapshot|delta)"/.exec(text)?.[1] ?? '';
  const only = [...GENERAL, ...Object.keys(ONLY_FOR).filter((action) => ONLY_FOR[action]?.test(topic))];
  const instrument = category === null ? null : instrumentId(category, symbol);
  return faults.take('MD', { on: topic, category, instrument, type }, only);
}

/** Of the first row: what a message tells of, it tells of one instrument as a rule. */
function privateInstrument(text: string): Readonly<{ id: string; category: Category }> | null {
  const symbol = /"symbol":"([^"]+)"/.exec(text)?.[1];
  const category = /"category":"(spot|linear|inverse|option)"/.exec(text)?.[1] as Category | undefined;
  return symbol === undefined || category === undefined ? null : { id: instrumentId(category, symbol), category };
}

function changed(rule: Rule, message: object, subject: PushSubject, parts: GateParts): object {
  const { rng } = parts.faults;
  switch (rule.action) {
    case 'mutate':
      mutate(message, rule, rng);
      return message;
    case 'empty_link':
      for (const row of rowsOf(message)) if ('orderLinkId' in row) row['orderLinkId'] = '';
      return message;
    case 'sparse':
      sparse(message, rng);
      return message;
    case 'cross':
    case 'delete_level':
      damageBook(rule, message, subject, parts.exchange);
      return message;
    default:
      return message;
  }
}

type Row = Record<string, unknown>;

function rowsOf(message: object): readonly Row[] {
  const data = 'data' in message ? message.data : [];
  return Array.isArray(data) ? (data as Row[]) : [];
}

/** The rows of all in the envelope of the last. */
function together(waiting: readonly Waiting[]): string {
  const messages = waiting.map(({ text }) => JSON.parse(text) as object);
  return JSON.stringify({ ...messages.at(-1), data: messages.flatMap(rowsOf) });
}
