import type { Observe } from '../events.ts';
import type { Transport } from '../ports.ts';
import type { ServerClock } from '../server-clock.ts';
import type { Credentials } from '../sign.ts';
import type { PositionPush, Wallet } from '../wire/account.ts';
import { positionPush, wallet } from '../wire/account.ts';
import type { ExecutionPush, OrderPush } from '../wire/order.ts';
import { executionPush, orderPush } from '../wire/order.ts';
import type { Rows, Schema } from '../wire/schema.ts';
import { object, rows } from '../wire/schema.ts';
import { privateEnvelope } from '../wire/stream.ts';
import type { Control, Json } from './control.ts';
import type { DialBudget } from './dial-budget.ts';
import { readPush } from './feed.ts';
import type { LinkHealth, LinkTiming, LinkUser } from './link.ts';
import { Link } from './link.ts';
import { loginFrame } from './login.ts';
import type { TopicTiming } from './topics.ts';
import { Topics } from './topics.ts';

/** How a push came. */
export type PushMeta = Readonly<{
  topic: string;
  /** Of the message; null on topics that have none. */
  id: string | null;
  /** Venue's clock, ms. */
  creationTime: number;
  /** Our wall clock, ms. */
  receivedAt: number;
  epoch: number;
}>;

/**
 * What is listened to, decides what is subscribed. Pushes may come twice, late, and in any order between topics:
 * deduplicate executions by `execId`, merge orders by what they have executed.
 */
export type PrivateHandlers = Readonly<{
  order?: (row: OrderPush, meta: PushMeta) => void;
  execution?: (row: ExecutionPush, meta: PushMeta) => void;
  position?: (row: PositionPush, meta: PushMeta) => void;
  wallet?: (row: Wallet, meta: PushMeta) => void;
  /** A row that could not be read, as it came: something happened on the account that nobody has booked. */
  unreadable?: (row: Readonly<{ topic: string; reason: string; text: string }>) => void;
  /**
   * Logged in and subscribed. There is no snapshot: whatever happened before is known only after asking over REST, and
   * only then, if the epoch is still the same, is the picture complete.
   */
  subscribed?: (epoch: number) => void;
  /** From now on pushes may be missed. */
  down?: (epoch: number, reason: string) => void;
}>;

export type PrivateStreamConfig = Readonly<{
  url: string;
  transport: Transport;
  credentials: Credentials;
  serverClock: ServerClock;
  dials: DialBudget;
  timing: LinkTiming;
  topicTiming: TopicTiming;
  observe: Observe;
  /** Told when the owner closes it. */
  closed: () => void;
}>;

type TopicName = 'order' | 'execution' | 'position' | 'wallet';
const TOPIC_NAMES: readonly TopicName[] = ['order', 'execution', 'position', 'wallet'];
const message = (row: Schema<unknown>): Schema<Readonly<{ data: Rows<unknown> }>> => object({ data: rows(row) });
const MESSAGES = {
  order: message(orderPush),
  execution: message(executionPush),
  position: message(positionPush),
  wallet: message(wallet),
} as const;

const isTopic = (topic: string): topic is TopicName => (TOPIC_NAMES as readonly string[]).includes(topic);

/** The account's own events: orders, executions, positions, wallet. */
export class PrivateStream {
  readonly #config: PrivateStreamConfig;
  readonly #handlers: PrivateHandlers;
  readonly #link: Link;
  readonly #topics: Topics;
  #announced = 0;

  constructor(config: PrivateStreamConfig, handlers: PrivateHandlers) {
    this.#config = config;
    this.#handlers = handlers;
    const { url, transport, dials, timing, topicTiming, observe } = config;
    const name = 'private';
    this.#link = new Link({ name, url: `${url}/v5/private`, transport, dials, timing, observe }, this.#user());
    this.#topics = new Topics(
      {
        name,
        clock: transport.clock,
        observe,
        timing: topicTiming,
        argsPerRequest: TOPIC_NAMES.length,
        expectsData: () => false,
        // With a topic missing the account is seen in part, which is worse than not at all: begin again.
        refused: (topic, reason) => this.#link.drop(`${topic} refused: ${reason}`),
      },
      this.#link,
    );
    for (const topic of TOPIC_NAMES) if (handlers[topic] !== undefined) this.#topics.add(topic);
    this.#link.start();
  }

  get epoch(): number {
    return this.#link.epoch;
  }

  health(): LinkHealth {
    return this.#link.health();
  }

  /** Gives the connection up and makes a new one: for a caller that has found it to be silent though it looks well. */
  reconnect(reason: string): void {
    this.#link.drop(reason);
  }

  close(): Promise<void> {
    this.#config.closed();
    return this.#link.close();
  }

  #user(): LinkUser {
    return {
      login: () => loginFrame(this.#config.credentials, this.#config.serverClock, 'req_id'),
      // The clock is the one cause that can be mended from here.
      loginRefused: () => void this.#config.serverClock.sync(),
      ready: () => this.#topics.begin(),
      text: () => false,
      control: (control, json) => this.#control(control, json),
      push: (topic, json) => this.#push(topic, json),
      down: (epoch, reason) => {
        this.#topics.end();
        this.#handlers.down?.(epoch, reason);
      },
    };
  }

  #control(control: Control, json: Json): void {
    if (control.type !== 'ack') {
      this.#unreadable('private', 'not a known message', JSON.stringify(json));
      return;
    }
    this.#topics.acknowledge(control);
    this.#announce();
  }

  #push(topic: string, json: Json): void {
    // Categorised topics (`order.linear`) carry the same rows.
    const name = topic.split('.', 1)[0] as string;
    if (!isTopic(name)) {
      this.#unreadable(topic, 'not a known topic', JSON.stringify(json));
      return;
    }
    const envelope = readPush(privateEnvelope, json, topic, this.#config.observe);
    const body = readPush(MESSAGES[name], json, topic, this.#config.observe);
    if (envelope === null || body === null) {
      this.#handlers.unreadable?.({ topic, reason: 'not a push', text: JSON.stringify(json) });
      return;
    }
    this.#topics.data(topic);
    for (const row of body.data.unreadable) this.#unreadable(topic, row.reason, row.text);
    const { id, creationTime } = envelope;
    const meta: PushMeta = {
      topic,
      id,
      creationTime,
      receivedAt: this.#config.transport.clock.now(),
      epoch: this.epoch,
    };
    // The rows were read with the schema of the very topic whose handler takes them.
    const handle = this.#handlers[name] as ((row: unknown, meta: PushMeta) => void) | undefined;
    if (handle !== undefined) for (const row of body.data.rows) handle(row, meta);
    this.#announce();
  }

  #unreadable(topic: string, reason: string, text: string): void {
    this.#config.observe({ type: 'unreadable', where: topic, reason, text: text.slice(0, 2_000) });
    this.#handlers.unreadable?.({ topic, reason, text });
  }

  /** Once per connection, when the last topic is acknowledged. */
  #announce(): void {
    if (this.#link.state !== 'subscribed' || this.#announced === this.epoch) return;
    this.#announced = this.epoch;
    this.#handlers.subscribed?.(this.epoch);
  }
}
