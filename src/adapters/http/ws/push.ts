import { type Decimals, printJson } from '../../../contract/print-json.ts';
import type { IsoTime } from '../../../contract/time.ts';

export type PushFields = Readonly<{
  channel: string;
  seq: number;
  ts: IsoTime;
  type: 'snapshot' | 'delta';
  data: unknown;
}>;

/** One push, printed at most once per form of decimals however many clients get it. */
export class Push {
  readonly seq: number;
  readonly channel: string;
  readonly #fields: PushFields;
  readonly #printed = new Map<Decimals, string>();

  constructor(fields: PushFields) {
    this.#fields = fields;
    this.seq = fields.seq;
    this.channel = fields.channel;
  }

  get isSnapshot(): boolean {
    return this.#fields.type === 'snapshot';
  }

  text(decimals: Decimals): string {
    const before = this.#printed.get(decimals);
    if (before !== undefined) return before;
    const text = printJson(this.#fields, decimals);
    this.#printed.set(decimals, text);
    return text;
  }
}

/** What feeds know of a client. */
export interface Subscriber {
  /** Must arrive: where it cannot, the client is cut off. */
  deliver(push: Push): void;
  /** The newest counts: an older one of the channel that still waits is replaced. */
  deliverLatest(push: Push): void;
}

/**
 * Where a feed starts to count. Above every number that an earlier life of the feed can have reached, so that a
 * client that resumes across a restart gets a snapshot instead of somebody else's numbers. Holds for up to 16,000
 * pushes per second on average, until the year 2200 below 2^53.
 */
export const firstSeq = (now: number): number => now * 16;
