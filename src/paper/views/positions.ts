import { absolute, divide, ONE, roundTo, ZERO } from '../../domain/decimal.ts';
import type { Money } from '../../domain/ids.ts';
import type { ExchangePosition } from '../../ports/exchange.ts';
import type { PaperInstrument } from '../config/listings.ts';
import {
  type CoinMargin,
  coinMargin,
  liquidationPrice,
  type MarginSource,
  marginOrders,
  NO_MARGIN,
  perpetualMargin,
} from '../rules/margin.ts';
import { type AccountFacts, positionOf } from '../state/state.ts';

/** A position as it stands at the mark; `whole`: the margin of everything in its settle coin, where it is known. */
export function exchangePosition(
  source: MarginSource,
  account: AccountFacts,
  instrument: PaperInstrument,
  whole: CoinMargin | null = null,
): ExchangePosition {
  const { id, settle } = instrument;
  const facts = positionOf(account, id);
  const mark = source.mark(id);
  const taker = source.taker(account.uid, id);
  const open = facts.size !== 0n;
  const margin = open ? perpetualMargin(instrument, facts, marginOrders(account, id), mark, taker) : NO_MARGIN;
  const all = open ? (whole ?? coinMargin(source, account, settle)) : null;
  const others = all === null ? ZERO : all.balance - margin.unrealised - (all.maintenance - margin.maintenance);
  return {
    instrument: id,
    positionIdx: facts.idx,
    size: facts.size,
    entryPrice: open ? entryPrice(facts.cost, facts.size) : ZERO,
    markPrice: mark,
    notional: margin.value,
    leverage: facts.leverage,
    initialMargin: margin.positionMargin,
    maintenanceMargin: margin.maintenance,
    unrealisedPnl: margin.unrealised,
    currentRealisedPnl: facts.currentRealised,
    totalRealisedPnl: facts.totalRealised,
    liquidationPrice: open ? liquidationPrice(instrument, facts, others as Money, taker) : null,
    createdAt: facts.createdAt,
    updatedAt: facts.updatedAt,
    seq: facts.seq,
  };
}

/** Average price of what is open, to 8 digits (shown only: the cost is what is exact). */
const entryPrice = (cost: Money, size: Money): Money =>
  roundTo(divide(absolute(cost) * ONE, absolute(size), 'half_even') as Money, 8, 'half_even');
