import type { PrivatePush, PushService } from '../../../contract/service.ts';
import { isoTime } from '../../../contract/time.ts';
import type { PrivateChannel } from '../../../contract/ws.ts';
import type { AccountId } from '../../../domain/ids.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';
import { firstSeq, Push, type Subscriber } from './push.ts';

/** How long a feed without clients keeps its last pushes for those who come back. */
const KEEP_MS = 600_000;

type Feed = {
  readonly account: AccountId;
  readonly channel: PrivateChannel;
  readonly begin: number;
  seq: number;
  /** The last pushes; the one with number `seq` at `seq % size`. */
  readonly ring: (Push | undefined)[];
  readonly subscribers: Set<Subscriber>;
  forget: Timer | null;
};

/** Orders, executions, balances and positions: every push arrives, in order, or the client starts from a snapshot. */
export class PrivateFeeds {
  readonly #clock: Clock;
  readonly #pushes: PushService;
  readonly #size: number;
  readonly #feeds = new Map<string, Feed>();

  constructor(clock: Clock, pushes: PushService, size: number) {
    this.#clock = clock;
    this.#pushes = pushes;
    this.#size = size;
    pushes.onPush((push) => this.#publish(push));
  }

  /** Sends what followed `since`, or a snapshot; then every push. */
  subscribe(account: AccountId, channel: PrivateChannel, since: number | null, subscriber: Subscriber): void {
    const feed = this.#open(account, channel);
    feed.forget?.cancel();
    feed.forget = null;
    feed.subscribers.add(subscriber);
    const missed = since === null ? null : this.#after(feed, since);
    if (missed === null) subscriber.deliver(this.#snapshot(feed));
    else for (const push of missed) subscriber.deliver(push);
  }

  unsubscribe(account: AccountId, channel: PrivateChannel, subscriber: Subscriber): void {
    const feed = this.#feeds.get(keyOf(account, channel));
    if (feed === undefined || !feed.subscribers.delete(subscriber) || feed.subscribers.size > 0) return;
    feed.forget = this.#clock.after(KEEP_MS, () => this.#feeds.delete(keyOf(account, channel)));
  }

  seq(account: AccountId, channel: PrivateChannel): number {
    return this.#open(account, channel).seq;
  }

  close(): void {
    for (const feed of this.#feeds.values()) feed.forget?.cancel();
    this.#feeds.clear();
  }

  #open(account: AccountId, channel: PrivateChannel): Feed {
    const key = keyOf(account, channel);
    const open = this.#feeds.get(key);
    if (open !== undefined) return open;
    const begin = firstSeq(this.#clock.now());
    const feed: Feed = { account, channel, begin, seq: begin, ring: [], subscribers: new Set(), forget: null };
    this.#feeds.set(key, feed);
    return feed;
  }

  #publish(push: PrivatePush): void {
    const feed = this.#feeds.get(keyOf(push.account, push.channel));
    if (feed === undefined) return;
    feed.seq += 1;
    const delta = new Push({
      channel: push.channel,
      seq: feed.seq,
      ts: isoTime(push.at),
      type: 'delta',
      data: push.items,
    });
    feed.ring[feed.seq % this.#size] = delta;
    for (const subscriber of [...feed.subscribers]) subscriber.deliver(delta);
  }

  #snapshot(feed: Feed): Push {
    const data = this.#pushes.snapshot(feed.account, feed.channel);
    return new Push({ channel: feed.channel, seq: feed.seq, ts: isoTime(this.#clock.now()), type: 'snapshot', data });
  }

  /** All pushes after `since`; null when some of them are gone, or were never of this feed. */
  #after(feed: Feed, since: number): readonly Push[] | null {
    const oldest = Math.max(feed.begin, feed.seq - this.#size);
    if (since < oldest || since > feed.seq) return null;
    const missed: Push[] = [];
    for (let seq = since + 1; seq <= feed.seq; seq += 1) {
      const push = feed.ring[seq % this.#size];
      if (push?.seq !== seq) return null;
      missed.push(push);
    }
    return missed;
  }
}

const keyOf = (account: AccountId, channel: PrivateChannel): string => `${channel} ${account}`;
