import { InternalBook } from '../../adapters/internal/internal-book.ts';
import { InternalFeed } from '../../adapters/internal/internal-feed.ts';
import { PlatformLogic } from '../../clearing/platform.ts';
import type { OrderListFilter } from '../../contract/orders.ts';
import type { Order } from '../../contract/orders.ts';
import {
  type AccountId,
  INTERNAL_VENUE,
  type InstrumentId,
  type Side,
  splitInstrumentId,
  type VenueId,
} from '../../domain/ids.ts';
import { type ApiError, refusal } from '../../contract/errors.ts';
import { err, invariant, type Result } from '../../domain/result.ts';
import { Loop } from '../../kernel/loop.ts';
import { Partition } from '../../kernel/partition.ts';
import type { OrderContext } from '../../oms/context.ts';
import {
  RegistryLogic,
  type RegisteredAccount,
  type RegistryEvent,
  type RegistryMessage,
  type RegistryOutput,
} from '../../oms/registry.ts';
import { copyOf } from '../../oms/registry-terms.ts';
import type { FeeTransfer } from '../../oms/state.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Journal, JournalClosed } from '../../ports/journal.ts';
import type { VenueInstrument } from '../../ports/venue-access.ts';
import { buildContext } from './contexts.ts';
import { Desk, type DeskWorld } from './desk.ts';
import { externalOrderViews } from './external-orders.ts';
import { Instruments } from './instruments.ts';
import { type OwnedClock, ownedClock } from './owned-clock.ts';
import type { GatewayParts, GatewayWorld } from './parts.ts';
import { Pushes } from './pushes.ts';

/** Instruments are read again this often; terms change without notice. */
const REFRESH_INSTRUMENTS_MS = 600_000;
const RETRY_INSTRUMENTS_MS = 1_000;
/** Longest that start-up waits for the other venue before it goes on without it. */
const RECOVER_WITHIN_MS = 10_000;

