import { createHash } from 'node:crypto';

/** How many of the last entries are kept in words, for the report of a failing seed. */
const KEPT = 400;
const KEPT_TEXT = 500;

/**
 * Running hash of everything that crossed the network and of every commit, each with its microsecond. Two runs of
 * one seed must end with the same hash; where they part, `tail` shows what each did last.
 */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #tail: string[] = [];
  #entries = 0;

  /** `kind` says what happened, `where` on which link or disk, `text` the bytes. */
  add(atUs: number, kind: string, where: string, text: string): void {
    this.#hash.update(`${atUs}\t${kind}\t${where}\t${text}\n`);
    this.#entries += 1;
    if (this.#tail.length >= 2 * KEPT) this.#tail.splice(0, KEPT);
    this.#tail.push(`${(atUs / 1_000).toFixed(3)} ms ${kind} ${where} ${text.slice(0, KEPT_TEXT)}`);
  }

  get entries(): number {
    return this.#entries;
  }

  /** Of everything so far; more may follow. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  /** The last entries, oldest first. */
  tail(count = KEPT): readonly string[] {
    return this.#tail.slice(-count);
  }
}
