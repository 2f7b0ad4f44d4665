import type { AssetId, InstrumentId, Money, Side, Ticks, UnixMs } from '../domain/ids.ts';
import { opposite } from '../domain/ids.ts';
import { floorLots, passiveTicks } from '../domain/instrument.ts';
import { ok } from '../domain/result.ts';
import type { CloseReason, Credential } from '../ports/exchange.ts';
import type { PathPoint } from './agents/walk.ts';
import type { ExchangeClock } from './clocks.ts';
import { type AccountControl, accountControl } from './control-accounts.ts';
import { type Controlled, failed } from './control-error.ts';
import { type InstrumentControl, instrumentControl, type InstrumentParts } from './control-instruments.ts';
import { type MoneyControl, takeovers } from './control-money.ts';
import { type StateControl, stateControl } from './control-state.ts';
import type { Core } from './core.ts';
import { fillOrder } from './desk/cancel.ts';
import { settle } from './desk/settle.ts';
import { cancelByVenue } from './disturbed.ts';
import type { Credentials } from './members/credentials.ts';
import type { Fault, FaultRules, Faults } from './faults.ts';
import type { Replays, ReplayStatus } from './replay/replay.ts';
import { accountOf, freeOf, isHouse } from './state/state.ts';
import type { Market } from './tape/market.ts';
import type { GroundTruth } from './truth.ts';
import type { Views } from './views/views.ts';

/** What a test may do to the exchange besides trading on it. */
export interface Control {
  readonly accounts: AccountControl;
  readonly instruments: InstrumentControl;
  readonly saved: StateControl;
  readonly money: Pick<MoneyControl, 'adl' | 'bust'> & Partial<MoneyControl>;
  /** Moves the exchange's time on, where it is stepped by hand. */
  step(ms: number): Promise<Controlled<UnixMs>>;
  /** A synthetic order that takes what is there up to its price; null: at any price. Resolves with what it traded. */
  trade(order: { instrument: InstrumentId; side: Side; qty: Money; price: Money | null }): Promise<Controlled<Money>>;
  /** The synthetic account fills a working order at its own price, past all others. */
  fill(order: { uid: string; orderId: string; qty: Money | null }): Promise<Controlled<void>>;
  /** Moves the index, and the agents with it; for a symbol without agents until it is moved again. */
  setReference(instrument: InstrumentId, price: Money): Promise<Controlled<void>>;
  /** Lets the index of a symbol that agents quote go along a path: straight lines between points, times on its clock. */
  pricePath(instrument: InstrumentId, points: readonly PathPoint[]): Controlled<void>;
  /** Below zero takes out, of what is free. */
  deposit(uid: string, asset: AssetId, amount: Money): Promise<Controlled<void>>;
  /** A closed instrument takes no orders and amendments; what rests can be canceled. */
  setStatus(instrument: InstrumentId, status: Market['status']): Controlled<void>;
  /** A halt of one instrument, or (null) of all that trade: no orders, only cancels; and its end. */
  halt(instrument: InstrumentId | null): Controlled<void>;
  resume(instrument: InstrumentId | null): Controlled<void>;
  /** Without quotes the agents take their orders of a symbol back until they are to quote again. */
  setQuoting(instrument: InstrumentId, quoting: boolean): Controlled<void>;
  /** Changes what a key may do from now on; null deletes it. */
  setKey(apiKey: string, change: Partial<Omit<Credential, 'apiKey' | 'uid'>> | null): Controlled<void>;
  /** Adds a key, or puts it back as it was. */
  putKey(credential: Credential): void;
  inject(fault: Fault): void;
  clearFaults(): void;
  firedFaults(): ReadonlyMap<Fault['type'], number>;
  /** Rules that are asked while orders are worked on and queries are fed; null: none. */
  disturb(rules: FaultRules | null): void;
  /** Ends every working order that is wanted, for a reason of the venue's; says how many. */
  cancelOrders(isWanted: (order: OrderOf) => boolean, reason: CloseReason): Promise<number>;
  /** The order query forgets what closed recently, as when its service restarts; null: of all accounts. */
  forgetClosed(uid: string | null): void;
  /** Opening balances, empty books, no history: as after a new start, but no id comes twice. */
  reset(): Promise<void>;
  replays(): readonly Readonly<{ instrument: InstrumentId; name: string; status: ReplayStatus }>[];
  /** Plays a history up to a line of the file, without waiting for its times. */
  advanceReplay(instrument: InstrumentId, line: number): Promise<Controlled<ReplayStatus>>;
}

