import { ZERO } from '../../domain/decimal.ts';
import type { AssetId, Lots, Money, Side } from '../../domain/ids.ts';
import { floorLots, priceOf } from '../../domain/instrument.ts';
import { PLAIN_ORDER } from '../../ports/exchange.ts';
import { accept } from '../desk/accept.ts';
import type { Decision } from '../desk/decision.ts';
import { enterBook } from '../desk/ready.ts';
import { adlScore, type Deleverable, deleverage, fundIsUsedUp } from '../formulas/adl.ts';
import { entryPrice, marginValue, signedValue, unrealisedOf } from '../formulas/contract.ts';
import { marketBound } from '../rules/band.ts';
import { accountOf, coinOf, INSURANCE, type PositionFacts, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { handOver } from './takeover.ts';

/**
 * Brings what the insurance fund took over to the market, as far as the market takes it. When the fund has nothing left
 * to stand for the rest, the positions on the other side are deleveraged. True when it traded with anybody.
 */
export function workInsurance(decision: Decision): boolean {
  const before = decision.events.length;
  const { state, markets } = decision.desk;
  for (const facts of [...accountOf(state.accounts, INSURANCE).positions.values()]) {
    const market = markets.get(facts.instrument);
    if (market === undefined || facts.size === 0n) continue;
    unload(decision, market, facts);
    const left = positionOf(accountOf(state.accounts, INSURANCE), market.id);
    if (left.size !== 0n && isUsedUp(decision, market.instrument.settle)) deleverageOthers(decision, market, left);
  }
  return decision.events.slice(before).some(({ type }) => type === 'traded');
}

function unload(decision: Decision, market: Market, { size }: PositionFacts): void {
  const { instrument } = market;
  const side: Side = size > 0n ? 'sell' : 'buy';
  const lots = floorLots(instrument.listing, (size < 0n ? -size : size) as Money);
  const touch = market.book.levels.best(side === 'sell' ? 'buy' : 'sell');
  if (lots < (1 as Lots) || touch === null || market.status !== 'trading') return;
  const bound = marketBound(market, { side, slippage: null });
  if (side === 'sell' ? touch.price < bound : touch.price > bound) return;
  const order = {
    ...PLAIN_ORDER,
    clientOrderId: null,
    side,
    type: 'market',
    price: null,
    boundPrice: priceOf(instrument.listing, bound),
    qty: (size < 0n ? -size : size) as Money,
    qtyIn: 'base',
    timeInForce: 'ioc',
    reduceOnly: true,
    slippage: null,
    selfTrade: 'none',
    createdBy: 'liquidation',
    stopKind: null,
    trigger: null,
    trailing: null,
    parent: null,
    ocoOrderId: null,
  } as const;
  const hold = { asset: null, amount: ZERO };
  const orderId = accept(decision, INSURANCE, market, order, { waits: false, hold });
  enterBook(decision, market, { uid: INSURANCE, orderId }, order, { bound, lots, hold });
}

/** Whether the coins of the fund and the profit of what it holds are gone. */
function isUsedUp(decision: Decision, settle: AssetId): boolean {
  const { state, markets } = decision.desk;
  const account = accountOf(state.accounts, INSURANCE);
  let unrealised = 0n;
  for (const facts of account.positions.values()) {
    const market = markets.get(facts.instrument);
    if (market === undefined || market.instrument.settle !== settle) continue;
    const kind = market.instrument.contract?.valuation ?? 'linear';
    // An option's premium is in the wallet already: what counts is what it is worth.
    unrealised +=
      kind === 'premium' ? signedValue(kind, facts.size, market.mark()) : unrealisedOf(kind, facts, market.mark());
  }
  return fundIsUsedUp(coinOf(account, settle).wallet, unrealised as Money);
}

/** Those who win most from the position that nobody takes give it up, at the price at which it was taken over. */
function deleverageOthers(decision: Decision, market: Market, left: PositionFacts): void {
  const { instrument } = market;
  const kind = instrument.contract?.valuation ?? 'linear';
  const price = entryPrice(kind, left);
  if (price === null) return;
  const others = positionsOf(decision, market);
  for (const { index, qty } of deleverage(
    left.size,
    others.map((one) => one.deleverable),
  )) {
    const { uid, facts } = others[index] as Other;
    const size = (facts.size < 0n ? -qty : qty) as Money;
    handOver(decision, market, { uid, idx: facts.idx, size, price, fee: ZERO, kind: 'adl', createdBy: 'adl' });
  }
}

type Other = Readonly<{ uid: string; facts: PositionFacts; deleverable: Deleverable }>;

function positionsOf(decision: Decision, market: Market): readonly Other[] {
  const { state } = decision.desk;
  const mark = market.mark();
  const kind = market.instrument.contract?.valuation ?? 'linear';
  const found: Other[] = [];
  for (const account of state.accounts.values()) {
    if (account.uid === INSURANCE) continue;
    for (const facts of account.positions.values()) {
      if (facts.instrument !== market.id || facts.size === 0n) continue;
      const value = marginValue(kind, facts.size, mark);
      const margin = ((value * 10n ** 18n) / facts.leverage) as Money;
      found.push({ uid: account.uid, facts, deleverable: { kind, size: facts.size, cost: facts.cost, mark, margin } });
    }
  }
  return found;
}

/** Rank of every position of one contract for deleveraging, highest first: what the indicator is made from. */
export const adlScores = (decision: Decision, market: Market): readonly Money[] =>
  positionsOf(decision, market).map((one) => adlScore(one.deleverable));
