import type { ClientOrderId, OrderId } from '../domain/ids.ts';
import { isFinal } from '../domain/order.ts';
import { invariant } from '../domain/result.ts';
import type { Partition } from '../kernel/partition.ts';
import { JournalClosed } from '../ports/journal.ts';
import type { Outcome, SubmitRequest, Venue } from '../ports/venue.ts';
import type { AccountEvent } from './events.ts';
import type { AccountMessage, AccountOutput, Reply } from './messages.ts';
import { Resolver } from './resolver.ts';
import type { Child } from './child.ts';
import type { AccountState } from './state.ts';
import { type EffectWorld, refOf } from './world.ts';

export type AccountPartition = Partition<AccountMessage, AccountEvent, AccountOutput>;

/** An acknowledgement is followed by an event; where none comes within this time, the venue is asked. */
const PROOF_WITHIN_MS = 5_000;
/** An adapter answers within its own deadlines; one that does not is not waited for. */
const SILENT_AFTER_MS = 90_000;
/** An order that could not leave for so long (a stalled disk, a paused process) is not what the client wants any more. */
const SUBMIT_WITHIN_MS = 10_000;

type Waiting = Readonly<{ answer: (reply: Reply) => void; give: (reply: Reply) => void }>;
const UNAVAILABLE: Reply = {
  type: 'denied',
  denial: { code: 'JOURNAL_UNAVAILABLE', message: 'Nothing can be stored now, so no order is accepted.' },
};

/**
 * Carries out what an account decided. What stays inside the journal's store goes at once; what leaves the process
 * waits until the decision is durable. Answers come back as messages.
 */
export class AccountEffects {
  readonly #world: EffectWorld;
  readonly #state: AccountState;
  readonly #resolver: Resolver;
  /** Callers whose answer has not left yet. */
  readonly #waiting = new Map<number, Waiting>();
  #partition: AccountPartition | null = null;
  readonly #canceling = new Set<ClientOrderId>();
  #replies = 0;
  #stopped = false;

  constructor(world: EffectWorld, state: AccountState) {
    this.#world = world;
    this.#state = state;
    this.#resolver = new Resolver(state, world, (message) => this.post(message));
  }

  bind(partition: AccountPartition): void {
    this.#partition = partition;
  }

  /** The venue's stream of events was interrupted: what it did not tell meanwhile proves nothing. */
  linkDown(): void {
    this.#resolver.linkDown();
  }

  stop(): void {
    this.#stopped = true;
    this.#resolver.stop();
  }

  /** Puts a message into the account's inbox. */
  post(message: AccountMessage): void {
    if (this.#stopped) return;
    this.#world.loop.post(() => {
      if (this.#stopped) return;
      try {
        this.#own().handle(message);
      } catch (error) {
        if (!(error instanceof JournalClosed)) throw error;
        if ('replyTo' in message) this.#waiting.get(message.replyTo)?.give(UNAVAILABLE);
      }
    });
  }

