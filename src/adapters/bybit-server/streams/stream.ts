import type { Clock } from '../../../ports/clock.ts';
import type { Exchange, ExchangeInstrument, PublicEvent } from '../../../ports/exchange.ts';
import type { PushGate } from '../faults/push-gate.ts';
import type { Member } from './audience.ts';

/** One public topic of one instrument. */
export interface PublicStream {
  /** Adds a subscriber and gives it what it has to begin with. */
  join(member: Member): void;
  leave(member: Member): void;
  /** Something happened to the stream's instrument. */
  on(event: PublicEvent): void;
  /** Stops its timers. */
  close(): void;
}

/** What streams are made of. */
export type StreamParts = Readonly<{ exchange: Exchange; clock: Clock; gate: PushGate }>;

/** The topic with the instrument that it is about. */
export type StreamOf = Readonly<{ topic: string; instrument: ExchangeInstrument }>;
