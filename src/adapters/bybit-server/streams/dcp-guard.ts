import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Exchange, GuardedProduct } from '../../../ports/exchange.ts';
import type { Log } from '../../../ports/log.ts';

/** Topics of disconnect protection: nothing is ever told on them, to listen is to be guarded. */
export const DCP_TOPICS: ReadonlyMap<string, GuardedProduct> = new Map([
  ['dcp.spot', 'spot'],
  ['dcp.future', 'derivatives'],
  ['dcp.option', 'options'],
]);

type Watch = {
  readonly uid: string;
  readonly product: GuardedProduct;
  readonly members: Set<object>;
  /** When a guard last gave a sign of life, or the last of them went. */
  heardAt: number;
  timer: Timer | null;
};

type Parts = Readonly<{ exchange: Exchange; clock: Clock; log: Log }>;

/**
 * Disconnect protection (V5 docs, "Disconnect Cancel All"). Once every private connection of a user that listens to a
 * product's topic is gone or silent for the user's time window, the product's working orders are cancelled. A sign of
 * life begins the window anew; who leaves the topic by himself is not guarded any more.
 */
export class DcpGuard {
  readonly #parts: Parts;
  readonly #watches = new Map<string, Watch>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  join(uid: string, product: GuardedProduct, member: object): void {
    const key = `${uid} ${product}`;
    let watch = this.#watches.get(key);
    if (watch === undefined) {
      watch = { uid, product, members: new Set(), heardAt: 0, timer: null };
      this.#watches.set(key, watch);
    }
    watch.members.add(member);
    this.#refresh(watch);
  }

  /** `willingly`: it took its topic back; else its link is gone, and the time runs from now on. */
  leave(uid: string, product: GuardedProduct, member: object, willingly: boolean): void {
    const watch = this.#watches.get(`${uid} ${product}`);
    if (watch === undefined || !watch.members.delete(member) || watch.members.size > 0) return;
    if (willingly) this.#end(watch);
    else this.#refresh(watch);
  }

  /** A guard said something, whatever it was. */
  heard(member: object): void {
    for (const watch of this.#watches.values()) if (watch.members.has(member)) this.#refresh(watch);
  }

  close(): void {
    for (const watch of this.#watches.values()) watch.timer?.cancel();
    this.#watches.clear();
  }

  #refresh(watch: Watch): void {
    watch.heardAt = this.#parts.clock.now();
    if (watch.timer === null) this.#schedule(watch);
  }

  /** Null: the user has not asked for protection of this product. */
  #windowMs({ uid, product }: Watch): number | null {
    const seconds = this.#parts.exchange.settings(uid).dcp[product];
    return seconds === null ? null : seconds * 1000;
  }

  #schedule(watch: Watch): void {
    const windowMs = this.#windowMs(watch);
    if (windowMs === null) return;
    const { clock } = this.#parts;
    const delay = Math.max(0, watch.heardAt + windowMs - clock.now());
    watch.timer = clock.after(delay, () => this.#look(watch));
  }

  #look(watch: Watch): void {
    watch.timer = null;
    const windowMs = this.#windowMs(watch);
    const { exchange, clock, log } = this.#parts;
    if (windowMs !== null && clock.now() - watch.heardAt < windowMs) return this.#schedule(watch);
    if (watch.members.size === 0) this.#end(watch);
    if (windowMs === null) return;
    const { uid, product } = watch;
    log.info('paper.dcp', { uid, product });
    exchange.cancelUnguarded(uid, product).catch((error: unknown) => {
      // The journal failed: the exchange takes no more and says so to everybody by itself.
      log.warn('paper.dcp_failed', { uid, product, error: String(error) });
    });
  }

  #end(watch: Watch): void {
    watch.timer?.cancel();
    watch.timer = null;
    this.#watches.delete(`${watch.uid} ${watch.product}`);
  }
}
