import { money, ZERO } from '../../domain/decimal.ts';
import type { AssetId, Category, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import type { Brand } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import type {
  AccountSettings,
  CloseReason,
  ExchangeInstrument,
  ExchangeOrder,
  Member,
  PositionIdx,
  SpreadOrder,
  Transfer,
} from '../../ports/exchange.ts';
import type { InstrumentTerms } from '../config/terms.ts';
import type { CategoryFees } from '../config/types.ts';
import type { StoredKey } from './member-events.ts';

/** The other side of every trade that no configured account made: agents, replayed levels, injected trades. */
export const SYNTHETIC = 'synthetic';
/** Takes over what is liquidated, and pays what a bankrupt account cannot. */
export const INSURANCE = 'insurance';
/** Accounts of the exchange itself: nobody signs for them and nobody is told of them. */
export const isHouse = (uid: string): boolean => uid === SYNTHETIC || uid === INSURANCE;

/** One coin of one account. */
export type CoinFacts = Readonly<{
  /** Locked part included. */
  wallet: Money;
  /** Reserved by working spot orders. */
  locked: Money;
  /** Sum of realised profits less fees in this coin. */
  realised: Money;
  /** Borrowed by request: it is part of the wallet and owed. A wallet below zero is owed besides. */
  spotBorrow: Money;
}>;
export const NO_COIN: CoinFacts = { wallet: ZERO, locked: ZERO, realised: ZERO, spotBorrow: ZERO };

/** Key of a position: its instrument, in hedge mode with `#1` (long) or `#2` (short). */
export type PositionKey = Brand<string, 'PositionKey'>;
export const positionKey = (id: InstrumentId, idx: PositionIdx): PositionKey =>
  (idx === 0 ? id : `${id}#${idx}`) as string as PositionKey;

/** One position in a contract. */
export type PositionFacts = Readonly<{
  instrument: InstrumentId;
  idx: PositionIdx;
  /** Signed: positive is long. */
  size: Money;
  /**
   * Signed sum of what the open part was bought (+) or sold (−) for, as the contract is valued: profit = value − cost.
   * Linear and options: entry price = cost ÷ size. Inverse: the signs are the other way round (a long is worth
   * −size ÷ price), entry price = −size ÷ cost.
   */
  cost: Money;
  /** Session settlement: what of the cost was booked as profit since the position was opened; see `session_settled`. */
  settled: Money;
  /** Coin of its profits and losses; null while it never traded. */
  settle: AssetId | null;
  leverage: Money;
  /** Isolated: margin that was added by hand, or by itself (`autoAddMargin`). */
  extraMargin: Money;
  autoAddMargin: boolean;
  /** Fees paid for what is open: a closing trade takes its share along. */
  openFees: Money;
  /** Since it was opened, and since the account exists; fees included. */
  currentRealised: Money;
  totalRealised: Money;
  createdAt: UnixMs | null;
  updatedAt: UnixMs | null;
  /** Cross sequence of its last trade; -1 when it never traded. */
  seq: number;
}>;
export const DEFAULT_LEVERAGE = money('10');
export const flatPosition = (instrument: InstrumentId, idx: PositionIdx): PositionFacts => ({
  instrument,
  idx,
  size: ZERO,
  cost: ZERO,
  settled: ZERO,
  settle: null,
  leverage: DEFAULT_LEVERAGE,
  extraMargin: ZERO,
  autoAddMargin: false,
  openFees: ZERO,
  currentRealised: ZERO,
  totalRealised: ZERO,
  createdAt: null,
  updatedAt: null,
  seq: -1,
});

export const DEFAULT_SETTINGS: AccountSettings = {
  marginMode: 'cross',
  hedged: {},
  spotMargin: { on: false, leverage: money('10') },
  notCollateral: [],
  beyondBand: { spot: 'refuse', futures: 'clamp' },
  dcp: { spot: null, derivatives: null, options: null },
  deltaMode: false,
  smpGroup: 0,
};

/** An order and what only the exchange keeps of it. */
export type OrderFacts = Readonly<{
  order: ExchangeOrder;
  /** Reserved of the coin that it pays with: quote for a spot buy, base for a spot sell, nothing for derivatives. */
  held: Money;
  heldAsset: AssetId | null;
  /** Place in time of the order in its queue: rises with every order that enters one. 0: it does not rest. */
  priority: number;
}>;

/** An order of a combo. `priority`: its place in time, as of other orders. */
export type SpreadFacts = Readonly<{ order: SpreadOrder; priority: number }>;

/** What is true of one account. The decisions keep one, the queries another that lags until it is durable. */
export type AccountFacts = Readonly<{
  uid: string;
  coins: Map<AssetId, CoinFacts>;
  /** The funding account: coins that do not trade. */
  fund: Map<AssetId, Money>;
  positions: Map<PositionKey, PositionFacts>;
  /** Working and waiting orders by id, oldest first. */
  open: Map<string, OrderFacts>;
  /** Working orders of combos by id, oldest first; their legs are among the others. */
  spreads: Map<string, SpreadFacts>;
  settings: { current: AccountSettings };
}>;

export const newAccount = (uid: string): AccountFacts => ({
  uid,
  coins: new Map(),
  fund: new Map(),
  positions: new Map(),
  open: new Map(),
  spreads: new Map(),
  settings: { current: DEFAULT_SETTINGS },
});

/** What remains of a closed order: enough to answer "already final" and "duplicate". */
export type ClosedStub = Readonly<{
  uid: string;
  orderId: string;
  clientKey: string | null;
  instrument: InstrumentId;
  reason: CloseReason | null;
  closedAt: UnixMs;
}>;

/** An instrument that is not in the configuration; `series`: the one that it came from, null: somebody's own. */
export type ListingFacts = Readonly<{ terms: InstrumentTerms; series: string | null; at: UnixMs }>;

/** Prices as they were last written down; `reference`: where somebody said that the index stands. */
export type Mark = Readonly<{ index: Money; last: Money; reference: Money | null }>;

/** Everything that the journal rebuilds, the histories apart. */
export type PaperState = {
  /** What the counters of ids are added to (ids.ts). */
  idBase: string;
  /** Ids and cross sequences below these may have been used. */
  ids: number;
  seq: number;
  priority: number;
  /** Lines written into accounts' ledgers: the number of the last. */
  records: number;
  /** Time of the last event. */
  at: UnixMs;
  /** Funding, deliveries and settlements that were due until then are done. */
  cashUntil: UnixMs;
  /** Number of times that the exchange was opened. */
  run: number;
  readonly accounts: Map<string, AccountFacts>;
  /** What was paid in as opening balances and later; what fees took (rebates are negative). */
  readonly deposits: Map<AssetId, Money>;
  readonly fees: Map<AssetId, Money>;
  /** Last known prices, so that the market goes on where it stopped. */
  readonly marks: Map<InstrumentId, Mark>;
  /** Price of the last trade of each combo. */
  readonly spreadLasts: Map<string, Money>;
  /** What was listed while the exchange ran: dated contracts, and instruments that somebody added. */
  readonly listings: Map<InstrumentId, ListingFacts>;
  /** Of instruments that do not simply trade. */
  readonly statuses: Map<InstrumentId, ExchangeInstrument['status']>;
  readonly closed: Map<string, ClosedStub>;
  /** Client order ids that are taken, by account and category. */
  readonly clientIds: Map<string, string>;
  /** Sub-accounts by uid. Master accounts are those of the configuration. */
  readonly members: Map<string, Member>;
  /** Keys that were made or changed over the API; those of the configuration that were deleted. */
  readonly keys: Map<string, StoredKey>;
  readonly goneKeys: Set<string>;
  /** The last transfers by their clients' ids, oldest first. */
  readonly transfers: Map<string, Transfer>;
  /** Fees that were set while the exchange ran, by uid: instead of the configuration's. */
  readonly userFees: Map<string, CategoryFees>;
};

export const newState = (): PaperState => ({
  idBase: '0',
  ids: 1,
  seq: 1,
  priority: 0,
  records: 0,
  at: 0 as UnixMs,
  cashUntil: 0 as UnixMs,
  run: 0,
  accounts: new Map(),
  deposits: new Map(),
  fees: new Map(),
  marks: new Map(),
  spreadLasts: new Map(),
  listings: new Map(),
  statuses: new Map(),
  closed: new Map(),
  clientIds: new Map(),
  members: new Map(),
  keys: new Map(),
  goneKeys: new Set(),
  transfers: new Map(),
  userFees: new Map(),
});

export const clientKey = (uid: string, category: Category, clientOrderId: string): string =>
  `${uid}/${category}/${clientOrderId}`;

export const spreadClientKey = (uid: string, clientOrderId: string): string => `${uid}/spread/${clientOrderId}`;

export function accountOf(accounts: ReadonlyMap<string, AccountFacts>, uid: string): AccountFacts {
  const account = accounts.get(uid);
  invariant(account !== undefined, `no account ${uid}`);
  return account;
}

export const settingsOf = (state: Pick<PaperState, 'accounts'>, uid: string): AccountSettings =>
  accountOf(state.accounts, uid).settings.current;

export const coinOf = (account: AccountFacts, asset: AssetId): CoinFacts => account.coins.get(asset) ?? NO_COIN;
export const positionOf = (account: AccountFacts, id: InstrumentId, idx: PositionIdx = 0): PositionFacts =>
  account.positions.get(positionKey(id, idx)) ?? flatPosition(id, idx);

/** What may be spent on spot: never below zero. */
export const freeOf = (account: AccountFacts, asset: AssetId): Money => {
  const coin = coinOf(account, asset);
  return (coin.wallet - coin.locked) as Money;
};
