import type { ClientOrderId, ExecId, UnixMs } from '../domain/ids.ts';
import type { Execution } from '../domain/order.ts';
import type { Timer } from '../ports/clock.ts';
import type { Venue, VenueEvent } from '../ports/venue.ts';
import type { AccountMessage } from './messages.ts';
import type { AccountState } from './state.ts';
import type { EffectWorld } from './world.ts';

/** A healthy link proves nothing: facts are compared on a timer too, not only after a reconnect. */
const EVERY_MS = 30_000;
const RETRY_MS = 2_000;
/** Executions are read again from this long before the last complete reading: rows appear late (Bybit 6.9). */
const OVERLAP_MS = 60_000;
/** Executions before a row that could not be read are read again for so long; then its telling is all there is of it. */
const HELD_BACK_MS = 3_600_000;
/** Venues keep executions for longer than this (Bybit: two years). */
const REMEMBERED_MS = 6 * 86_400_000;
/** A younger order may not be listed yet. */
const YOUNG_MS = 10_000;
/** An open order that the venue did not list this often in a row is asked about by its id. */
const MISSES = 2;

export type ReconcileReport = Readonly<{
  at: UnixMs;
  orders: number;
  executions: number;
  missed: number;
  missing: number;
}>;

/** Keeps one account in step with one venue that is not ours: every missed fill is found, every lost order noticed. */
export class Reconciler {
  readonly #state: AccountState;
  readonly #world: EffectWorld;
  readonly #venue: Venue;
  readonly #connectedAt: UnixMs;
  readonly #post: (message: AccountMessage) => void;
  readonly #misses = new Map<ClientOrderId, number>();
  #readUntil: UnixMs | null = null;
  #timer: Timer | null = null;
  #running: Promise<ReconcileReport | null> | null = null;
  /** The venue no longer has an execution that it once told us of: it is not the venue that it was. */
  wasReset = false;
  readonly #waiting: (() => void)[] = [];
  #stopped = false;
  #again = false;
  last: ReconcileReport | null = null;

  /** `connectedAt`: executions from before it belong to whatever was connected then. */
  constructor(
    state: AccountState,
    world: EffectWorld,
    venue: Venue,
    connectedAt: UnixMs,
    post: (message: AccountMessage) => void,
  ) {
    this.#connectedAt = connectedAt;
    this.#state = state;
    this.#world = world;
    this.#venue = venue;
    this.#post = post;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Called for each event of the venue: facts go to the account, an interruption starts a comparison. */
  take(event: VenueEvent): void {
    const at = this.#world.clock.now();
    if (event.type === 'link') {
      if (event.state === 'up') this.#compareAnew();
      return;
    }
    if (event.type !== 'balance' && event.type !== 'position')
      this.#post({ type: 'venue_event', at, venue: this.#venue.id, event });
  }

  /** Resolves at the end of the next comparison, whatever came of it; also when it is stopped. */
  settled(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** After an interruption a comparison that began before it is worth nothing: another one follows it. */
  #compareAnew(): void {
    if (this.#running !== null) this.#again = true;
    void this.runNow();
  }

  /** One comparison; a second call while one runs waits for the same. Null when the venue could not be read. */
  runNow(): Promise<ReconcileReport | null> {
    this.#timer?.cancel();
    this.#running ??= this.#compare().then(
      (report) => this.#finished(report),
      (error: unknown) => {
        this.#world.log.error('reconcile_threw', { venue: this.#venue.id, error: `${error}` });
        return this.#finished(null);
      },
    );
    return this.#running;
  }

  #finished(report: ReconcileReport | null): ReconcileReport | null {
    this.#running = null;
    if (this.#again && !this.#stopped) {
      this.#again = false;
      void this.runNow();
      return report;
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
    if (report !== null) this.last = report;
    if (!this.#stopped)
      this.#timer = this.#world.clock.after(report === null ? RETRY_MS : EVERY_MS, () => void this.runNow());
    return report;
  }

  async #compare(): Promise<ReconcileReport | null> {
    const at = this.#world.clock.now();
    const known = this.#readUntil === null ? this.#newestExecution(at) : null;
    const since = this.#since(at, known);
    const executions = await this.#venue.executionsSince(since);
    const open = await this.#venue.openOrders();
    if (!executions.ok || !open.ok || this.#stopped) return null;
    const { rows, complete } = executions.value;
    if (known !== null && complete && !rows.some(({ execId }) => execId === known.execId)) this.#noticeReset(known);
    let missed = 0;
    for (const execution of rows) {
      if (this.#isNews(execution.clientOrderId, execution.execId)) missed += 1;
      this.#post({ type: 'venue_event', at, venue: this.#venue.id, event: { type: 'execution', execution } });
    }
    for (const order of open.value.rows)
      this.#post({ type: 'venue_event', at, venue: this.#venue.id, event: { type: 'order', order } });
    const missing = this.#noticeMissing(new Set(open.value.rows.map(({ clientOrderId }) => clientOrderId)), at);
    this.#readUntil = complete ? at : (Math.max(since + OVERLAP_MS, at - HELD_BACK_MS) as UnixMs);
    return { at, orders: open.value.rows.length, executions: rows.length, missed, missing };
  }

  /**
   * From where executions are read. The first time after a start: from the oldest order that may have been filled while
   * nobody listened, and from the last thing that was heard. Later: from the last complete reading.
   */
  #since(now: UnixMs, known: Execution | null): UnixMs {
    if (this.#readUntil !== null) return (this.#readUntil - OVERLAP_MS) as UnixMs;
    let from: number = known === null ? now : Math.min(now, known.at);
    for (const id of this.#state.openChildren) from = Math.min(from, this.#state.child(id).order.createdAt);
    return (from - OVERLAP_MS) as UnixMs;
  }

  /**
   * The newest execution here that this connection must show: not older than the connection or the venue's memory, and
   * not so young that its lists may lag behind it.
   */
  #newestExecution(now: UnixMs): Execution | null {
    let newest: Execution | null = null;
    for (const child of this.#state.children.values()) {
      const last = child.executions.findLast((one) => now - one.at > OVERLAP_MS);
      if (child.order.venue === this.#venue.id && last !== undefined && last.at > (newest?.at ?? 0)) newest = last;
    }
    const isShown = newest !== null && newest.at >= this.#connectedAt && now - newest.at < REMEMBERED_MS;
    return isShown ? newest : null;
  }

  #noticeReset(known: Execution): void {
    this.wasReset = true;
    const detail = `${this.#venue.id} does not know execution ${known.execId} any more: it was reset, or is another one`;
    this.#world.alarm('VENUE_RESET', detail);
  }

  #isNews(id: ClientOrderId | null, execId: ExecId): boolean {
    const child = id === null ? undefined : this.#state.children.get(id);
    return child !== undefined && !child.seen.has(execId);
  }

  #noticeMissing(listed: ReadonlySet<ClientOrderId | null>, at: UnixMs): number {
    let missing = 0;
    for (const id of this.#state.openChildren) {
      const { order } = this.#state.child(id);
      if (order.venue !== this.#venue.id || at - order.createdAt < YOUNG_MS || listed.has(id)) {
        this.#misses.delete(id);
        continue;
      }
      const times = (this.#misses.get(id) ?? 0) + 1;
      this.#misses.set(id, times);
      if (times < MISSES) continue;
      missing += 1;
      this.#misses.delete(id);
      this.#post({ type: 'overdue', at, child: id, quarantine: false });
    }
    for (const id of this.#misses.keys()) if (!this.#state.openChildren.has(id)) this.#misses.delete(id);
    return missing;
  }
}
