import { multiply, ZERO } from '../../domain/decimal.ts';
import type { Money, Side } from '../../domain/ids.ts';
import type { ExchangeOrder, MarginMode, PositionIdx } from '../../ports/exchange.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { entryPrice } from '../formulas/contract.ts';
import {
  hedgeOrderMargin,
  type MarginOrder,
  NO_ORDER_MARGIN,
  oneWayOrderMargin,
  type OrderMargin,
  type OrderTerms,
  sumOrders,
} from '../formulas/margin.ts';
import { DEFAULT_OPTION_FACTORS, optionMargin, optionOrderMargin, optionValue } from '../formulas/option-margin.ts';
import { isolatedMargin, type MarginRule, positionMargin, type PositionTerms } from '../formulas/position.ts';
import type { PositionFacts } from '../state/state.ts';

/** A working order as margin sees it; a market order counts at the average price that the book offers. */
export type RiskOrder = MarginOrder & Readonly<{ idx: PositionIdx }>;

/** One position and what it ties up, in the settle coin. */
export type PositionRisk = Readonly<{
  facts: PositionFacts;
  /** What the formulas need; null for options. */
  terms: PositionTerms | null;
  mark: Money;
  /** |size| at mark. */
  value: Money;
  initial: Money;
  maintenance: Money;
  unrealised: Money;
  /** Options: worth at mark, below zero for a short one. */
  optionValue: Money;
}>;

/** Everything that one account has in one contract. */
export type ContractRisk = Readonly<{
  instrument: PaperInstrument;
  mark: Money;
  positions: readonly PositionRisk[];
  orders: OrderMargin;
  /** Options: what of the orders' margin is for buys. */
  buyOptionMargin: Money;
}>;

export type ContractPrices = Readonly<{ mark: Money; index: Money; taker: Money; rule: MarginRule; mode: MarginMode }>;

export function contractRisk(
  instrument: PaperInstrument,
  positions: readonly PositionFacts[],
  orders: readonly RiskOrder[],
  prices: ContractPrices,
): ContractRisk {
  return instrument.contract?.valuation === 'premium'
    ? optionRisk(instrument, positions, orders, prices)
    : futureRisk(instrument, positions, orders, prices);
}

export const isMarginOrder = (order: ExchangeOrder): boolean =>
  !order.reduceOnly && (order.status === 'new' || order.status === 'partially_filled');

export const riskOrder = (order: ExchangeOrder): RiskOrder => ({
  side: order.side,
  leaves: order.leavesQty,
  price: order.boundPrice,
  idx: order.positionIdx,
});

export function positionTerms(
  instrument: PaperInstrument,
  facts: PositionFacts,
  { taker, rule, mode }: Pick<ContractPrices, 'taker' | 'rule' | 'mode'>,
): PositionTerms {
  const { size, cost, leverage, extraMargin } = facts;
  const kind = instrument.contract?.valuation ?? 'linear';
  const extra = mode === 'isolated' ? extraMargin : ZERO;
  return { kind, size, cost, leverage, tiers: instrument.tiers, taker, rule, extra };
}

function futureRisk(
  instrument: PaperInstrument,
  positions: readonly PositionFacts[],
  orders: readonly RiskOrder[],
  prices: ContractPrices,
): ContractRisk {
  const rows = positions.filter(({ size }) => size !== 0n).map((facts) => futurePosition(instrument, facts, prices));
  return {
    instrument,
    mark: prices.mark,
    positions: rows,
    orders: orders.length === 0 ? NO_ORDER_MARGIN : futureOrders(instrument, positions, orders, prices),
    buyOptionMargin: ZERO,
  };
}

function futurePosition(instrument: PaperInstrument, facts: PositionFacts, prices: ContractPrices): PositionRisk {
  const terms = positionTerms(instrument, facts, prices);
  const { value, initial, maintenance, unrealised } = positionMargin(terms, prices.mark);
  const own = prices.mode === 'isolated' ? isolatedMargin(terms) : initial;
  return { facts, terms, mark: prices.mark, value, initial: own, maintenance, unrealised, optionValue: ZERO };
}

/** One-way orders all count against position 0; those of hedge mode open the position of their index. */
function futureOrders(
  instrument: PaperInstrument,
  positions: readonly PositionFacts[],
  orders: readonly RiskOrder[],
  { mark, taker }: ContractPrices,
): OrderMargin {
  const kind = instrument.contract?.valuation ?? 'linear';
  const factsOf = (idx: PositionIdx) => positions.find((facts) => facts.idx === idx);
  const terms = (idx: PositionIdx): OrderTerms => ({
    kind,
    leverage: (factsOf(idx) ?? (positions[0] as PositionFacts)).leverage,
    taker,
  });
  const sums = (idx: PositionIdx, side: Side) =>
    sumOrders(
      kind,
      orders.filter((order) => order.idx === idx),
      side,
      mark,
    );
  const oneWay = orders.some(({ idx }) => idx === 0)
    ? oneWayOrderMargin(terms(0), factsOf(0)?.size ?? ZERO, sums(0, 'buy'), sums(0, 'sell'))
    : NO_ORDER_MARGIN;
  if (orders.every(({ idx }) => idx === 0)) return oneWay;
  const hedged = hedgeOrderMargin(
    { terms: terms(1), buys: sums(1, 'buy') },
    { terms: terms(2), sells: sums(2, 'sell') },
  );
  return { initial: (oneWay.initial + hedged.initial) as Money, loss: (oneWay.loss + hedged.loss) as Money };
}

function optionRisk(
  instrument: PaperInstrument,
  positions: readonly PositionFacts[],
  orders: readonly RiskOrder[],
  prices: ContractPrices,
): ContractRisk {
  const { mark, index, taker } = prices;
  const option = instrument.contract?.option;
  if (option === null || option === undefined) throw new RangeError(`${instrument.id} is no option`);
  const rows = positions
    .filter(({ size }) => size !== 0n)
    .map((facts): PositionRisk => {
      const price = entryPrice('premium', facts) ?? ZERO;
      const margin = optionMargin(DEFAULT_OPTION_FACTORS, option, { index, mark }, { size: facts.size, price });
      const worth = optionValue(facts.size, mark);
      const value = multiply((facts.size < 0n ? -facts.size : facts.size) as Money, mark, 'up');
      const unrealised = (worth - facts.cost) as Money;
      return { facts, terms: null, mark, value, ...margin, unrealised, optionValue: worth };
    });
  const size = positions[0]?.size ?? ZERO;
  let closable = size > 0n ? size : ZERO;
  let [buying, selling] = [0n, 0n];
  for (const order of orders) {
    const own = { ...order, rate: taker, closable: order.side === 'sell' ? closable : ZERO };
    const margin = optionOrderMargin(DEFAULT_OPTION_FACTORS, option, { index, mark }, own);
    if (order.side === 'buy') buying += margin;
    else {
      selling += margin;
      closable = (closable > order.leaves ? closable - order.leaves : 0n) as Money;
    }
  }
  const orderMargin = { initial: (buying + selling) as Money, loss: ZERO };
  return { instrument, mark, positions: rows, orders: orderMargin, buyOptionMargin: buying as Money };
}
