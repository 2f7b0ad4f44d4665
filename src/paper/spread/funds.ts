import { formatDecimal, multiply } from '../../domain/decimal.ts';
import type { Lots, Money, Side } from '../../domain/ids.ts';
import { floorLots, toTicks } from '../../domain/instrument.ts';
import { err, ok, type Result, unwrap } from '../../domain/result.ts';
import type { ExchangeRefusal, SpreadOrder } from '../../ports/exchange.ts';
import type { Desk } from '../desk/desk.ts';
import { checkRiskLimit, fund, type Hold, marginMissing } from '../desk/funds.ts';
import { isHedged } from '../desk/position-mode.ts';
import { type LegPrices, legSides } from '../formulas/spread.ts';
import { accountRisk, type AccountRisk, changedRisk, contractOrders, orderHaircut } from '../money/account-risk.ts';
import { refuse } from '../rules/refusal.ts';
import { type AccountFacts, accountOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { SpreadMarket } from './spread-market.ts';

/** One leg of an order that is checked. */
export type LegAsk = Readonly<{
  market: Market;
  side: Side;
  price: Money;
  /** Of the leg's own listing. */
  lots: Lots;
  replaces: string | null;
}>;
export type LegHolds = Readonly<{ far: Hold; near: Hold }>;

export type SpreadAsk = Readonly<{
  side: Side;
  qty: Money;
  prices: LegPrices;
  /** The order as it is, when it is amended. */
  replaces: SpreadOrder | null;
}>;

/** Combos know one position per contract, and margin that all positions share. */
export function checkMode(desk: Desk, uid: string, market: SpreadMarket): Result<void, ExchangeRefusal> {
  const settings = accountOf(desk.state.accounts, uid).settings.current;
  if (settings.marginMode === 'isolated') {
    return refuse('SPREAD_ISOLATED_MARGIN', 'combos are traded with cross margin');
  }
  const isAnyHedged = market.legs().some(({ instrument }) => isHedged(settings, instrument));
  return isAnyHedged ? refuse('SPREAD_HEDGE_MODE', 'combos are traded in one-way mode') : ok(undefined);
}

/**
 * Whether the account can pay for both legs together: a pair's coins are reserved, contracts' margin has to be there
 * besides.
 */
export function fundLegs(
  desk: Desk,
  uid: string,
  market: SpreadMarket,
  ask: SpreadAsk,
): Result<LegHolds, ExchangeRefusal> {
  const account = accountOf(desk.state.accounts, uid);
  const sides = legSides(ask.side);
  const far = legAsk(market.far, sides.far, ask.prices.far, ask.qty, ask.replaces?.far.orderId ?? null);
  const near = legAsk(market.near, sides.near, ask.prices.near, ask.qty, ask.replaces?.near.orderId ?? null);
  const margin = checkMargin(desk, account, [far, near]);
  if (!margin.ok) return margin;
  const held = { far: holdOf(desk, uid, far), near: holdOf(desk, uid, near) };
  if (!held.far.ok) return held.far;
  if (!held.near.ok) return held.near;
  return ok({ far: held.far.value, near: held.near.value });
}

const legAsk = (market: Market, side: Side, price: Money, qty: Money, replaces: string | null): LegAsk => ({
  market,
  side,
  price,
  lots: floorLots(market.instrument.listing, qty),
  replaces,
});

const NO_HOLD: Hold = { asset: null, amount: 0n as Money };

function holdOf(desk: Desk, uid: string, leg: LegAsk): Result<Hold, ExchangeRefusal> {
  const { market, side, price, lots, replaces } = leg;
  if (market.instrument.contract !== null) return ok(NO_HOLD);
  const bound = unwrap(toTicks(market.instrument.listing, price));
  const order = { side, reduceOnly: false, positionIdx: 0 } as const;
  return fund(desk, uid, market, { order, bound, lots, walked: null, spends: null, replaces });
}

/** Of both contracts together, and what the coins of a pair would count for less. */
function checkMargin(desk: Desk, account: AccountFacts, legs: readonly LegAsk[]): Result<void, ExchangeRefusal> {
  const before = accountRisk(desk.risk, account);
  let after = before;
  let haircut = 0n;
  for (const leg of legs) {
    const { market, side, price, lots } = leg;
    const { instrument } = market;
    const qty = (BigInt(lots) * instrument.listing.step) as Money;
    if (instrument.contract === null) {
      haircut += haircutOf(desk, account, leg, qty);
      continue;
    }
    const more = { side, leaves: qty, price, idx: 0 } as const;
    const orders = [...contractOrders(account, instrument.id, leg.replaces), more];
    const limited = checkRiskLimit(account, market, orders, 0);
    if (!limited.ok) return limited;
    after = changedRisk(desk.risk, account, after, { instrument: instrument.id, orders });
    const missing = marginMissing(account, market, before, after);
    if (missing !== null) return err({ code: 'INSUFFICIENT_BALANCE', detail: missing });
  }
  return isShortOf(after, haircut)
    ? refuse('INSUFFICIENT_BALANCE', `needs ${formatDecimal(haircut as Money)} USD as margin besides`)
    : ok(undefined);
}

const isShortOf = ({ totals }: AccountRisk, haircut: bigint): boolean => haircut > 0n && totals.available < haircut;

function haircutOf(desk: Desk, account: AccountFacts, { market, side, price }: LegAsk, qty: Money): bigint {
  const { base, quote } = market.instrument;
  const value = multiply(qty, price, 'up');
  const gives = side === 'buy' ? { asset: quote, amount: value } : { asset: base, amount: qty };
  return orderHaircut(desk.risk, account, gives, side === 'buy' ? base : quote);
}
