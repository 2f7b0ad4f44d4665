import type { Bybit, LinkHealth, PrivateStream, TradeSocket } from '@okd/bybit';
import type { Category, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type {
  OrderRef, Outcome, QueryAnswer, SubmitRequest, Unavailable, VenueBalance, VenueEvent, VenueExecution, VenueHealth, VenueList, VenueOrder, VenuePosition,
} from '../../ports/venue.ts'; // biome-ignore format: a list
import type { AccountVenue, KeyReport, LinkCheck, LinkView } from '../../ports/venue-access.ts';
import { AccountFacts } from './account-facts.ts';
import { linkViews, testLinks } from './links.ts';
import type { Listings } from './listings.ts';
import { AccountLists } from './lists.ts';
import { OrderEntry } from './order-entry.ts';
import { pushHandlers } from './pushes.ts';
import { Quarantine } from './quarantine.ts';
import { queryOrder } from './query.ts';
import { BYBIT, TRADED } from './words.ts';

export type AccountVenueOptions = Readonly<{
  bybit: Bybit;
  listings: Listings;
  clock: Clock;
  /** Of the connections for market data, which all accounts share. */
  marketHealth: () => readonly LinkHealth[];
  log: Log;
  report: KeyReport;
  /** False where the environment has no order entry over a socket. */
  hasTradeSocket: boolean;
  /** Orders leave over the trade socket while it is logged in, else over REST. */
  orderEntry: 'rest' | 'socket';
}>;

/** One account on Bybit, behind the venue port. */
export class BybitAccountVenue implements AccountVenue {
  readonly id = BYBIT;
  readonly sharesJournal = false;
  readonly uid: string;
  readonly #options: AccountVenueOptions;
  readonly #bybit: Bybit;
  readonly #listings: Listings;
  readonly #facts: AccountFacts;
  readonly #quarantine: Quarantine;
  readonly #lists: AccountLists;
  readonly #stream: PrivateStream;
  readonly #trade: TradeSocket | null;
  readonly #entry: OrderEntry;
  #listener: (event: VenueEvent) => void = () => {};
  #subscribed = false;
  #lastMessageAt: UnixMs | null = null;

  constructor(options: AccountVenueOptions) {
    this.#options = options;
    this.#bybit = options.bybit;
    this.#listings = options.listings;
    this.uid = options.report.uid;
    this.#facts = new AccountFacts(options.bybit);
    this.#quarantine = new Quarantine((event) => this.#listener(event), options.log);
    this.#lists = new AccountLists({ ...options, quarantine: this.#quarantine, canTrade: options.report.canTrade });
    this.#stream = this.#openStream();
    this.#trade = options.hasTradeSocket ? this.#bybit.tradeSocket() : null;
    const socket = options.orderEntry === 'socket' ? this.#trade : null;
    this.#entry = new OrderEntry({ bybit: this.#bybit, listings: this.#listings, socket });
    void this.#bybit.serverClock.sync();
  }

  #openStream(): PrivateStream {
    const { listings } = this.#options;
    return this.#bybit.privateStream({
      ...pushHandlers({
        listings,
        facts: this.#facts,
        quarantine: this.#quarantine,
        tell: (event) => this.#listener(event),
        heard: (at) => {
          this.#lastMessageAt = at as UnixMs;
        },
      }),
      subscribed: () => this.#link('up'),
      down: () => this.#link('down'),
    });
  }

  #link(state: 'up' | 'down'): void {
    this.#subscribed = state === 'up';
    if (state === 'up') void this.#facts.refresh();
    this.#listener({ type: 'link', state, at: this.#options.clock.now() });
  }

  onEvent(listener: (event: VenueEvent) => void): void {
    this.#listener = listener;
  }

  submit(request: SubmitRequest): Promise<Outcome> {
    return this.#entry.submit(request);
  }

  amend(ref: OrderRef, change: Readonly<{ price: Money; qty: Money }>): Promise<Outcome> {
    return this.#entry.amend(ref, change);
  }

  cancel(ref: OrderRef): Promise<Outcome> {
    return this.#entry.cancel(ref);
  }

  query(ref: OrderRef): Promise<QueryAnswer> {
    return queryOrder(this.#bybit, this.#listings, ref, this.#options.clock.now());
  }

  openOrders(): Promise<Result<VenueList<VenueOrder>, Unavailable>> {
    return this.#lists.openOrders();
  }

  executionsSince(since: UnixMs): Promise<Result<VenueList<VenueExecution>, Unavailable>> {
    return this.#lists.executionsSince(since);
  }

  balances(): Promise<Result<readonly VenueBalance[], Unavailable>> {
    return this.#facts.readBalances(this.#quarantine);
  }

  positions(): Promise<Result<readonly VenuePosition[], Unavailable>> {
    return this.#facts.readPositions(this.#options.report.canTrade);
  }

  fees(instrument: InstrumentId): Readonly<{ maker: Money; taker: Money }> | null {
    return this.#facts.fees(instrument);
  }

  leverage(instrument: InstrumentId): Money | null {
    return this.#facts.leverage(instrument);
  }

  health(): VenueHealth {
    const streaming = this.#subscribed;
    const reason = this.#entry.blocked ?? (streaming ? null : 'The private stream is not connected.');
    return { ready: reason === null, streaming, reason, lastMessageAt: this.#lastMessageAt };
  }

  permits(category: Category): boolean {
    const traded = TRADED.find((one) => one === category);
    return traded !== undefined && this.#options.report.canTrade.includes(category) && !this.#entry.isBarred(traded);
  }

  links(): readonly LinkView[] {
    const { clock, marketHealth } = this.#options;
    return linkViews({ stream: this.#stream, trade: this.#trade, market: marketHealth(), bybit: this.#bybit, clock });
  }

  clockSkewMs(): number | null {
    return this.#bybit.serverClock.skewMs();
  }

  test(): Promise<readonly LinkCheck[]> {
    return testLinks({ bybit: this.#bybit, clock: this.#options.clock, hasTradeSocket: this.#options.hasTradeSocket });
  }

  close(): Promise<void> {
    return this.#bybit.close();
  }
}
