import { money, ZERO } from '../../domain/decimal.ts';
import type { AssetId, Category, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import type { CloseReason, ExchangeOrder } from '../../ports/exchange.ts';

/** The other side of every trade that no configured account made: agents, replayed levels, injected trades. */
export const SYNTHETIC = 'synthetic';

/** One coin of one account. */
export type CoinFacts = Readonly<{
  /** Locked part included. */
  wallet: Money;
  /** Reserved by working spot orders. */
  locked: Money;
  /** Sum of realised profits less fees in this coin. */
  realised: Money;
}>;
export const NO_COIN: CoinFacts = { wallet: ZERO, locked: ZERO, realised: ZERO };

/** One-way position in a perpetual. */
export type PositionFacts = Readonly<{
  /** Signed: positive is long. */
  size: Money;
  /** Signed sum of what the open part was bought (+) or sold (−) for: entry price = cost ÷ size. */
  cost: Money;
  /** Coin of its profits and losses; null while it never traded. */
  settle: AssetId | null;
  leverage: Money;
  /** Since it was opened, and since the account exists; fees included. */
  currentRealised: Money;
  totalRealised: Money;
  createdAt: UnixMs | null;
  updatedAt: UnixMs | null;
  /** Cross sequence of its last trade; -1 when it never traded. */
  seq: number;
}>;
export const DEFAULT_LEVERAGE = money('10');
export const FLAT: PositionFacts = {
  size: ZERO,
  cost: ZERO,
  settle: null,
  leverage: DEFAULT_LEVERAGE,
  currentRealised: ZERO,
  totalRealised: ZERO,
  createdAt: null,
  updatedAt: null,
  seq: -1,
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

/** What is true of one account. The decisions keep one, the queries another that lags until it is durable. */
export type AccountFacts = Readonly<{
  uid: string;
  coins: Map<AssetId, CoinFacts>;
  positions: Map<InstrumentId, PositionFacts>;
  /** Working orders by id, oldest first. */
  open: Map<string, OrderFacts>;
}>;

export const newAccount = (uid: string): AccountFacts => ({
  uid,
  coins: new Map(),
  positions: new Map(),
  open: new Map(),
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

/** Everything that the journal rebuilds, the histories apart. */
export type PaperState = {
  /** What the counters of ids are added to (ids.ts). */
  idBase: string;
  /** Ids and cross sequences below these may have been used. */
  ids: number;
  seq: number;
  priority: number;
  /** Time of the last event. */
  at: UnixMs;
  /** Number of times that the exchange was opened. */
  run: number;
  readonly accounts: Map<string, AccountFacts>;
  /** What was paid in as opening balances and later; what fees took (rebates are negative). */
  readonly deposits: Map<AssetId, Money>;
  readonly fees: Map<AssetId, Money>;
  /** Last known prices, so that the market goes on where it stopped. */
  readonly marks: Map<InstrumentId, Readonly<{ index: Money; last: Money }>>;
  readonly closed: Map<string, ClosedStub>;
  /** Client order ids that are taken, by account and category. */
  readonly clientIds: Map<string, string>;
};

export const newState = (): PaperState => ({
  idBase: '0',
  ids: 1,
  seq: 1,
  priority: 0,
  at: 0 as UnixMs,
  run: 0,
  accounts: new Map(),
  deposits: new Map(),
  fees: new Map(),
  marks: new Map(),
  closed: new Map(),
  clientIds: new Map(),
});

export const clientKey = (uid: string, category: Category, clientOrderId: string): string =>
  `${uid}/${category}/${clientOrderId}`;

export function accountOf(accounts: ReadonlyMap<string, AccountFacts>, uid: string): AccountFacts {
  const account = accounts.get(uid);
  invariant(account !== undefined, `no account ${uid}`);
  return account;
}

export const coinOf = (account: AccountFacts, asset: AssetId): CoinFacts => account.coins.get(asset) ?? NO_COIN;
export const positionOf = (account: AccountFacts, id: InstrumentId): PositionFacts => account.positions.get(id) ?? FLAT;

/** What may be spent on spot: never below zero. */
export const freeOf = (account: AccountFacts, asset: AssetId): Money => {
  const coin = coinOf(account, asset);
  return (coin.wallet - coin.locked) as Money;
};
