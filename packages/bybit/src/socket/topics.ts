import type { Observe } from '../events.ts';
import type { Clock, Timer } from '../ports.ts';
import type { Control } from './control.ts';
import type { Link } from './link.ts';

/** `live`: data has come on this connection. `refused`: the venue does not know or allow the topic. */
export type TopicState = 'wanted' | 'asked' | 'acknowledged' | 'live' | 'refused';

export type TopicTiming = Readonly<{
  /** From subscribe to its acknowledgement. */
  ackMs: number;
  /** From the acknowledgement to the first data, for topics that always have some. */
  firstDataMs: number;
  /** Longest pause between two attempts at a silent topic. */
  silentCapMs: number;
}>;

export const DEFAULT_TOPIC_TIMING: TopicTiming = { ackMs: 10_000, firstDataMs: 10_000, silentCapMs: 300_000 };

export type TopicsConfig = Readonly<{
  name: string;
  clock: Clock;
  observe: Observe;
  timing: TopicTiming;
  /** Topics in one request: 10 on public spot. */
  argsPerRequest: number;
  /** Whether data must follow an acknowledgement soon: books and tickers start with a snapshot, trades do not. */
  expectsData: (topic: string) => boolean;
  /** After a refusal; the observer has been told. */
  refused: (topic: string, message: string) => void;
}>;

type Topic = { state: TopicState; silences: number; timer: Timer | null };
type Request = Readonly<{ reqId: string; op: 'subscribe' | 'unsubscribe'; topics: readonly string[]; timer: Timer }>;

/** Length of the text of one request's topics: far below what a connection may carry. */
const CHARS_PER_REQUEST = 8_000;
/** Requests without an answer in a row after which the connection is no use. */
const MAX_UNANSWERED = 3;

