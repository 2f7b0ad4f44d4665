import type { Observe } from '../events.ts';
import type { Schema } from '../wire/schema.ts';
import { parse } from '../wire/schema.ts';
import type { Json } from './control.ts';

/** What is done with the messages of one topic. */
export interface TopicHandler {
  push(json: Json): void;
  /** The connection was lost: nothing of what was said holds until it is said again. */
  down(): void;
}

/** A topic that several may listen to. */
export interface Feed<L> extends TopicHandler {
  readonly listeners: Set<L>;
}

export type FeedConfig = Readonly<{
  topic: string;
  /** Name of the connection. */
  link: string;
  observe: Observe;
  /** Called with every message that could be read: proof that the topic is alive. */
  alive: () => void;
}>;

/** Longest excerpt of a message in an event. */
const EXCERPT = 2_000;

/** Checks a push; null if it does not fit, which the observer has then been told. */
export function readPush<T>(schema: Schema<T>, json: unknown, where: string, observe: Observe): T | null {
  const parsed = parse(schema, json);
  if (!parsed.ok) {
    const text = JSON.stringify(json).slice(0, EXCERPT);
    observe({ type: 'unreadable', where, reason: parsed.error, text });
    return null;
  }
  const { value, unrecognised } = parsed.value;
  if (unrecognised.length > 0) observe({ type: 'unrecognised', where, words: unrecognised });
  return value;
}
