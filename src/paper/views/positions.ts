import { multiply, ZERO } from '../../domain/decimal.ts';
import type { InstrumentId, Money } from '../../domain/ids.ts';
import { passiveTicks, priceOf } from '../../domain/instrument.ts';
import type { ExchangePosition, PositionFilter, PositionIdx, StopKind } from '../../ports/exchange.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { indexesOf } from '../desk/position-mode.ts';
import type { Market } from '../tape/market.ts';
import { entryPrice } from '../formulas/contract.ts';
import { marginBase } from '../formulas/account.ts';
import {
  bankruptcyPrice,
  breakEvenPrice,
  crossLiquidationPrice,
  isolatedLiquidationPrice,
} from '../formulas/position.ts';
import { riskLimitAt } from '../formulas/tiers.ts';
import { hasSessions } from '../money/due.ts';
import { type AccountRisk, accountRisk, type RiskSource } from '../money/account-risk.ts';
import type { PositionRisk } from '../money/contract-risk.ts';
import { type AccountFacts, type PositionFacts, positionOf } from '../state/state.ts';

/** A position as it stands at the mark; `whole`: the risk of the account, where it is known. */
export function exchangePosition(
  source: RiskSource,
  account: AccountFacts,
  instrument: PaperInstrument,
  idx: PositionIdx = 0,
  whole: AccountRisk | null = null,
): ExchangePosition {
  const facts = positionOf(account, instrument.id, idx);
  const mark = source.market(instrument.id)?.mark() ?? instrument.reference;
  const risk = facts.size === 0n ? null : (whole ?? accountRisk(source, account));
  const position = risk?.contracts.get(instrument.id)?.positions.find((one) => one.facts.idx === idx) ?? null;
  return {
    instrument: instrument.id,
    positionIdx: idx,
    size: facts.size,
    entryPrice: entryOf(instrument, { ...facts, cost: (facts.cost - facts.settled) as Money }),
    sessionEntryPrice: hasSessions(instrument) && facts.size !== 0n ? entryOf(instrument, facts) : null,
    markPrice: mark,
    notional: position?.value ?? ZERO,
    leverage: facts.leverage,
    initialMargin: position?.initial ?? ZERO,
    maintenanceMargin: position?.maintenance ?? ZERO,
    unrealisedPnl: position?.unrealised ?? ZERO,
    currentRealisedPnl: facts.currentRealised,
    totalRealisedPnl: facts.totalRealised,
    ...pricesOf(source, account, instrument, position, risk),
    balance: position?.initial ?? ZERO,
    ...riskLimitOf(instrument, facts.leverage),
    takeProfit: exitOf(account, facts, 'take_profit'),
    stopLoss: exitOf(account, facts, 'stop_loss'),
    trailingStop: exitOf(account, facts, 'trailing_stop'),
    autoAddMargin: facts.autoAddMargin,
    greeks: greeksOf(source.market(instrument.id), facts.size),
    createdAt: facts.createdAt,
    updatedAt: facts.updatedAt,
    seq: facts.seq,
  };
}

/** Of one option times the size; null for what is no option. */
function greeksOf(market: Market | undefined, size: Money): ExchangePosition['greeks'] {
  if (market === undefined || market.instrument.category !== 'option') return null;
  const { delta, gamma, vega, theta } = market.optionPrice();
  const all = (greek: Money): Money => multiply(greek, size, 'half_even');
  return { delta: all(delta), gamma: all(gamma), vega: all(vega), theta: all(theta) };
}

