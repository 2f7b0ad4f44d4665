/** Invariants of whole-system runs; what each says is in docs/testing.md and at its check. */
export const INVARIANTS = [
  'V1',
  'V2',
  'V3',
  'V4',
  'V5',
  'V6',
  'V7',
  'V8',
  'V9',
  'V10',
  'V12',
  'V13',
  'V16',
  'V19',
] as const;
export type Invariant = (typeof INVARIANTS)[number] | 'BUG';

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
