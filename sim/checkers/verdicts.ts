/** Invariants of whole-system runs, in the words and numbers of the project's reliability requirements. */
export const INVARIANT_TEXTS = {
  V1: 'no order lost: what the venue has under our ids the gateway knows',
  V2: 'no duplicate: one order per client id, one venue order per child, each sent once',
  V3: 'no phantom: nothing works or is filled that the venue does not have, nothing refused exists',
  V4: 'known or reported: a minute after healing no order is in doubt in silence; what was canceled has ended',
  V5: 'no false end: what has ended here does not live at the venue',
  V6: "fills exact: the venue's executions, each once",
  V7: 'balances and positions of the venue are the sum of our fills, to the last digit',
  V8: 'an order has executed what its executions say, here and at the venue',
  V9: 'money conserves on both venues, fees under way included',
  V10: 'filled and open over all venues never exceed what was ordered',
  V12: 'nothing leaves after the kill switch',
  V13: 'what a client is shown never goes back',
  V16: 'what was acknowledged or shown survives every crash',
  V19: 'synced half a minute after healing; fills of a broken stream known soon after it is back',
} as const;
export type InvariantId = keyof typeof INVARIANT_TEXTS;
export const INVARIANTS = Object.keys(INVARIANT_TEXTS) as readonly InvariantId[];
/** `BUG`: a process threw, or a run could not go on. */
export type Invariant = InvariantId | 'BUG';

export type Violation = Readonly<{
  seed: number;
  /** Virtual milliseconds since the start. */
  atMs: number;
  invariant: Invariant;
  /** Order, child, account or coin. */
  subject: string;
  /** What was expected, and what is. */
  text: string;
}>;

const KEPT = 20;

/** What the checkers of one run found, and how often each looked at something. */
export class Verdicts {
  readonly violations: Violation[] = [];
  readonly evaluated = new Map<Invariant, number>();
  readonly #seed: number;
  readonly #now: () => number;
  readonly #said = new Set<string>();

  constructor(seed: number, nowMs: () => number) {
    this.#seed = seed;
    this.#now = nowMs;
  }

  /** One look at one subject. `text` is read only where it does not hold. */
  expect(invariant: Invariant, subject: string, holds: boolean, text: () => string): void {
    this.evaluated.set(invariant, (this.evaluated.get(invariant) ?? 0) + 1);
    if (!holds) this.violate(invariant, subject, text());
  }

  violate(invariant: Invariant, subject: string, text: string): void {
    const key = `${invariant} ${subject}`;
    if (this.#said.has(key) || this.violations.length >= KEPT) return;
    this.#said.add(key);
    this.violations.push({ seed: this.#seed, atMs: Math.round(this.#now()), invariant, subject, text });
  }

  get broken(): boolean {
    return this.violations.length > 0;
  }
}
