import type { AssetId, InstrumentId, Side, UnixMs } from '../../domain/ids.ts';
import { INTERNAL_VENUE, type VenueId } from '../../domain/ids.ts';
import { InternalVenue } from '../../adapters/internal/internal-venue.ts';
import { AccountLogic } from '../../oms/account.ts';
import { AccountEffects, type AccountPartition } from '../../oms/effects.ts';
import { Reconciler } from '../../oms/reconciler.ts';
import type { RegisteredAccount } from '../../oms/registry.ts';
import type { AccountState } from '../../oms/state.ts';
import type { EffectWorld } from '../../oms/world.ts';
import { Partition } from '../../kernel/partition.ts';
import type { PartitionId } from '../../domain/ids.ts';
import type { Venue, VenueBalance, VenueEvent, VenuePosition } from '../../ports/venue.ts';
import type { AccountVenue } from '../../ports/venue-access.ts';

/** What the world gives a desk, without the parts that the desk itself brings. */
export type DeskWorld = Omit<EffectWorld, 'venue' | 'changed' | 'sendFee' | 'context'> &
  Readonly<{
    instance: string;
    books: ConstructorParameters<typeof InternalVenue>[0];
    context(desk: Desk, instrument: InstrumentId, side: Side): ReturnType<EffectWorld['context']>;
    changed(desk: Desk, change: Parameters<EffectWorld['changed']>[0]): () => void;
    sendFee(desk: Desk, transfer: Parameters<EffectWorld['sendFee']>[0]): void;
    /** Balances or positions at the other venue changed. */
    venueChanged(desk: Desk, what: 'balances' | 'positions'): void;
  }>;

/** An account's open connection to a venue outside. */
export type OpenConnection = Readonly<{ venue: AccountVenue; reconciler: Reconciler }>;

/** One account with everything that works for it: its partition, its effects, its venues, and what venues last said. */
export class Desk {
  readonly account: RegisteredAccount;
  readonly effects: AccountEffects;
  readonly internal: InternalVenue;
  readonly partition: AccountPartition;
  readonly balances = new Map<AssetId, VenueBalance>();
  readonly positions = new Map<InstrumentId, VenuePosition>();
  readonly #logic: AccountLogic;
  readonly #world: DeskWorld;
  readonly #effectWorld: EffectWorld;
  connection: OpenConnection | null = null;

  constructor(account: RegisteredAccount, world: DeskWorld) {
    this.account = account;
    this.#world = world;
    this.#logic = new AccountLogic(`account:${account.id}` as PartitionId, world.instance);
    this.#effectWorld = {
      ...world,
      venue: (id) => this.venue(id),
      context: (instrument, side) => world.context(this, instrument, side),
      changed: (change) => world.changed(this, change),
      sendFee: (transfer) => world.sendFee(this, transfer),
    };
    this.effects = new AccountEffects(this.#effectWorld, this.#logic.state);
    this.partition = new Partition(this.#logic, world.journal, (outputs) => this.effects.release(outputs));
    this.effects.bind(this.partition);
    this.internal = new InternalVenue(world.books, account.number, this.#logic.state.balances, world.clock);
    this.internal.onEvent((event) => this.#deliver(INTERNAL_VENUE, event));
  }

  get state(): AccountState {
    return this.#logic.state;
  }

  venue(id: VenueId): Venue | null {
    if (id === INTERNAL_VENUE) return this.internal;
    return this.connection?.venue.id === id ? this.connection.venue : null;
  }

  #deliver(venue: VenueId, event: VenueEvent): void {
    this.effects.post({ type: 'venue_event', at: this.#world.clock.now(), venue, event });
  }

  /** Takes over an open connection; its events are facts from now on. */
  connect(venue: AccountVenue, connectedAt: UnixMs): void {
    const reconciler = new Reconciler(this.state, this.#effectWorld, venue, connectedAt, (message) =>
      this.effects.post(message),
    );
    this.connection = { venue, reconciler };
    venue.onEvent((event) => this.#take(venue, event, reconciler));
  }

  #take(venue: AccountVenue, event: VenueEvent, reconciler: Reconciler): void {
    if (this.connection?.venue !== venue) return;
    if (event.type === 'balance') this.#noteBalances(event.balances);
    if (event.type === 'position') this.#notePositions(event.positions);
    if (event.type === 'link' && event.state === 'down') this.effects.linkDown();
    if (event.type === 'link' && event.state === 'up') void this.refresh();
    reconciler.take(event);
  }

  /** Reads balances and positions anew. Resolves false when the venue could not be read. */
  async refresh(): Promise<boolean> {
    const venue = this.connection?.venue;
    if (venue === undefined) return false;
    const balances = await venue.balances();
    const positions = await venue.positions();
    if (this.connection?.venue !== venue) return false;
    if (balances.ok) this.#noteBalances(balances.value, true);
    if (positions.ok) this.#notePositions(positions.value, true);
    return balances.ok && positions.ok;
  }

  #noteBalances(rows: readonly VenueBalance[], complete = false): void {
    const listed = new Set(rows.map(({ asset }) => asset));
    if (complete) for (const asset of this.balances.keys()) if (!listed.has(asset)) this.balances.delete(asset);
    for (const row of rows) if (isNewer(this.balances.get(row.asset)?.at, row.at)) this.balances.set(row.asset, row);
    this.#world.venueChanged(this, 'balances');
  }

  #notePositions(rows: readonly VenuePosition[], complete = false): void {
    const listed = new Set(rows.map(({ instrument }) => instrument));
    if (complete) for (const id of this.positions.keys()) if (!listed.has(id)) this.positions.delete(id);
    for (const row of rows) {
      if (!isNewer(this.positions.get(row.instrument)?.at, row.at)) continue;
      if (row.size === 0n) this.positions.delete(row.instrument);
      else this.positions.set(row.instrument, row);
    }
    this.#world.venueChanged(this, 'positions');
  }

  /** Resolves when the connection, where there is one, has been compared once; at once without one. */
  async firstComparison(): Promise<void> {
    const connection = this.connection;
    while (connection !== null && this.connection === connection && connection.reconciler.last === null) {
      await connection.reconciler.settled();
    }
  }

  async disconnect(): Promise<void> {
    const connection = this.connection;
    this.connection = null;
    this.balances.clear();
    this.positions.clear();
    connection?.reconciler.stop();
    await connection?.venue.close();
  }

  async stop(): Promise<void> {
    this.effects.stop();
    await this.disconnect();
  }
}

/** An older picture never replaces a newer one: pushes and reads overtake each other. */
const isNewer = (known: UnixMs | undefined, at: UnixMs): boolean => known === undefined || at >= known;
