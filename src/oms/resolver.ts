import { ZERO } from '../domain/decimal.ts';
import type { ClientOrderId, Money } from '../domain/ids.ts';
import type { QueryAnswer, Venue } from '../ports/venue.ts';
import type { AccountMessage, Proof } from './messages.ts';
import type { Child } from './child.ts';
import type { AccountState } from './state.ts';
import { inDoubt } from './venue-facts.ts';
import { type EffectWorld, refOf } from './world.ts';

/**
 * When "the venue does not know it" is proof: the order is older than the venue would still accept the request
 * (Bybit: recv window, 5 s) plus what its read side may lag (seconds, freqtrade#9857), the stream of events has been
 * whole since, and every source has said so this many times.
 */
const ABSENCE_AGE_MS = 15_000;
const ABSENCE_POLLS = 3;
/** Fills that an order event announced usually come with the next message. */
const OWED_DELAY_MS = 300;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;
/** Venues forget orders that ended unfilled after this long (Bybit: 24 h). */
const REMEMBERED_MS = 24 * 3_600_000;
/** Unknown for longer than this needs a person, and is asked for less often. */
const QUARANTINE_AFTER_MS = 60_000;

type Case = { attempts: number; absences: number; readonly since: number; wholeSince: number | null; owed: Money };

/** Asks venues about children in doubt, again and again with growing pauses, until the doubt is over. */
export class Resolver {
  readonly #state: AccountState;
  readonly #world: EffectWorld;
  readonly #post: (message: AccountMessage) => void;
  readonly #cases = new Map<ClientOrderId, Case>();
  #stopped = false;

  constructor(state: AccountState, world: EffectWorld, post: (message: AccountMessage) => void) {
    this.#state = state;
    this.#world = world;
    this.#post = post;
  }

  stop(): void {
    this.#stopped = true;
  }

  linkDown(): void {
    for (const one of this.#cases.values()) {
      one.wholeSince = null;
      one.absences = 0;
    }
  }

  /** `owed`: executed quantity that the venue has spoken of; asked for until that much is booked. */
  resolve(id: ClientOrderId, why: 'in_doubt' | 'fills_owed', owed: Money = ZERO): void {
    const known = this.#cases.get(id);
    if (known !== undefined) {
      if (owed > known.owed) known.owed = owed;
      return;
    }
    const since = this.#world.clock.monotonic();
    this.#cases.set(id, { attempts: 0, absences: 0, since, wholeSince: null, owed });
    this.#later(id, why === 'fills_owed' ? OWED_DELAY_MS : FIRST_DELAY_MS);
  }

  #later(id: ClientOrderId, delayMs: number): void {
    this.#world.clock.after(delayMs, () => {
      if (this.#stopped) return;
      this.#ask(id);
    });
  }

  #ask(id: ClientOrderId): void {
    const one = this.#cases.get(id);
    if (one === undefined) return;
    const child = this.#state.children.get(id);
    if (child === undefined || !this.#stillOpen(child, one)) {
      this.#cases.delete(id);
      return;
    }
    this.#noticeAge(child, one);
    const venue = this.#world.venue(child.order.venue);
    if (venue === null) return this.#again(id, one);
    const answered = (answer: QueryAnswer): void => this.#answered(id, one, venue, answer);
    venue.query(refOf(child)).then(answered, (error: unknown) => {
      this.#world.log.error('venue_query_threw', { child: id, error: `${error}` });
      this.#again(id, one);
    });
  }

  #stillOpen(child: Child, one: Case): boolean {
    return inDoubt(child) || child.order.cumQty < one.owed;
  }

  #answered(id: ClientOrderId, one: Case, venue: Venue, answer: QueryAnswer): void {
    if (this.#stopped) return;
    const now = this.#world.clock.now();
    const child = this.#state.children.get(id);
    if (child === undefined) {
      this.#cases.delete(id);
      return;
    }
    one.absences = answer.type === 'absent' ? one.absences + 1 : 0;
    const proof = answer.type === 'absent' ? this.#proofOf(venue, child, one, now) : 'none';
    this.#post({ type: 'query_answer', at: now, child: id, answer, proof });
    this.#again(id, one);
  }

  #proofOf(venue: Venue, child: Child, one: Case, now: number): Proof {
    if (venue.sharesJournal) return 'absent';
    const monotonic = this.#world.clock.monotonic();
    if (!venue.health().streaming) one.wholeSince = null;
    else one.wholeSince ??= monotonic;
    const age = now - child.order.createdAt;
    const whole = one.wholeSince !== null && monotonic - one.wholeSince >= ABSENCE_AGE_MS;
    if (age < ABSENCE_AGE_MS || !whole || one.absences < ABSENCE_POLLS) return 'none';
    return age > REMEMBERED_MS ? 'forgotten' : 'absent';
  }

  #again(id: ClientOrderId, one: Case): void {
    one.attempts += 1;
    // An old case is asked about more rarely, but once the venue answers again it is settled within a minute.
    const old = this.#world.clock.monotonic() - one.since > QUARANTINE_AFTER_MS && one.absences === 0;
    const longest = old ? LONGEST_DELAY_MS * 3 : LONGEST_DELAY_MS;
    this.#later(id, Math.min(FIRST_DELAY_MS * 2 ** Math.min(one.attempts, 10), longest));
  }

  #noticeAge({ order }: Child, one: Case): void {
    if (this.#world.clock.monotonic() - one.since < QUARANTINE_AFTER_MS) return;
    if (order.certainty !== 'unknown') return;
    this.#post({ type: 'overdue', at: this.#world.clock.now(), child: order.clientOrderId, quarantine: true });
  }
}