/** The core of one running instance, put together. Everything that it needs from outside was handed in. */
export class Gateway implements GatewayParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly external: VenueId;
  readonly world: GatewayWorld;
  readonly loop: Loop;
  readonly registry = new RegistryLogic();
  readonly platform = new PlatformLogic();
  readonly instruments: Instruments;
  readonly books = new Map<InstrumentId, InternalBook>();
  readonly internalFeed: InternalFeed;
  readonly pushes: Pushes;
  readonly desks = new Map<AccountId, Desk>();
  readonly #byNumber = new Map<number, Desk>();
  readonly #registryPartition: Partition<RegistryMessage, RegistryEvent, RegistryOutput>;
  readonly #platformPartition: Partition<
    Parameters<PlatformLogic['decide']>[0],
    Parameters<PlatformLogic['apply']>[0],
    ReturnType<PlatformLogic['decide']>[number]
  >;
  readonly #registryWaiting = new Map<number, Readonly<{ resolve(): void; reject(error: Error): void }>>();
  /** Answers that wait for the journal. */
  readonly #answers = new Set<() => void>();
  readonly #owned: OwnedClock;
  #registryReplies = 0;
  #state: 'recovering' | 'ready' | 'journal_failed' | 'stopping' = 'recovering';
  #instrumentsKnown = false;

  constructor(given: GatewayWorld) {
    this.#owned = ownedClock(given.clock);
    const world = { ...given, clock: this.#owned };
    this.world = world;
    this.journal = world.journal;
    this.clock = world.clock;
    this.external = world.access.id;
    this.loop = new Loop((error) => world.onCrash(error));
    this.instruments = new Instruments(world.log);
    this.internalFeed = new InternalFeed(this.books, world.clock);
    this.pushes = new Pushes(this);
    this.#registryPartition = new Partition(this.registry, world.journal, (outputs) => this.#registryReleased(outputs));
    this.#platformPartition = new Partition(this.platform, world.journal, (outputs) => {
      for (const { from, n } of outputs) this.#byNumber.get(from)?.state.feesArrived(n);
    });
    world.journal.onFailure((error) => this.#journalFailed(error));
  }

  /** Replays the journal, then asks the venues about everything without an answer. Resolves when orders may come. */
  async start(): Promise<void> {
    this.#registryPartition.recover();
    this.#platformPartition.recover();
    for (const record of this.registry.listed.values()) this.instruments.listInternally(record);
    for (const { id } of this.instruments.internal()) this.#openBook(id);
    for (const account of this.registry.accounts.values()) this.#openDesk(account);
    await this.#learnInstruments();
    for (const connection of this.registry.connections()) this.#openConnection(connection.account);
    for (const desk of this.desks.values()) {
      desk.state.feesArrived(this.platform.bookedFrom(desk.account.number));
      desk.effects.post({ type: 'recovered', at: this.clock.now() });
    }
    await this.connectionsAnswer();
    if (this.#state === 'recovering') this.#state = 'ready';
  }

  /** Waits until every open connection has been compared once; a venue that does not answer holds nobody up for long. */
  async connectionsAnswer(): Promise<void> {
    const comparing = [...this.desks.values()].map((desk) => desk.firstComparison());
    const timeout = new Promise<void>((resolve) => {
      this.clock.after(RECOVER_WITHIN_MS, resolve);
    });
    await Promise.race([Promise.all(comparing), timeout]);
  }

  #openBook(id: InstrumentId): void {
    const instrument = this.instruments.get(id);
    if (instrument === null || this.books.has(id)) return;
    const book = new InternalBook(instrument, this.journal);
    book.recover();
    book.listen({
      report: (number, event) => this.#byNumber.get(number)?.internal.deliver(event),
      traded: (trade) => this.internalFeed.publish({ type: 'trade', trade }),
      changed: () => this.internalFeed.publish({ type: 'book', instrument: id, venue: INTERNAL_VENUE }),
    });
    this.books.set(id, book);
  }

  #openDesk(account: RegisteredAccount): Desk {
    const desk = new Desk(account, this.#deskWorld());
    desk.partition.recover();
    this.desks.set(account.id, desk);
    this.#byNumber.set(account.number, desk);
    return desk;
  }

  #deskWorld(): DeskWorld {
    const { journal, clock, log, instance } = this.world;
    return {
      loop: this.loop,
      journal,
      clock,
      log,
      instance,
      books: this.books,
      instrument: (id) => this.instruments.get(id),
      context: (desk, id, side) => this.context(desk, id, side),
      halted: () => this.haltedReason(),
      sendFee: (desk, transfer) => this.#sendFee(desk, transfer),
      changed: (desk, change) => this.pushes.changed(desk, change),
      venueChanged: (desk, what) => this.pushes.venueChanged(desk, what),
      alarm: (code, detail) => log.error('alarm', { code, detail }),
    };
  }

  #sendFee(desk: Desk, { n, asset, amount }: FeeTransfer): void {
    const at = this.clock.now();
    this.loop.post(() =>
      this.#platformPartition.handle({ type: 'fee', at, from: desk.account.number, n, asset, amount }),
    );
  }

  async #learnInstruments(): Promise<void> {
    const answer = await this.world.access.instruments();
    if (this.#state === 'stopping') return;
    if (answer.ok) {
      this.#instrumentsKnown = true;
      this.instruments.refresh(answer.value);
      this.#listMissing(answer.value);
      for (const instrument of this.instruments.all())
        if (this.#isWatched(instrument.id)) this.world.access.feed.watch(instrument.id);
    } else {
      this.world.log.warn('instruments_unavailable', { reason: answer.error.reason });
    }
    const again = answer.ok ? REFRESH_INSTRUMENTS_MS : RETRY_INSTRUMENTS_MS;
    this.clock.after(again, () => void this.#learnInstruments());
  }

  #isWatched(id: InstrumentId): boolean {
    const { category, symbol } = splitInstrumentId(id);
    return this.books.has(id) || (category === 'linear' && this.world.internalSymbols.includes(symbol));
  }

  /** First sight of an instrument that the internal venue is to list: its terms become ours. */
  #listMissing(rows: readonly VenueInstrument[]): void {
    for (const row of rows) {
      if (row.category !== 'spot' || !this.world.internalSymbols.includes(row.symbol)) continue;
      if (this.registry.listed.has(`${row.category}:${row.symbol}`)) continue;
      const terms = copyOf(row, INTERNAL_VENUE);
      this.record({ type: 'instrument_listed', at: this.clock.now(), terms }).catch((error: unknown) => {
        this.world.log.error('listing_not_stored', { symbol: row.symbol, error: `${error}` });
      });
      this.instruments.listInternally(terms);
    }
    for (const { id } of this.instruments.internal()) this.#openBook(id);
  }

  /** Stores a fact about the instance. Takes effect at once; resolves when it is durable. */
  record(event: RegistryEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#registryReplies += 1;
      const replyTo = this.#registryReplies;
      this.#registryWaiting.set(replyTo, { resolve, reject });
      this.loop.post(() => {
        try {
          this.#registryPartition.handle({ event, replyTo });
        } catch (error) {
          this.#registryWaiting.delete(replyTo);
          reject(error);
        }
      });
    });
  }

  #registryReleased(outputs: readonly RegistryOutput[]): void {
    for (const { to } of outputs) {
      this.journal.whenDurable(() => {
        this.#registryWaiting.get(to)?.resolve();
        this.#registryWaiting.delete(to);
      });
    }
  }

  /** Registers an account and opens its desk; resolves when durable. */
  async openAccount(id: AccountId, label: string, synthetic: boolean): Promise<Desk> {
    const at = this.clock.now();
    const number = this.registry.nextNumber();
    const durable = this.record({ type: 'account_registered', at, account: id, number, label, synthetic });
    const account = this.registry.accounts.get(id);
    invariant(account !== undefined, 'a registered account is there at once');
    const desk = this.#openDesk(account);
    desk.effects.post({ type: 'open', at, account: id, number, synthetic });
    await durable;
    return desk;
  }

  /** Opens the stored connection of an account. A secret that cannot be opened leaves it closed, and says so. */
  #openConnection(account: AccountId): void {
    const connection = this.registry.connection(account, this.external);
    const desk = this.desks.get(account);
    if (connection === null || desk === undefined) return;
    const secret = this.world.box.open(connection.sealed, account);
    if (secret === null) return this.world.log.error('connection_not_readable', { account, key: connection.keyId });
    desk.connect(this.world.access.open(secret, connection.report), connection.connectedAt);
  }

  async reopenConnection(account: AccountId): Promise<void> {
    const desk = this.desks.get(account);
    if (desk === undefined) return;
    // Two who ask at once: the one that waited longer closes what the other has opened meanwhile.
    do await desk.disconnect();
    while (desk.connection !== null);
    this.#openConnection(account);
  }

  desk(account: AccountId): Desk | null {
    return this.desks.get(account) ?? null;
  }

  context(desk: Desk, instrument: InstrumentId, side: Side): OrderContext | null {
    return buildContext(this, desk, instrument, side);
  }

  externalOrders(desk: Desk, filter: OrderListFilter): Promise<readonly Order[]> {
    return externalOrderViews(desk, filter);
  }

  haltedReason(): string | null {
    if (this.#state === 'journal_failed') return 'the journal is unavailable';
    return this.registry.halt?.active === true ? 'the global kill switch is on' : null;
  }

  /** Why orders are not taken now; null when they are. */
  notReady(): string | null {
    switch (this.#state) {
      case 'ready':
        return null;
      case 'recovering':
        return 'The gateway is recovering its state.';
      case 'journal_failed':
        return 'The journal cannot be written.';
      case 'stopping':
        return 'The gateway is stopping.';
    }
  }

  get journalFailed(): boolean {
    return this.#state === 'journal_failed';
  }

  get instrumentsKnown(): boolean {
    return this.#instrumentsKnown;
  }

  /**
   * Waits until everything that an answer was read from is durable: nobody sees what a crash could take back. When the
   * journal fails meanwhile, the answer is that.
   */
  durable<T>(answer: Result<T, ApiError>): Promise<Result<T, ApiError>> {
    const unavailable = err(refusal('JOURNAL_UNAVAILABLE'));
    if (this.journalFailed) return Promise.resolve(unavailable);
    return new Promise((resolve) => {
      const failed = (): void => resolve(unavailable);
      this.#answers.add(failed);
      this.journal.whenDurable(() => {
        this.#answers.delete(failed);
        resolve(answer);
      });
    });
  }

  #journalFailed(error: Error): void {
    if (this.#state === 'stopping') return;
    this.#state = 'journal_failed';
    this.world.log.error('journal_failed', { error: `${error}` });
    for (const answer of this.#answers) answer();
    for (const { reject } of this.#registryWaiting.values()) reject(new JournalClosed('the journal failed'));
    this.#registryWaiting.clear();
    for (const desk of this.desks.values()) {
      desk.effects.journalFailed();
      if (this.world.onJournalFailure === 'cancel_all') desk.effects.cancelFromMemory();
    }
  }

  async stop(): Promise<void> {
    this.#state = 'stopping';
    for (const desk of this.desks.values()) await desk.stop();
    await this.world.access.close();
    this.#owned.cancelAll();
  }
}
