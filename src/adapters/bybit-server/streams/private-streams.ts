import type { Exchange, PrivateEvent, SpreadPrivateEvent } from '../../../ports/exchange.ts';
import type { PushGate } from '../faults/push-gate.ts';
import type { Ids } from '../ids.ts';
import { Audience, type Member } from './audience.ts';
import {
  fastRows,
  greeksRows,
  messageId,
  PRIVATE_TOPICS,
  privateRows,
  type PrivateTopic,
  spreadMessages,
} from './private-topics.ts';

type Parts = Readonly<{
  exchange: Exchange;
  gate: PushGate;
  ids: Ids;
  /** Puts a message behind the replies of this turn. */
  later: (run: () => void) => void;
}>;

/** Private topics of all users. Nobody gets a snapshot: a client bootstraps over REST. */
export class PrivateStreams {
  readonly #parts: Parts;
  readonly #users = new Map<string, Map<string, Audience>>();

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.exchange.onPrivate((event) => this.#on(event));
    parts.exchange.spread.onPrivate((event) => this.#onSpread(event));
  }

  join(uid: string, topic: string, member: Member): void {
    const topics = this.#users.get(uid) ?? new Map<string, Audience>();
    this.#users.set(uid, topics);
    const category = PRIVATE_TOPICS.get(topic)?.category ?? null;
    const audience = topics.get(topic) ?? new Audience({ uid, topic, category }, this.#parts.gate);
    topics.set(topic, audience);
    audience.add(member);
  }

  leave(uid: string, topic: string, member: Member): void {
    const topics = this.#users.get(uid);
    const audience = topics?.get(topic);
    audience?.remove(member);
    if (audience?.size === 0) topics?.delete(topic);
    if (topics?.size === 0) this.#users.delete(uid);
  }

  #onSpread(event: SpreadPrivateEvent): void {
    const topic = `spread.${event.type}`;
    const audience = this.#users.get(event.uid)?.get(topic);
    if (audience === undefined) return;
    const { exchange, ids, later } = this.#parts;
    for (const data of spreadMessages(event)) {
      const text = JSON.stringify({ topic, id: `${event.uid}${ids.uuid()}`, creationTime: exchange.now(), data });
      later(() => audience.send(text));
    }
  }

  #on(event: PrivateEvent): void {
    const topics = this.#users.get(event.uid);
    if (topics === undefined) return;
    const listening = [...topics].filter(([topic]) => PRIVATE_TOPICS.get(topic)?.event === event.type);
    if (listening.length === 0) return;
    const { exchange, ids, later } = this.#parts;
    const forms = new Set(listening.map(([topic]) => (PRIVATE_TOPICS.get(topic) as PrivateTopic).form));
    const rows = {
      full: privateRows(exchange, event),
      fast: forms.has('fast') ? fastRows(exchange, event) : [],
      greeks: forms.has('greeks') ? greeksRows(exchange, event) : [],
    };
    const id = messageId(event, exchange, () => ids.uuid());
    for (const [topic, audience] of listening) {
      const { category, form } = PRIVATE_TOPICS.get(topic) as PrivateTopic;
      const all = rows[form];
      const chosen = category === null ? all : all.filter((row) => row.category === category);
      if (chosen.length === 0) continue;
      const message = { topic, creationTime: exchange.now(), data: chosen.map((row) => row.row) };
      const text = JSON.stringify(form === 'fast' ? message : { id, ...message });
      later(() => audience.send(text));
    }
  }
}
