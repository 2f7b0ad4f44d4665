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

export class Faults {
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

  /** Whether the order that is being placed is to be rejected after all. */
  takeReject(): boolean {
    if (this.#rejects === 0) return false;
    this.#rejects -= 1;
    this.count('reject_after_ack');
    return true;
  }

  /** Part of the order that is to trade before the change; null: none. */
  takeFill(): number | null {
    if (this.#fills === 0) return null;
    this.#fills -= 1;
    this.count('fill_before_change');
    return this.#part;
  }

  count(type: Fault['type']): void {
    this.fired.set(type, (this.fired.get(type) ?? 0) + 1);
  }
}