/** Splits topics into requests that respect both bounds. A topic longer than the bound gets a request of its own. */
export function chunksOf(topics: readonly string[], maxArgs: number, maxChars: number): string[][] {
  const chunks: string[][] = [];
  let chunk: string[] = [];
  let chars = 0;
  for (const topic of topics) {
    // Two quotes and a comma.
    const length = topic.length + 3;
    if (chunk.length > 0 && (chunk.length === maxArgs || chars + length > maxChars)) {
      chunks.push(chunk);
      chunk = [];
      chars = 0;
    }
    chunk.push(topic);
    chars += length;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

/**
 * The topics that are wanted on one link, and how far each has come on the present connection. What is wanted outlives
 * connections; everything else starts anew with each.
 */
export class Topics {
  readonly #config: TopicsConfig;
  readonly #link: Link;
  readonly #topics = new Map<string, Topic>();
  #requests: Request[] = [];
  #lastReqId = 0;
  #unanswered = 0;
  #flushing = false;

  constructor(config: TopicsConfig, link: Link) {
    this.#config = config;
    this.#link = link;
  }

  add(topic: string): void {
    if (this.#topics.has(topic)) return;
    this.#topics.set(topic, { state: 'wanted', silences: 0, timer: null });
    this.#flushSoon();
  }

  remove(topic: string): void {
    const known = this.#topics.get(topic);
    if (known === undefined) return;
    known.timer?.cancel();
    this.#topics.delete(topic);
    if (known.state !== 'wanted' && known.state !== 'refused') this.#request('unsubscribe', [topic]);
    this.#report();
  }

  stateOf(topic: string): TopicState | null {
    return this.#topics.get(topic)?.state ?? null;
  }

  get size(): number {
    return this.#topics.size;
  }

  /** Asks for a topic again on the same connection, so that its snapshot comes again. */
  again(topic: string): void {
    const known = this.#topics.get(topic);
    if (known === undefined || !this.#link.isReady || known.state === 'wanted') return;
    this.#request('unsubscribe', [topic]);
    this.#want(known);
    this.#flushSoon();
  }

  /** A new connection is ready: everything is asked for. */
  begin(): void {
    this.#unanswered = 0;
    this.#flush();
  }

  /** The connection is gone. */
  end(): void {
    for (const request of this.#requests) request.timer.cancel();
    this.#requests = [];
    for (const topic of this.#topics.values()) this.#want(topic);
  }

  /** Data came: proof of the subscription, whether or not the acknowledgement has arrived. */
  data(topicName: string): void {
    const topic = this.#topics.get(topicName);
    if (topic === undefined || topic.state === 'live') return;
    // What a topic still sends after it was asked for again may be old: only the acknowledgement ends that.
    if (topic.state === 'wanted') return;
    topic.timer?.cancel();
    topic.timer = null;
    topic.state = 'live';
    topic.silences = 0;
    this.#report();
  }

  acknowledge(ack: Extract<Control, { type: 'ack' }>): void {
    const request = this.#requestOf(ack);
    if (request === null) return;
    request.timer.cancel();
    this.#requests = this.#requests.filter((other) => other !== request);
    this.#unanswered = 0;
    if (request.op === 'unsubscribe') return;
    if (ack.accepted) this.#accepted(request.topics);
    else if (ack.failed.length > 0) this.#partlyRefused(request.topics, ack.failed, ack.message);
    else this.#refused(request.topics, ack.message);
    this.#report();
  }

  /** By request id where the venue echoes it, else by the topics it names, else the oldest: answers keep their order. */
  #requestOf(ack: Extract<Control, { type: 'ack' }>): Request | null {
    const byId = this.#requests.find((request) => request.reqId === ack.reqId);
    if (byId !== undefined) return byId;
    const named = new Set([...ack.succeeded, ...ack.failed]);
    const byTopic = this.#requests.find((request) => request.topics.some((topic) => named.has(topic)));
    return byTopic ?? this.#requests.find((request) => ack.op === null || request.op === ack.op) ?? null;
  }

  #accepted(topics: readonly string[]): void {
    for (const topicName of topics) {
      const topic = this.#topics.get(topicName);
      if (topic?.state !== 'asked') continue;
      topic.state = 'acknowledged';
      if (this.#config.expectsData(topicName)) this.#awaitData(topicName, topic);
    }
  }

  #partlyRefused(topics: readonly string[], failed: readonly string[], message: string): void {
    this.#accepted(topics.filter((topic) => !failed.includes(topic)));
    for (const topicName of failed) this.#refuse(topicName, message);
  }

  /** One bad topic spoils its request: halves are asked for until the culprit stands alone. */
  #refused(topics: readonly string[], message: string): void {
    if (topics.length === 1) {
      this.#refuse(topics[0] as string, message);
      return;
    }
    const half = Math.ceil(topics.length / 2);
    this.#request('subscribe', topics.slice(0, half));
    this.#request('subscribe', topics.slice(half));
  }

  #refuse(topicName: string, message: string): void {
    const topic = this.#topics.get(topicName);
    // Data that flows is better evidence than a complaint ("already subscribed").
    if (topic === undefined || topic.state === 'live') return;
    topic.state = 'refused';
    this.#config.observe({ type: 'topic_refused', link: this.#config.name, topic: topicName, message });
    this.#config.refused(topicName, message);
  }

  #awaitData(topicName: string, topic: Topic): void {
    const { clock, timing } = this.#config;
    const delay = Math.min(timing.firstDataMs * 2 ** topic.silences, timing.silentCapMs);
    topic.timer?.cancel();
    topic.timer = clock.after(delay, () => {
      topic.timer = null;
      topic.silences++;
      const { name, observe } = this.#config;
      observe({ type: 'topic_silent', link: name, topic: topicName, attempts: topic.silences });
      this.again(topicName);
    });
  }

  #want(topic: Topic): void {
    topic.timer?.cancel();
    topic.timer = null;
    topic.state = 'wanted';
  }

  /** Topics that are added one after the other travel together. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    void Promise.resolve().then(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (!this.#link.isReady) return;
    const wanted = [...this.#topics].filter(([, topic]) => topic.state === 'wanted').map(([topicName]) => topicName);
    for (const chunk of chunksOf(wanted, this.#config.argsPerRequest, CHARS_PER_REQUEST)) {
      this.#request('subscribe', chunk);
    }
    this.#report();
  }

  #request(op: 'subscribe' | 'unsubscribe', topics: readonly string[]): void {
    const reqId = String(++this.#lastReqId);
    if (!this.#link.send(JSON.stringify({ req_id: reqId, op, args: topics }))) return;
    const timer = this.#config.clock.after(this.#config.timing.ackMs, () => this.#noAnswer(reqId));
    this.#requests.push({ reqId, op, topics, timer });
    if (op === 'unsubscribe') return;
    for (const topicName of topics) {
      const topic = this.#topics.get(topicName);
      if (topic !== undefined) topic.state = 'asked';
    }
  }

  #noAnswer(reqId: string): void {
    const request = this.#requests.find((candidate) => candidate.reqId === reqId);
    if (request === undefined) return;
    this.#requests = this.#requests.filter((other) => other !== request);
    this.#unanswered++;
    if (this.#unanswered >= MAX_UNANSWERED) {
      this.#link.drop('subscriptions are not answered');
      return;
    }
    if (request.op === 'unsubscribe') return;
    for (const topicName of request.topics) {
      const topic = this.#topics.get(topicName);
      if (topic?.state === 'asked') this.#want(topic);
    }
    this.#flush();
  }

  #report(): void {
    const settled = (topic: Topic): boolean => topic.state !== 'wanted' && topic.state !== 'asked';
    this.#link.subscribed(this.#topics.size > 0 && [...this.#topics.values()].every(settled));
  }
}
