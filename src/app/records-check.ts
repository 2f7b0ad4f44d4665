import type { DatabaseSync } from 'node:sqlite';
import { contraSums, ledgerSums, type OrderSum, orderSums } from '../adapters/sqlite/records/sums.ts';
import type { Balances } from '../clearing/balances.ts';
import { type PlatformEvent, PlatformLogic } from '../clearing/platform.ts';
import { formatDecimal, ZERO } from '../domain/decimal.ts';
import type { AccountId, AssetId, ClientOrderId, Money, OrderId, PartitionId } from '../domain/ids.ts';
import { decodeText } from '../kernel/codec.ts';
import type { Child } from '../oms/child.ts';
import type { AccountEvent } from '../oms/events.ts';
import { progressOf, statusOf } from '../oms/progress.ts';
import { AccountState, type Parent } from '../oms/state.ts';
import type { Journal } from '../ports/journal.ts';
import { PLATFORM_ACCOUNT } from '../ports/records.ts';

/** What was compared, and what did not agree: nothing, unless there is a bug or a damaged file. */
export type Verification = Readonly<{ accounts: number; orders: number; lines: number; problems: readonly string[] }>;

type Source = Pick<Journal, 'read' | 'partitions'>;
const decoder = new TextDecoder();

/**
 * Replays every account and compares: the sums of its ledger lines with its balances, the sums of executions and of
 * children with the quantities of their orders, and these with the state. Over all accounts, what trades gave and took
 * is zero, and what was paid to the platform is there or under way. The tables must be at the journal's end.
 */
export function compareWithState(journal: Source, db: DatabaseSync): Verification {
  const states = replayAccounts(journal);
  const platform = new PlatformLogic();
  for (const event of eventsOf<PlatformEvent>(journal, platform.id)) platform.apply(event);
  const problems = [
    ...states.flatMap(([account, state]) => [...compareBalances(db, account, state.balances), ...compareOrders(db, account, state)]),
    ...compareBalances(db, PLATFORM_ACCOUNT, platform.balances),
    ...compareContra(db, states.map(([, state]) => state), platform),
  ]; // biome-ignore format: one check a line
  const orders = states.reduce((sum, [, state]) => sum + state.parents.size, 0);
  const lines = Number(db.prepare('SELECT count(*) AS n FROM ledger').get()?.['n']);
  return { accounts: states.length, orders, lines, problems };
}

function replayAccounts(journal: Source): [AccountId, AccountState][] {
  const states: [AccountId, AccountState][] = [];
  for (const partition of journal.partitions()) {
    if (!partition.startsWith('account:')) continue;
    const state = replayWhole(journal, partition);
    if (state.account !== null) states.push([state.account, state]);
  }
  return states;
}

/** An account with every order that it ever had: those that its state forgets are put back. */
function replayWhole(journal: Source, partition: PartitionId): AccountState {
  const state = new AccountState();
  const parents = new Map<OrderId, Parent>();
  const children = new Map<ClientOrderId, Child>();
  for (const event of eventsOf<AccountEvent>(journal, partition)) {
    state.apply(event);
    if (event.type === 'order_accepted') parents.set(event.order, state.parent(event.order));
    if (event.type !== 'routed') continue;
    for (const { id } of event.children) children.set(id, state.child(id));
    state.parent(event.order).decisions.length = 0; // most of an order's memory, and nothing of it is compared
  }
  for (const [id, parent] of parents) state.parents.set(id, parent);
  for (const [id, child] of children) state.children.set(id, child);
  return state;
}

function* eventsOf<Event>(journal: Source, partition: PartitionId): Generator<Event> {
  for (const { payload } of journal.read(partition, 1)) yield decodeText(decoder.decode(payload)) as Event;
}

function compareBalances(db: DatabaseSync, account: AccountId, balances: Balances): string[] {
  const problems: string[] = [];
  const sums = new Map(ledgerSums(db, account).map((sum) => [sum.asset, sum]));
  const assets = new Set([...sums.keys(), ...[...balances.entries()].map(([asset]) => asset)]);
  for (const asset of assets) {
    const { total, held } = balances.of(asset);
    const sum = sums.get(asset) ?? { total: ZERO, held: ZERO, broken: 0 };
    const of = `${account} ${asset}`;
    if (sum.total !== total)
      problems.push(`${of}: ledger ${formatDecimal(sum.total)}, balance ${formatDecimal(total)}`);
    if (sum.held !== held) problems.push(`${of}: ledger holds ${formatDecimal(sum.held)}, held ${formatDecimal(held)}`);
    if (sum.broken > 0) problems.push(`${of}: ${sum.broken} lines do not follow from the line before`);
  }
  return problems;
}

function compareContra(db: DatabaseSync, states: readonly AccountState[], platform: PlatformLogic): string[] {
  const sums = contraSums(db);
  const missing = new Map(sums.platform);
  const arrived = (asset: AssetId, amount: Money): void =>
    void missing.set(asset, ((missing.get(asset) ?? ZERO) - amount) as Money);
  for (const [asset, { total }] of platform.balances.entries()) arrived(asset, total);
  for (const state of states) {
    for (const { n, asset, amount } of state.outbox.values()) {
      if (n > platform.bookedFrom(state.number)) arrived(asset, amount);
    }
  }
  return [
    ...[...sums.clearing].flatMap(([asset, sum]) => differs(`${asset} between the parties of trades`, sum, ZERO)),
    ...[...missing].flatMap(([asset, sum]) => differs(`${asset} paid to the platform and not there`, sum, ZERO)),
  ];
}

function compareOrders(db: DatabaseSync, account: AccountId, state: AccountState): string[] {
  const rows = orderSums(db, account);
  const problems = rows.flatMap((row) => compareOrder(state, row).map((problem) => `${account} ${row.id}: ${problem}`));
  if (rows.length !== state.parents.size)
    problems.push(`${account}: ${rows.length} orders, the account has ${state.parents.size}`);
  return problems;
}

function compareOrder(state: AccountState, row: OrderSum): string[] {
  const parent = state.parents.get(row.id);
  if (parent === undefined) return ['no such order in the account'];
  const progress = progressOf(state, parent);
  const charged = state.childrenOf(parent).reduce((sum, child) => sum + child.charged, 0n) as Money;
  const status = statusOf(parent, progress);
  return [
    ...differs('quantity of the order', row.cumQty, progress.cumQty),
    ...differs('quantity of its children', row.children.cumQty, progress.cumQty),
    ...differs('quantity of its executions', row.executions.cumQty, progress.cumQty),
    ...differs('notional of the order', row.cumNotional, progress.cumNotional),
    ...differs('notional of its children', row.children.cumNotional, progress.cumNotional),
    ...differs('notional of its executions', row.executions.cumNotional, progress.cumNotional),
    ...differs('fees of its children', row.children.charged, charged),
    ...differs('fees of its executions', row.executions.charged, charged),
    ...(row.status === status ? [] : [`is ${row.status}, the account says ${status}`]),
    ...(row.certainty === progress.certainty ? [] : [`is ${row.certainty}, the account says ${progress.certainty}`]),
  ];
}

const differs = (what: string, ours: Money, theirs: Money): string[] =>
  ours === theirs ? [] : [`${what} is ${formatDecimal(ours)}, should be ${formatDecimal(theirs)}`];