/** The positions that a filter names: open ones, and of a named instrument flat ones as well. */
export function positionsOf(
  { risk, markets }: Readonly<{ risk: RiskSource; markets: ReadonlyMap<InstrumentId, Market> }>,
  account: AccountFacts,
  filter: PositionFilter,
): readonly ExchangePosition[] {
  const named = filter.instrument === null ? null : markets.get(filter.instrument);
  const whole = accountRisk(risk, account);
  if (named !== null) {
    if (named === undefined || named.instrument.contract === null) return [];
    const indexes = indexesOf(account.settings.current, named.instrument);
    return indexes.map((idx) => exchangePosition(risk, account, named.instrument, idx, whole));
  }
  const open = [...account.positions.values()].filter(({ size }) => size !== 0n);
  return open.flatMap(({ instrument: id, idx }) => {
    const instrument = markets.get(id)?.instrument;
    if (instrument === undefined || instrument.category !== filter.category) return [];
    if (filter.settle !== null && instrument.settle !== filter.settle) return [];
    if (filter.base !== null && instrument.base !== filter.base) return [];
    return [exchangePosition(risk, account, instrument, idx, whole)];
  });
}

/** The row of the risk table that the leverage allows: its number from 1, and its largest value. */
function riskLimitOf({ tiers }: PaperInstrument, leverage: Money): Pick<ExchangePosition, 'riskId' | 'riskLimitValue'> {
  const riskLimitValue = riskLimitAt(tiers, leverage);
  const index = tiers.findIndex(({ upTo }) => upTo === riskLimitValue);
  return { riskId: Math.max(index, 0) + 1, riskLimitValue };
}

/** To 18 digits (shown only: the cost is what is exact). */
const entryOf = (instrument: PaperInstrument, facts: PositionFacts): Money =>
  entryPrice(instrument.contract?.valuation ?? 'linear', facts) ?? ZERO;

function pricesOf(
  source: RiskSource,
  account: AccountFacts,
  instrument: PaperInstrument,
  position: PositionRisk | null,
  risk: AccountRisk | null,
): Pick<ExchangePosition, 'liquidationPrice' | 'bankruptcyPrice' | 'breakEvenPrice'> {
  if (position === null || position.terms === null || risk === null) {
    return { liquidationPrice: null, bankruptcyPrice: null, breakEvenPrice: null };
  }
  const isolated = account.settings.current.marginMode === 'isolated';
  const liquidation = isolated
    ? isolatedLiquidationPrice(position.terms)
    : crossLiquidationPrice(position.terms, roomOf(source, instrument, position, risk));
  return {
    liquidationPrice: onTick(instrument, liquidation, position.facts.size),
    bankruptcyPrice: isolated ? onTick(instrument, bankruptcyPrice(position.terms), position.facts.size) : null,
    breakEvenPrice: breakEvenPrice(position.terms, position.facts.currentRealised),
  };
}

/**
 * What the account has for the position to lose, in its settle coin: what stands against maintenance margin without
 * this position's profit, less the maintenance margin of all others.
 */
function roomOf(source: RiskSource, { settle }: PaperInstrument, position: PositionRisk, risk: AccountRisk): Money {
  const usd = source.usd(settle);
  if (usd === 0n) return ZERO;
  const spare = marginBase(risk.totals) - risk.totals.maintenance;
  const inCoin = (spare * 10n ** 18n) / usd;
  return (inCoin + position.maintenance - position.unrealised) as Money;
}

/** The first tick at which it happens: for a long the next below, for a short the next above. */
function onTick(instrument: PaperInstrument, price: Money | null, size: Money): Money | null {
  if (price === null || price <= 0n) return null;
  return priceOf(instrument.listing, passiveTicks(instrument.listing, price, size > 0n ? 'buy' : 'sell'));
}

/** Where an exit of the whole position stands; of a trailing stop its distance. */
function exitOf(account: AccountFacts, facts: PositionFacts, kind: StopKind): Money | null {
  if (facts.size === 0n) return null;
  for (const { order } of account.open.values()) {
    if (order.instrument !== facts.instrument || order.positionIdx !== facts.idx || order.stopKind !== kind) continue;
    return kind === 'trailing_stop' ? (order.trailing?.distance ?? null) : (order.trigger?.price ?? null);
  }
  return null;
}