export type OrderOf = Readonly<{ uid: string; instrument: InstrumentId; orderId: string }>;

export type ControlParts = InstrumentParts &
  Readonly<{
    clock: ExchangeClock;
    replays: Replays;
    faults: Faults;
    credentials: Credentials;
    views: Views;
    /** What its engine does of it. */
    money: Partial<MoneyControl>;
    truth: () => GroundTruth;
    mark: () => Promise<void>;
    reset: () => Promise<void>;
  }>;

export function makeControl(parts: ControlParts): Control {
  return {
    accounts: accountControl({ ...parts, fees: parts.config.fees, configured: parts.config.accounts }),
    instruments: instrumentControl(parts),
    saved: stateControl(parts),
    money: { ...takeovers(parts), ...parts.money },
    ...orderDeeds(parts),
    ...marketDeeds(parts),
    ...accountDeeds(parts),
    ...faultDeeds(parts),
    reset: parts.reset,
    async step(ms) {
      const { core, clock } = parts;
      if (clock.step === null) return failed('NOT_STEPPED', 'time moves by itself here: set "clock": "stepped"');
      if (!(ms >= 0)) return failed('INVALID', 'time moves forwards');
      await clock.step(ms);
      await core.decide((decision) => decision.emit({ type: 'clock', at: clock.now() })).durable;
      return ok(clock.now());
    },
  };
}

const orderDeeds = ({ core, markets }: ControlParts): Pick<Control, 'trade' | 'fill' | 'cancelOrders'> => ({
  async trade(order) {
    const market = markets.get(order.instrument);
    return market === undefined ? unknown(order.instrument) : tradeSynthetic(core, market, order);
  },
  async fill({ uid, orderId, qty }) {
    if (!core.desk.state.accounts.has(uid)) return failed('NOT_FOUND', `no account ${uid}`);
    const { value, durable } = core.decide((decision) => fillOrder(decision, uid, orderId, qty));
    await durable;
    return value ? ok(undefined) : failed('NOTHING_TO_DO', `${orderId} is not working`);
  },
  async cancelOrders(isWanted, reason) {
    const { value, durable } = core.decide((decision) =>
      openOrders(core)
        .filter(isWanted)
        .filter(({ uid, orderId }) => cancelByVenue(decision, uid, orderId, reason)),
    );
    await durable;
    return value.length;
  },
});

type MarketDeeds = Pick<
  Control,
  'setReference' | 'pricePath' | 'setStatus' | 'halt' | 'resume' | 'setQuoting' | 'replays' | 'advanceReplay'
>;

function marketDeeds({ core, markets, agents, replays, mark }: ControlParts): MarketDeeds {
  const halted = new Set<InstrumentId>();
  const setStatus: Control['setStatus'] = (id, status) => {
    const market = markets.get(id);
    if (market === undefined) return unknown(id);
    const isGone = core.desk.state.statuses.get(id) === 'closed';
    if (isGone && status !== 'closed') return failed('NOTHING_TO_DO', `${id} is delisted`);
    market.status = status;
    core.act(() => {}, [id]);
    return ok(undefined);
  };
  return {
    setStatus,
    halt(id) {
      const wanted = id === null ? [...markets.keys()] : [id];
      for (const one of wanted) {
        if (markets.get(one)?.status !== 'trading') continue;
        halted.add(one);
        setStatus(one, 'closed');
      }
      return id === null || markets.has(id) ? ok(undefined) : unknown(id);
    },
    resume(id) {
      if (id !== null) {
        halted.delete(id);
        return setStatus(id, 'trading');
      }
      for (const one of halted) setStatus(one, 'trading');
      halted.clear();
      return ok(undefined);
    },
    async setReference(id, price) {
      const market = markets.get(id);
      if (market === undefined) return unknown(id);
      if (price <= 0n) return failed('INVALID', 'a price is above zero');
      const moved = agents?.quotes(id) === true && agents.move(market, price);
      if (!moved) market.reference = price;
      core.act(() => {}, [id]);
      await mark();
      return ok(undefined);
    },
    pricePath(id, points) {
      const market = markets.get(id);
      if (market === undefined) return unknown(id);
      if (agents === null || !agents.quotes(id)) return failed('NOT_FOUND', `no agent quotes ${id}`);
      return agents.path(market, points)
        ? ok(undefined)
        : failed('INVALID', 'points are above zero and go forwards in time, beginning now or later');
    },
    setQuoting: (id, quoting) =>
      agents?.setQuoting(id, quoting) === true ? ok(undefined) : failed('NOT_FOUND', `no agent quotes ${id}`),
    replays: () => replays.list(),
    async advanceReplay(id, line) {
      const status = await replays.advanceTo(id, line);
      return status === null ? failed('NOT_FOUND', `${id} is not replayed`) : ok(status);
    },
  };
}

