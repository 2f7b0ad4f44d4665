import { maximum, ONE, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import { priceOf } from '../../domain/instrument.ts';
import type { CreatedBy, ExecutionKind, PositionIdx } from '../../ports/exchange.ts';
import { PLAIN_ORDER } from '../../ports/exchange.ts';
import { accept } from '../desk/accept.ts';
import type { Decision } from '../desk/decision.ts';
import type { Desk } from '../desk/desk.ts';
import { closeOrder } from '../desk/settle.ts';
import { marginBase } from '../formulas/account.ts';
import { direction, signedValue, tradeValue } from '../formulas/contract.ts';
import {
  crossTakeoverPrice,
  isolatedTakeoverPrice,
  type PriceGrid,
  shareOf,
  takeoverFee,
} from '../formulas/liquidation.ts';
import { isolatedMargin } from '../formulas/position.ts';
import { INSURANCE } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { AccountRisk } from './account-risk.ts';
import type { PositionRisk } from './contract-risk.ts';
import { tradeWithHouse } from './house-trade.ts';

/** At what price a position changes hands without a market, and what its holder pays for it. */
export type Terms = Readonly<{ price: Money; fee: Money }>;

const gridOf = ({ instrument: { listing } }: Market): PriceGrid => ({
  tick: listing.tick,
  lowest: priceOf(listing, listing.minPrice),
  highest: priceOf(listing, listing.maxPrice),
});

/** A part of a cross position, for its share of what stands against the account's maintenance margin. */
export function crossTerms(
  decision: Decision,
  uid: string,
  market: Market,
  risk: AccountRisk,
  position: PositionRisk,
  qty: Money,
): Terms {
  const { settle } = market.instrument;
  const { desk } = decision;
  const usd = desk.risk.usd(settle);
  const { size } = position.facts;
  const base = marginBase(risk.totals);
  const inDollars = shareOf(base, dollars(desk, position, market), positionsMaintenance(desk, risk));
  const whole = usd === 0n ? 0n : (inDollars * ONE) / usd;
  const share = ((whole * qty) / (size < 0n ? -size : size)) as Money;
  const taker = desk.risk.taker(uid, market.instrument);
  const kind = market.instrument.contract?.valuation ?? 'linear';
  const signed = (size < 0n ? -qty : qty) as Money;
  if (kind === 'premium') return optionTerms(market, taker, qty, share);
  const price = crossTakeoverPrice({ kind, size: signed, mark: position.mark, taker }, share, gridOf(market));
  const loss = signedValue(kind, signed, position.mark) - signedValue(kind, signed, price);
  return { price, fee: takeoverFee(tradeValue(kind, qty, price), taker, (share - loss) as Money) };
}

/**
 * A short option is bought back for the share itself: unlike a future's, its value is not part of what stands against
 * the margin, so that paying the mark as well would take it twice. What the option is worth beyond, the fund bears.
 */
function optionTerms({ instrument: { listing } }: Market, taker: Money, qty: Money, share: Money): Terms {
  const most = share <= 0n ? 0n : (share * ONE) / qty;
  const price = ((most / listing.tick) * listing.tick) as Money;
  const value = tradeValue('premium', qty, price);
  return { price, fee: takeoverFee(value, taker, (maximum(share, ZERO) - value) as Money) };
}

/** Maintenance margin of all positions: what is borrowed needs some as well, but cannot be taken over. */
function positionsMaintenance(desk: Desk, risk: AccountRisk): Money {
  let sum = 0n;
  for (const { instrument, positions } of risk.contracts.values()) {
    for (const { maintenance } of positions) sum += (maintenance * desk.risk.usd(instrument.settle)) / ONE;
  }
  return sum as Money;
}

const dollars = (desk: Desk, { maintenance }: PositionRisk, { instrument }: Market): Money =>
  ((maintenance * desk.risk.usd(instrument.settle)) / ONE) as Money;

/** A whole isolated position: it costs its own margin, and no more. */
export function isolatedTerms(market: Market, position: PositionRisk): Terms {
  const { terms, facts } = position;
  if (terms === null) return { price: position.mark, fee: ZERO };
  const price = isolatedTakeoverPrice(terms, gridOf(market));
  const kind = terms.kind;
  const value = tradeValue(kind, (facts.size < 0n ? -facts.size : facts.size) as Money, price);
  const profit = direction(kind, facts.size) * value - facts.cost;
  return { price, fee: takeoverFee(value, terms.taker, (isolatedMargin(terms) + profit) as Money) };
}

export type Handover = Terms &
  Readonly<{
    uid: string;
    idx: PositionIdx;
    /** Signed, of the part that is handed over. */
    size: Money;
    kind: ExecutionKind;
    createdBy: CreatedBy;
  }>;

/** Hands a part of a position to the insurance fund: an order of the exchange that is filled at once. */
export function handOver(decision: Decision, market: Market, handover: Handover): void {
  const { uid, idx, size, price, fee, kind, createdBy } = handover;
  const side = size > 0n ? 'sell' : 'buy';
  const qty = (size < 0n ? -size : size) as Money;
  const orderId = accept(
    decision,
    uid,
    market,
    {
      ...PLAIN_ORDER,
      clientOrderId: null,
      side,
      type: 'market',
      price: null,
      boundPrice: price,
      qty,
      qtyIn: 'base',
      timeInForce: 'ioc',
      reduceOnly: true,
      slippage: null,
      selfTrade: 'none',
      positionIdx: idx,
      createdBy,
      stopKind: null,
      trigger: null,
      trailing: null,
      parent: null,
      ocoOrderId: null,
    },
    { waits: false, hold: { asset: null, amount: ZERO } },
  );
  const feeRate = fee === 0n ? ZERO : decision.desk.risk.taker(uid, market.instrument);
  tradeWithHouse(decision, market, { kind, uid, orderId, idx, side, qty, price, fee, feeRate, house: INSURANCE });
  closeOrder(decision, market, { uid, orderId }, 'filled');
}
