import { ONE, quotient, ZERO } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money } from '../../domain/ids.ts';
import type { AccountSettings } from '../../ports/exchange.ts';
import type { PaperInstrument } from '../config/listings.ts';
import {
  type AccountTotals,
  accountTotals,
  coinFigures,
  type CoinFigures,
  type CoinTerms,
  withCoin,
} from '../formulas/account.ts';
import { haircutLoss } from '../formulas/collateral.ts';
import type { MarginRule } from '../formulas/position.ts';
import { type AccountFacts, coinOf, type OrderFacts, type PositionFacts, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { type ContractRisk, contractRisk, isMarginOrder, type RiskOrder, riskOrder } from './contract-risk.ts';
import { BORROW_MAINTENANCE, coinTermsOf } from './terms.ts';

/** What prices and rates an account's risk is worked out from. */
export type RiskSource = Readonly<{
  market: (id: InstrumentId) => Market | undefined;
  /** US dollars of one unit. */
  usd: (asset: AssetId) => Money;
  taker: (uid: string, instrument: PaperInstrument) => Money;
  rule: MarginRule;
}>;

/** One contract as it would be: with other orders, or with other facts of its positions. */
export type ContractChange = Readonly<{
  instrument: InstrumentId;
  orders?: readonly RiskOrder[];
  positions?: readonly PositionFacts[];
}>;

/** An account's margin as a whole: its contracts, its coins, and in US dollars everything together. */
export type AccountRisk = Readonly<{
  contracts: ReadonlyMap<InstrumentId, ContractRisk>;
  coins: ReadonlyMap<AssetId, CoinFigures>;
  terms: ReadonlyMap<AssetId, CoinTerms>;
  totals: AccountTotals;
}>;

/** Whether anything is held, owed or worked that margin has to stand behind. Most spot accounts have nothing. */
export function needsMargin(account: AccountFacts): boolean {
  for (const { size } of account.positions.values()) if (size !== 0n) return true;
  for (const { order } of account.open.values()) if (!order.instrument.startsWith('spot:')) return true;
  for (const { wallet, spotBorrow } of account.coins.values()) if (wallet < 0n || spotBorrow > 0n) return true;
  return false;
}

export function accountRisk(source: RiskSource, account: AccountFacts): AccountRisk {
  const contracts = new Map<InstrumentId, ContractRisk>();
  for (const [id, { positions, orders }] of usedContracts(account)) {
    const risk = riskOf(source, account, id, positions, orders);
    if (risk !== null) contracts.set(id, risk);
  }
  const bySettle = new Map<AssetId, ContractRisk[]>();
  for (const risk of contracts.values()) append(bySettle, risk.instrument.settle, risk);
  const coins = new Map<AssetId, CoinFigures>();
  const terms = new Map<AssetId, CoinTerms>();
  for (const asset of new Set([...account.coins.keys(), ...bySettle.keys()])) {
    const one = coinTerms(source, account, asset, bySettle.get(asset) ?? []);
    terms.set(asset, one);
    coins.set(asset, coinFigures(one));
  }
  return { contracts, coins, terms, totals: accountTotals([...coins.values()], haircutOf(source, account)) };
}

/** What an account's risk would be with one contract changed: only that contract and its coin are worked out again. */
export function changedRisk(
  source: RiskSource,
  account: AccountFacts,
  before: AccountRisk,
  change: ContractChange,
): AccountRisk {
  const id = change.instrument;
  const used = usedContracts(account).get(id);
  const positions = change.positions ?? used?.positions ?? [positionOf(account, id)];
  const risk = riskOf(source, account, id, positions, change.orders ?? used?.orders ?? []);
  if (risk === null) return before;
  const { settle } = risk.instrument;
  const contracts = new Map(before.contracts).set(id, risk);
  const others = [...contracts.values()].filter((one) => one.instrument.settle === settle);
  const terms = coinTerms(source, account, settle, others);
  const was = before.coins.get(settle) ?? coinFigures(coinTerms(source, account, settle, []));
  const figures = coinFigures(terms);
  return {
    contracts,
    coins: new Map(before.coins).set(settle, figures),
    terms: new Map(before.terms).set(settle, terms),
    totals: withCoin(before.totals, was, figures),
  };
}

/** Working orders of one contract that may open a position. */
export function contractOrders(account: AccountFacts, id: InstrumentId, without: string | null = null): RiskOrder[] {
  const orders: RiskOrder[] = [];
  for (const { order } of account.open.values()) {
    if (order.instrument === id && order.orderId !== without && isMarginOrder(order)) orders.push(riskOrder(order));
  }
  return orders;
}

type Used = { readonly positions: PositionFacts[]; readonly orders: RiskOrder[] };

function usedContracts(account: AccountFacts): ReadonlyMap<InstrumentId, Used> {
  const used = new Map<InstrumentId, Used>();
  const of = (id: InstrumentId): Used => {
    let one = used.get(id);
    if (one === undefined) used.set(id, (one = { positions: [], orders: [] }));
    return one;
  };
  for (const { order } of account.open.values()) {
    if (!order.instrument.startsWith('spot:') && isMarginOrder(order))
      of(order.instrument).orders.push(riskOrder(order));
  }
  // Flat positions count where orders are: they have the leverage.
  for (const facts of account.positions.values()) {
    if (facts.size !== 0n || used.has(facts.instrument)) of(facts.instrument).positions.push(facts);
  }
  for (const [id, one] of used) if (one.positions.length === 0) one.positions.push(positionOf(account, id));
  return used;
}

function riskOf(
  source: RiskSource,
  account: AccountFacts,
  id: InstrumentId,
  positions: readonly PositionFacts[],
  orders: readonly RiskOrder[],
): ContractRisk | null {
  const market = source.market(id);
  if (market === undefined) return null;
  const { instrument } = market;
  const taker = source.taker(account.uid, instrument);
  const mode = account.settings.current.marginMode;
  const prices = { mark: market.mark(), index: market.index(), taker, rule: source.rule, mode };
  return contractRisk(instrument, positions, orders, prices);
}

function coinTerms(
  source: RiskSource,
  account: AccountFacts,
  asset: AssetId,
  contracts: readonly ContractRisk[],
): CoinTerms {
  const { wallet, locked, spotBorrow } = coinOf(account, asset);
  const settings = account.settings.current;
  let [unrealised, optionValue, longOptionValue] = [0n, 0n, 0n];
  let [initial, maintenance, orders, loss, buying] = [0n, 0n, 0n, 0n, 0n];
  for (const risk of contracts) {
    const premium = risk.instrument.contract?.valuation === 'premium';
    for (const position of risk.positions) {
      if (!premium) unrealised += position.unrealised;
      optionValue += position.optionValue;
      if (position.optionValue > 0n) longOptionValue += position.optionValue;
      initial += position.initial;
      maintenance += position.maintenance;
    }
    orders += risk.orders.initial;
    loss += risk.orders.loss;
    buying += risk.buyOptionMargin;
  }
  return {
    wallet,
    locked,
    spotBorrow,
    bonus: ZERO,
    index: source.usd(asset),
    collateral: collateralOf(settings, asset),
    unrealised: unrealised as Money,
    optionValue: optionValue as Money,
    longOptionValue: longOptionValue as Money,
    buyOptionMargin: buying as Money,
    positionInitial: initial as Money,
    positionMaintenance: maintenance as Money,
    orderInitial: orders as Money,
    orderLoss: loss as Money,
    borrowInitialRate: quotient(ONE, settings.spotMargin.leverage, 'up'),
    borrowMaintenanceRate: BORROW_MAINTENANCE,
  };
}

export const collateralOf = (settings: AccountSettings, asset: AssetId): CoinTerms['collateral'] =>
  settings.notCollateral.includes(asset) ? null : coinTermsOf(asset).collateral;

/** What an account's working spot orders would take off its margin if they traded. */
function haircutOf(source: RiskSource, account: AccountFacts): Money {
  let sum = 0n;
  for (const facts of account.open.values()) {
    if (facts.heldAsset !== null && facts.held > 0n) sum += spotHaircut(source, account, facts);
  }
  return sum as Money;
}

function spotHaircut(source: RiskSource, account: AccountFacts, { order, held, heldAsset }: OrderFacts): Money {
  const instrument = source.market(order.instrument)?.instrument;
  if (instrument === undefined || heldAsset === null) return ZERO;
  const gets = order.side === 'buy' ? instrument.base : instrument.quote;
  return orderHaircut(source, account, { asset: heldAsset, amount: held }, gets);
}

/** Margin that giving one coin for as much of another takes: zero where the other counts for as much. */
export function orderHaircut(
  source: RiskSource,
  account: AccountFacts,
  gives: Readonly<{ asset: AssetId; amount: Money }>,
  gets: AssetId,
): Money {
  const settings = account.settings.current;
  const [given, got] = [source.usd(gives.asset), source.usd(gets)];
  if (given === 0n || got === 0n) return ZERO;
  const qty = quotient(((gives.amount * given) / ONE) as Money, got, 'down');
  return haircutLoss(
    { qty: gives.amount, index: given, tiers: collateralOf(settings, gives.asset) },
    { qty, index: got, tiers: collateralOf(settings, gets) },
  );
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const rows = map.get(key);
  if (rows === undefined) map.set(key, [value]);
  else rows.push(value);
}
