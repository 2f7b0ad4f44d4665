/** Prices that accounts were last found to be sound at: nothing has to be worked out again before one of them moves. */
export class SoundAccounts {
  readonly #seen = new Map<string, readonly bigint[]>();

  isSound(uid: string, prices: readonly bigint[]): boolean {
    const before = this.#seen.get(uid);
    return (
      before !== undefined && before.length === prices.length && before.every((price, index) => price === prices[index])
    );
  }

  found(uid: string, prices: readonly bigint[]): void {
    this.#seen.set(uid, prices);
  }

  clear(): void {
    this.#seen.clear();
  }
}