const accountDeeds = ({ core, credentials }: ControlParts): Pick<Control, 'deposit' | 'setKey' | 'putKey'> => ({
  async deposit(uid, asset, amount) {
    const account = core.desk.state.accounts.get(uid);
    if (account === undefined) return failed('NOT_FOUND', `no account ${uid}`);
    if (freeOf(account, asset) + amount < 0n) return failed('INVALID', `so much ${asset} is not free`);
    const event = { type: 'deposited', at: core.now(), uid, asset, amount } as const;
    await core.decide((decision) => decision.emit(event)).durable;
    return ok(undefined);
  },
  setKey: (apiKey, change) => setKey(credentials, apiKey, change),
  putKey: (credential) => void credentials.set(credential.apiKey, credential),
});

type FaultDeeds = Pick<Control, 'inject' | 'clearFaults' | 'firedFaults' | 'disturb' | 'forgetClosed'>;

const faultDeeds = ({ faults, views }: ControlParts): FaultDeeds => ({
  inject: (fault) => faults.set(fault),
  clearFaults: () => faults.clear(),
  firedFaults: () => new Map(faults.fired),
  disturb: (rules) => {
    faults.rules = rules;
  },
  forgetClosed: (uid) => views.forgetClosed(uid),
});

/** Working orders of clients, oldest first. */
function openOrders(core: Core): readonly OrderOf[] {
  const { accounts } = core.desk.state;
  return [...accounts.keys()]
    .filter((uid) => !isHouse(uid))
    .flatMap((uid) =>
      [...accountOf(accounts, uid).open.values()].map(({ order: { instrument, orderId } }) => ({
        uid,
        instrument,
        orderId,
      })),
    );
}

const unknown = (id: InstrumentId) => failed('NOT_FOUND', `${id} is not listed`);

function setKey(
  credentials: Credentials,
  apiKey: string,
  change: Partial<Omit<Credential, 'apiKey' | 'uid'>> | null,
): Controlled<void> {
  const credential = credentials.get(apiKey);
  if (credential === undefined) return failed('NOT_FOUND', 'no such key');
  if (change === null) credentials.delete(apiKey);
  else credentials.set(apiKey, { ...credential, ...change });
  return ok(undefined);
}

async function tradeSynthetic(
  core: Core,
  market: Market,
  order: Readonly<{ side: Side; qty: Money; price: Money | null }>,
): Promise<Controlled<Money>> {
  const { listing } = market.instrument;
  const { side } = order;
  const qty = floorLots(listing, order.qty);
  if (qty <= 0) return failed('INVALID', 'less than one step');
  if (market.book.levels.best(opposite(side)) === null) return failed('NOTHING_TO_DO', 'nobody is on the other side');
  const anyPrice = (side === 'buy' ? listing.maxPrice : listing.minPrice) as Ticks;
  const price = order.price === null ? anyPrice : passiveTicks(listing, order.price, side);
  const { value, durable } = core.decide((decision) => {
    const submitted = { owner: null, account: 0, side, price, qty, timeInForce: 'ioc', selfTrade: 'none' } as const;
    const outcome = market.book.submit(submitted);
    settle(decision, market, null, side, outcome);
    return outcome.fills.reduce((sum, fill) => sum + fill.qty, 0);
  });
  await durable;
  return ok((BigInt(value) * listing.step) as Money);
}