  /**
   * A message that is answered. `view` reads the answer from the state at the end of the same turn, when everything that
   * followed at once (a match on the internal book) is applied too; it leaves when all of that is durable.
   */
  ask<T>(build: (replyTo: number) => AccountMessage, view: (reply: Reply) => T): Promise<T> {
    return new Promise((resolve) => {
      this.#replies += 1;
      const replyTo = this.#replies;
      const answer = (reply: Reply): void =>
        this.#atEndOfTurn(
          () => view(reply),
          (value) => this.#answered(replyTo, () => resolve(value)),
        );
      this.#waiting.set(replyTo, { answer, give: (reply) => this.#answered(replyTo, () => resolve(view(reply))) });
      this.post(build(replyTo));
    });
  }

  #answered(replyTo: number, answer: () => void): void {
    if (this.#waiting.delete(replyTo)) answer();
  }

  /**
   * The journal has failed: what waited for it will never be durable, and its callers are told. Cancels that were decided
   * and have not left go now.
   */
  journalFailed(): void {
    this.cancelFromMemory(({ order }) => order.inFlight === 'cancel' && !this.#canceling.has(order.clientOrderId));
    for (const waiting of [...this.#waiting.values()]) waiting.give(UNAVAILABLE);
  }

  /**
   * For when the journal is gone: asks the venues outside to cancel what may still work there, with nothing stored.
   * Returns how many were asked for.
   */
  cancelFromMemory(wanted: (child: Child) => boolean = () => true): number {
    let sent = 0;
    for (const id of this.#state.openChildren) {
      const child = this.#state.child(id);
      const venue = this.#world.venue(child.order.venue);
      if (venue === null || venue.sharesJournal || isFinal(child.order.status) || !wanted(child)) continue;
      sent += 1;
      void venue.cancel(refOf(child)).then(
        (outcome) => this.#world.log.warn('canceled_from_memory', { child: id, outcome: outcome.type }),
        (error: unknown) => this.#world.log.error('venue_request_threw', { child: id, error: `${error}` }),
      );
    }
    return sent;
  }

  #atEndOfTurn<T>(read: () => T, then: (value: T) => void): void {
    const task = (): void => {
      const value = read();
      this.#world.journal.whenDurable(() => then(value));
    };
    void Promise.resolve().then(() => this.#world.loop.post(task));
  }

  #own(): AccountPartition {
    invariant(this.#partition !== null, 'effects are bound to their partition');
    return this.#partition;
  }

  release(outputs: readonly AccountOutput[]): void {
    for (const output of outputs) this.#releaseOne(output);
  }

  #releaseOne(output: AccountOutput): void {
    const durable = (run: () => void): void => this.#world.journal.whenDurable(run);
    switch (output.type) {
      case 'reply':
        return this.#waiting.get(output.to)?.answer(output.reply);
      case 'submit': {
        const decidedAt = this.#world.clock.monotonic();
        return this.#request(output.child, 'submit', (venue) => this.#submit(venue, output.child, decidedAt));
      }
      case 'cancel':
        return this.#request(output.child, 'cancel', (venue) => this.#cancel(venue, output.child));
      case 'resolve':
        return this.#resolver.resolve(output.child, output.why, output.owed);
      case 'reroute':
        return durable(() => this.#reroute(output.order));
      case 'fee':
        return this.#world.sendFee(output.transfer);
      case 'changed':
        return this.#atEndOfTurn(
          () => this.#world.changed(output),
          (publish) => publish(),
        );
      case 'alarm':
        return durable(() => this.#world.alarm(output.code, output.detail));
    }
  }

  #request(id: ClientOrderId, request: 'submit' | 'cancel', send: (venue: Venue) => void): void {
    const venue = this.#world.venue(this.#state.child(id).order.venue);
    if (venue === null) return this.#notSent(id, request, 'VENUE_NOT_CONNECTED');
    const run = (): void => {
      if (!this.#stopped) send(venue);
    };
    if (venue.sharesJournal) run();
    else this.#world.journal.whenDurable(run);
  }

  #notSent(child: ClientOrderId, request: 'submit' | 'cancel', reason: string): void {
    this.post({ type: 'not_sent', at: this.#world.clock.now(), child, request, reason });
  }

  /** The last gate: what has been halted, canceled or waited too long since the decision stays here. */
  #submit(venue: Venue, id: ClientOrderId, decidedAt: number): void {
    const child = this.#state.child(id);
    const refusal = this.#staysHere(child, decidedAt);
    if (refusal !== null) return this.#notSent(id, 'submit', refusal);
    this.#expect(id, 'submit', venue.submit(this.#submitRequest(child)));
  }

  #staysHere(child: Child, decidedAt: number): string | null {
    const halted = this.#world.halted() ?? (this.#state.halted ? 'ACCOUNT_HALTED' : null);
    if (halted !== null) return halted;
    if (this.#state.parent(child.parent).cancelRequested) return 'CANCELED_BEFORE_SENT';
    return this.#world.clock.monotonic() - decidedAt > SUBMIT_WITHIN_MS ? 'TOO_LATE_TO_SEND' : null;
  }

  #submitRequest({ order, parent }: Child): SubmitRequest {
    const { clientOrderId, instrument, side, price, qty, timeInForce, reduceOnly } = order;
    const { selfTrade } = this.#state.parent(parent).request;
    return { clientOrderId, instrument, side, price, qty, timeInForce, reduceOnly, selfTrade };
  }

  /** One at a time: a cancel that waits for its turn at the venue is not joined by another. */
  #cancel(venue: Venue, id: ClientOrderId): void {
    if (this.#canceling.has(id)) return;
    this.#canceling.add(id);
    this.#expect(id, 'cancel', venue.cancel(refOf(this.#state.child(id))));
  }

  #expect(id: ClientOrderId, request: 'submit' | 'cancel', answer: Promise<Outcome>): void {
    const { clock, log } = this.#world;
    const silent = clock.after(SILENT_AFTER_MS, () => this.#overdue(id, request));
    void answer
      .catch((error: unknown): Outcome => {
        log.error('venue_request_threw', { child: id, request, error: `${error}` });
        return { type: 'unknown', reason: 'adapter error' };
      })
      .then((outcome) => {
        silent.cancel();
        if (request === 'cancel') this.#canceling.delete(id);
        this.post({ type: 'outcome', at: clock.now(), child: id, request, outcome });
        if (outcome.type === 'acknowledged') clock.after(PROOF_WITHIN_MS, () => this.#overdue(id, request));
      });
  }

  #overdue(id: ClientOrderId, request: 'submit' | 'cancel'): void {
    if (this.#stopped || this.#state.children.get(id)?.order.inFlight !== request) return;
    this.post({ type: 'overdue', at: this.#world.clock.now(), child: id, quarantine: false });
  }

  #reroute(order: OrderId): void {
    const { clock } = this.#world;
    const { instrument, side } = this.#state.parent(order).request;
    const context = this.#world.context(instrument, side);
    this.post({ type: 'reroute', at: clock.now(), order, context });
  }
}
