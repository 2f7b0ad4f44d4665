import type { InstrumentId } from '../domain/ids.ts';
import type { CloseReason } from '../ports/exchange.ts';

/**
 * What a test makes this exchange do wrong. Everything is off until it is asked for; the rest (lost answers, cut
 * links, repeated messages) belongs to the protocol's server.
 */
export type Fault =
  /** The next orders are acknowledged and then rejected. */
  | Readonly<{ type: 'reject_after_ack'; count: number }>
  /** Cancels and amendments wait so long between receipt and processing: what trades meanwhile wins. */
  | Readonly<{ type: 'hold_changes'; ms: number }>
  /** The next cancels or amendments find that a fill was faster: of the whole order, or of `part` of it (0 … 1). */
  | Readonly<{ type: 'fill_before_change'; count: number; part: number }>
  /** Orders and executions show up in queries so much later than they happened; wallets and positions do not lag. */
  | Readonly<{ type: 'lag_queries'; ms: number }>;

export type OrderSubject = Readonly<{ uid: string; instrument: InstrumentId }>;
export type OrderOperation = 'order.create' | 'order.amend' | 'order.cancel';
/** Of an order, or of what is left of it, so much is filled, in so many executions. */
export type FillFault = Readonly<{ type: 'fill'; part: number; pieces: number }>;
/** What happens to an order that was accepted. */
export type ArrivalFault =
  | Readonly<{ type: 'reject'; reason: CloseReason }>
  | FillFault
  | Readonly<{ type: 'cancel'; reason: CloseReason; part: number | null }>;
/** What happens between the receipt of a change and its processing. */
export type ChangeFault = FillFault | Readonly<{ type: 'ignore' }>;
/** What queries show later than it happened. */
export type LaggingKind = 'order' | 'execution' | 'position';

/** Rules of whoever runs the exchange, asked while it works. */
export interface FaultRules {
  holdMs(operation: OrderOperation, subject: OrderSubject): number;
  arrival(subject: OrderSubject): ArrivalFault | null;
  change(operation: OrderOperation, subject: OrderSubject): ChangeFault | null;
  lagMs(kind: LaggingKind, subject: OrderSubject): number;
}

export class Faults {
  rules: FaultRules | null = null;
  #rejects = 0;
  #fills = 0;
  #part = 1;
  holdMs = 0;
  lagMs = 0;
  /** How often each fault took effect. */
  readonly fired = new Map<Fault['type'], number>();

  set(fault: Fault): void {
    switch (fault.type) {
      case 'reject_after_ack':
        this.#rejects = fault.count;
        return;
      case 'hold_changes':
        this.holdMs = fault.ms;
        return;
      case 'fill_before_change':
        this.#fills = fault.count;
        this.#part = fault.part;
        return;
      case 'lag_queries':
        this.lagMs = fault.ms;
        return;
    }
  }

  clear(): void {
    this.#rejects = 0;
    this.#fills = 0;
    this.holdMs = 0;
    this.lagMs = 0;
  }

  /** What is to happen to an order that has just been accepted. */
  arrival(subject: OrderSubject): ArrivalFault | null {
    if (this.#rejects === 0) return this.rules?.arrival(subject) ?? null;
    this.#rejects -= 1;
    this.count('reject_after_ack');
    return { type: 'reject', reason: 'admin' };
  }

  /** How long an operation waits before it is processed. */
  hold(operation: OrderOperation, subject: OrderSubject): number {
    const ms = this.rules?.holdMs(operation, subject) ?? 0;
    if (operation === 'order.create' || this.holdMs === 0) return ms;
    this.count('hold_changes');
    return ms + this.holdMs;
  }

  /** What is to happen before a change of a working order. */
  change(operation: OrderOperation, subject: OrderSubject): ChangeFault | null {
    const part = this.#takeFill();
    return part === null ? (this.rules?.change(operation, subject) ?? null) : { type: 'fill', part, pieces: 1 };
  }

  lag(kind: LaggingKind, subject: OrderSubject): number {
    const ms = this.rules?.lagMs(kind, subject) ?? 0;
    return kind === 'position' ? ms : Math.max(ms, this.lagMs);
  }

  /** Part of the order that is to trade before the change; null: none. */
  #takeFill(): number | null {
    if (this.#fills === 0) return null;
    this.#fills -= 1;
    this.count('fill_before_change');
    return this.#part;
  }

  count(type: Fault['type']): void {
    this.fired.set(type, (this.fired.get(type) ?? 0) + 1);
  }
}
