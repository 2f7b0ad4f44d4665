import type { Side, Ticks } from '../../domain/ids.ts';
import type { Decision } from '../desk/decision.ts';

/** What an agent does in one decision of the exchange. */
export type Deed = (decision: Decision) => void;

/** One participant of one symbol's market. It has chance of its own, and sees only what its pit shows. */
export interface Agent {
  /** Milliseconds until it wants to look again. */
  pause(): number;
  /** What it wants to do now; null: nothing. */
  look(now: number): Deed | null;
}

/** An agent that leaves orders in the book. */
export interface Quoter extends Agent {
  /** Takes back its orders of a side that a newcomer at this price would meet. */
  retreat(side: Side, from: Ticks): void;
  /** Takes all its orders back. */
  withdraw(): void;
  /** The book was emptied: it has no orders any more. */
  forget(): void;
}

/** Whether an order that rests on this side at this price would meet a newcomer of the other side. */
export const meets = (side: Side, resting: Ticks, newcomer: Ticks): boolean =>
  side === 'buy' ? resting >= newcomer : resting <= newcomer;
