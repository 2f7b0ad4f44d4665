import type { AssetId, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import { invariant } from '../../domain/result.ts';
import { decodeText, encodeText } from '../../kernel/codec.ts';
import type {
  AccountRecord,
  AccountSettings,
  ExchangeExecution,
  ExchangeInstrument,
  ExchangeOrder,
  Member,
  SpreadExecution,
  SpreadOrder,
  Transfer,
} from '../../ports/exchange.ts';
import type { CategoryFees } from '../config/types.ts';
import type { Change } from './changes.ts';
import type { StoredKey } from './member-events.ts';
import {
  type AccountFacts,
  type ClosedStub,
  type Mark,
  type CoinFacts,
  type ListingFacts,
  newAccount,
  newState,
  type OrderFacts,
  type PaperState,
  type PositionFacts,
  positionKey,
  type SpreadFacts,
} from './state.ts';

/** A state with its histories as one text: what a restart begins with instead of the whole journal. */
const VERSION = 9;

type Pairs<K, V> = readonly (readonly [K, V])[];
/** An order whose fees are a list, because a record holds plain objects only. */
type StoredOrder = Omit<ExchangeOrder, 'fees'> & Readonly<{ fees: Pairs<AssetId, Money> }>;
type StoredAccount = Readonly<{
  uid: string;
  coins: Pairs<AssetId, CoinFacts>;
  fund: Pairs<AssetId, Money>;
  positions: readonly PositionFacts[];
  settings: AccountSettings;
  spreads: readonly SpreadFacts[];
  open: readonly (Omit<OrderFacts, 'order'> & Readonly<{ order: StoredOrder }>)[];
}>;
export type StoredHistory = Readonly<{
  uid: string;
  orders: readonly ExchangeOrder[];
  executions: readonly ExchangeExecution[];
  spreadOrders: readonly SpreadOrder[];
  spreadExecutions: readonly SpreadExecution[];
}>;
export type StoredRecords = Readonly<{ uid: string; records: readonly AccountRecord[] }>;
type Stored = Readonly<{
  version: number;
  counters: Readonly<{
    idBase: string;
    ids: number;
    seq: number;
    priority: number;
    records: number;
    at: UnixMs;
    cashUntil: UnixMs;
    run: number;
  }>;
  accounts: readonly StoredAccount[];
  deposits: Pairs<AssetId, Money>;
  fees: Pairs<AssetId, Money>;
  marks: Pairs<InstrumentId, Mark>;
  spreadLasts: Pairs<string, Money>;
  listings: Pairs<InstrumentId, ListingFacts>;
  statuses: Pairs<InstrumentId, ExchangeInstrument['status']>;
  closed: readonly ClosedStub[];
  clientIds: Pairs<string, string>;
  members: readonly Member[];
  keys: readonly StoredKey[];
  goneKeys: readonly string[];
  transfers: readonly Transfer[];
  userFees: Pairs<string, CategoryFees>;
  histories: readonly Readonly<{
    uid: string;
    orders: readonly StoredOrder[];
    executions: readonly ExchangeExecution[];
    spreadOrders: readonly SpreadOrder[];
    spreadExecutions: readonly SpreadExecution[];
  }>[];
  records: readonly StoredRecords[];
}>;

const storeOrder = (order: ExchangeOrder): StoredOrder => ({ ...order, fees: [...order.fees] });
const loadOrder = (order: StoredOrder): ExchangeOrder => ({ ...order, fees: new Map(order.fees) });

export function encodeSnapshot(
  state: PaperState,
  histories: readonly StoredHistory[],
  accountRecords: readonly StoredRecords[],
): Uint8Array {
  const { idBase, ids, seq, priority, records, at, cashUntil, run } = state;
  const stored: Stored = {
    version: VERSION,
    counters: { idBase, ids, seq, priority, records, at, cashUntil, run },
    accounts: [...state.accounts.values()].map(storeAccount),
    deposits: [...state.deposits],
    fees: [...state.fees],
    marks: [...state.marks],
    spreadLasts: [...state.spreadLasts],
    listings: [...state.listings],
    statuses: [...state.statuses],
    closed: [...state.closed.values()],
    clientIds: [...state.clientIds],
    members: [...state.members.values()],
    keys: [...state.keys.values()],
    goneKeys: [...state.goneKeys],
    transfers: [...state.transfers.values()],
    userFees: [...state.userFees],
    histories: histories.map((one) => ({ ...one, orders: one.orders.map(storeOrder) })),
    records: accountRecords,
  };
  return new TextEncoder().encode(encodeText(stored));
}

const storeAccount = (account: AccountFacts): StoredAccount => ({
  uid: account.uid,
  coins: [...account.coins],
  fund: [...account.fund],
  positions: [...account.positions.values()],
  settings: account.settings.current,
  spreads: [...account.spreads.values()],
  open: [...account.open.values()].map((facts) => ({ ...facts, order: storeOrder(facts.order) })),
});

/** Whether a text is a snapshot of this version. */
export function isSnapshot(text: string): boolean {
  try {
    return isReadable(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const isReadable = (stored: unknown): boolean =>
  typeof stored === 'object' && stored !== null && 'version' in stored && stored.version === VERSION;

/** The state, and its accounts and histories as the changes that bring the queries there. */
export function decodeSnapshot(bytes: Uint8Array): Readonly<{ state: PaperState; changes: readonly Change[] }> {
  const stored = decodeText(new TextDecoder().decode(bytes)) as Stored;
  invariant(isReadable(stored), `snapshot version ${stored.version} is not ${VERSION}`);
  const state = newState();
  Object.assign(state, stored.counters);
  const changes: Change[] = [];
  for (const { uid, orders, executions, spreadOrders, spreadExecutions } of stored.histories) {
    for (const order of spreadOrders) changes.push({ type: 'spread_order', uid, facts: { order, priority: 0 } });
    for (const execution of spreadExecutions) changes.push({ type: 'spread_execution', uid, execution });
    for (const order of orders.map(loadOrder)) {
      changes.push({ type: 'order', uid, facts: { order, held: 0n as Money, heldAsset: null, priority: 0 } });
    }
    for (const execution of executions) changes.push({ type: 'execution', uid, execution });
  }
  for (const { uid, records } of stored.records) {
    for (const record of records) changes.push({ type: 'record', uid, record });
  }
  for (const account of stored.accounts) changes.push(...loadAccount(state, account));
  fill(state.deposits, stored.deposits);
  fill(state.fees, stored.fees);
  fill(state.marks, stored.marks);
  fill(state.spreadLasts, stored.spreadLasts);
  fill(state.listings, stored.listings);
  fill(state.statuses, stored.statuses);
  fill(
    state.closed,
    stored.closed.map((stub) => [stub.orderId, stub] as const),
  );
  fill(state.clientIds, stored.clientIds);
  for (const member of stored.members) state.members.set(member.uid, member);
  for (const key of stored.keys) state.keys.set(key.apiKey, key);
  for (const apiKey of stored.goneKeys) state.goneKeys.add(apiKey);
  for (const transfer of stored.transfers) state.transfers.set(transfer.transferId, transfer);
  fill(state.userFees, stored.userFees);
  return { state, changes };
}

function loadAccount(state: PaperState, stored: StoredAccount): readonly Change[] {
  const { uid } = stored;
  const account = newAccount(uid);
  state.accounts.set(uid, account);
  fill(account.coins, stored.coins);
  fill(account.fund, stored.fund);
  for (const facts of stored.positions) account.positions.set(positionKey(facts.instrument, facts.idx), facts);
  account.settings.current = stored.settings;
  for (const facts of stored.spreads) account.spreads.set(facts.order.orderId, facts);
  for (const facts of stored.open) account.open.set(facts.order.orderId, { ...facts, order: loadOrder(facts.order) });
  return [
    ...stored.coins.map(([asset, facts]): Change => ({ type: 'coin', uid, asset, facts })),
    ...stored.fund.map(([asset, amount]): Change => ({ type: 'fund', uid, asset, amount })),
    ...stored.positions.map((facts): Change => ({ type: 'position', uid, facts })),
    { type: 'settings', uid, settings: stored.settings },
    ...stored.spreads.map((facts): Change => ({ type: 'spread_order', uid, facts })),
    ...[...account.open.values()].map((facts): Change => ({ type: 'order', uid, facts })),
  ];
}

function fill<K, V>(map: Map<K, V>, pairs: Pairs<K, V>): void {
  for (const [key, value] of pairs) map.set(key, value);
}
