import { divide, formatDecimal, ONE, parseDecimal, roundTo, ZERO } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import { err, ok } from '../../../domain/result.ts';
import type { CoinLending, Exchange } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { type Field, oneOf, optional, text } from '../params/fields.ts';
import { invalidParam, missingParam, wireRefusal } from '../refusals.ts';
import { accountRoute, Extended, publicRoute, type Route } from '../route.ts';

/** Below zero makes no sense; from 2 to 10 is the exchange's to say. */
const leverageOf: Field<Money> = (raw, name) => {
  if (raw === undefined || raw === null || raw === '') return err(missingParam(name));
  const value = typeof raw === 'string' ? parseDecimal(raw) : null;
  return value?.ok === true && value.value > 0n ? ok(value.value) : err(invalidParam(name));
};

const switchMode = accountRoute(
  {
    method: 'POST',
    path: '/v5/spot-margin-trade/switch-mode',
    permission: 'open',
    limit: sameLimit('spot-margin.switch-mode', 5),
    params: { spotMarginMode: oneOf(['1', '0']) },
  },
  async ({ spotMarginMode }, { exchange, uid }) => {
    const { spotMargin } = exchange.settings(uid);
    const done = await exchange.changeSettings(uid, { spotMargin: { ...spotMargin, on: spotMarginMode === '1' } });
    return done.ok ? ok({ spotMarginMode }) : err(wireRefusal(done.error, 'spot'));
  },
);

/** One leverage for all coins: that of a `currency` is that of all. */
const setLeverage = accountRoute(
  {
    method: 'POST',
    path: '/v5/spot-margin-trade/set-leverage',
    permission: 'open',
    limit: sameLimit('spot-margin.set-leverage', 5),
    params: { leverage: leverageOf, currency: optional(text) },
  },
  async ({ leverage }, { exchange, uid }) => {
    const { spotMargin } = exchange.settings(uid);
    const done = await exchange.changeSettings(uid, { spotMargin: { ...spotMargin, leverage } });
    return done.ok ? ok({}) : err(wireRefusal(done.error, 'spot'));
  },
);

const state = accountRoute(
  {
    method: 'GET',
    path: '/v5/spot-margin-trade/state',
    permission: 'open',
    limit: sameLimit('spot-margin.state', 50),
    params: {},
  },
  (_params, { exchange, uid }) => {
    const { spotMargin } = exchange.settings(uid);
    return ok({
      spotLeverage: spotMargin.on ? formatDecimal(spotMargin.leverage) : '',
      spotMarginMode: spotMargin.on ? '1' : '0',
      effectiveLeverage: effectiveLeverage(exchange, uid),
    });
  },
);

/** (Equity + debts) ÷ equity, in US dollars. */
function effectiveLeverage(exchange: Exchange, uid: string): string {
  const { equity } = exchange.wallet(uid).totals;
  if (equity <= 0n) return '0';
  const owed = exchange.money
    .lending(uid)
    .reduce((sum, { borrowed, index }) => sum + divide(borrowed * index, ONE, 'up'), 0n);
  return formatDecimal(roundTo(divide((equity + owed) * ONE, equity, 'half_even') as Money, 2, 'half_even'));
}

const ofCoin =
  (currency: string | null) =>
  ({ asset, limit }: CoinLending): boolean =>
    limit !== ZERO && (currency === null || asset === currency);

const coinState = accountRoute(
  {
    method: 'GET',
    path: '/v5/spot-margin-trade/coinstate',
    permission: 'open',
    limit: sameLimit('spot-margin.coinstate', 50),
    retMsg: 'Success',
    params: { currency: optional(text) },
  },
  ({ currency }, { exchange, uid }) => {
    const spotLeverage = Number(formatDecimal(exchange.settings(uid).spotMargin.leverage));
    const coins = exchange.money.lending(uid).filter(ofCoin(currency));
    return ok({ list: coins.map(({ asset }) => ({ currency: asset, spotLeverage })) });
  },
);

/** `retExtInfo` of these two is a text in the documentation. */
const TEXT = '{}';

const currencyData = accountRoute(
  {
    method: 'GET',
    path: '/v5/spot-margin-trade/currency-data',
    permission: 'open',
    limit: sameLimit('spot-margin.currency-data', 50),
    params: { currency: optional(text) },
  },
  ({ currency }, { exchange, uid }) => {
    const coins = exchange.money.lending(uid).filter(ofCoin(currency));
    const list = coins.map(({ asset }) => ({
      currency: asset,
      flexibleManualBorrowable: true,
      minFlexibleManualBorrowQty: '0.00000001',
      flexibleManualBorrowAccuracy: '8',
      // Loans of a fixed term are not simulated.
      fixedManualBorrowable: false,
      minFixedManualBorrowQty: '',
      fixedManualBorrowAccuracy: '',
      fixedInterestRateAccuracy: '',
      minFixedInterestRate: '',
      maxFixedInterestRate: '',
    }));
    return ok(new Extended({ list }, TEXT));
  },
);

const maxBorrowable = accountRoute(
  {
    method: 'GET',
    path: '/v5/spot-margin-trade/max-borrowable',
    permission: 'open',
    limit: sameLimit('spot-margin.max-borrowable', 50),
    retMsg: 'Success',
    params: { currency: text },
  },
  ({ currency }, { exchange, uid }) => {
    const found = exchange.money.lending(uid).find(ofCoin(currency));
    return ok({ currency, maxLoan: formatDecimal(found?.available ?? ZERO) });
  },
);

const collateral = publicRoute(
  { method: 'GET', path: '/v5/spot-margin-trade/collateral', params: { currency: optional(text) } },
  ({ currency }, { exchange }) => {
    const coins = exchange.money.coinTerms().filter(({ asset }) => currency === null || asset === currency);
    const list = coins.map(({ asset, collateral: tiers }) => ({ currency: asset, collateralRatioList: bands(tiers) }));
    return ok(new Extended({ list }, TEXT));
  },
);

function bands(tiers: CoinLending['collateral']) {
  return (tiers ?? []).map(({ upTo, ratio }, index) => ({
    minQty: formatDecimal(tiers?.[index - 1]?.upTo ?? ZERO),
    maxQty: upTo === null ? '' : formatDecimal(upTo),
    collateralRatio: formatDecimal(ratio),
  }));
}

/** Every level has the same terms. */
const vipData = publicRoute(
  {
    method: 'GET',
    path: '/v5/spot-margin-trade/data',
    retMsg: 'success',
    params: { vipLevel: optional(text), currency: optional(text) },
  },
  ({ vipLevel, currency }, { exchange }) => {
    const coins = exchange.money.coinTerms().filter(({ asset }) => currency === null || asset === currency);
    const list = coins.map(({ asset, collateral: tiers, hourlyRate, limit }, index) => ({
      currency: asset,
      borrowable: limit !== ZERO,
      collateralRatio: formatDecimal(tiers?.[0]?.ratio ?? ZERO),
      hourlyBorrowRate: formatDecimal(hourlyRate),
      liquidationOrder: String(index + 1),
      marginCollateral: tiers !== null,
      maxBorrowingAmount: limit === null ? '' : formatDecimal(limit),
    }));
    return ok({ vipCoinList: [{ list, vipLevel: vipLevel === null || vipLevel === 'No' ? 'No VIP' : vipLevel }] });
  },
);

export const SPOT_MARGIN_ROUTES: readonly Route[] = [
  switchMode, setLeverage, state, coinState, currencyData, maxBorrowable, collateral, vipData,
]; // biome-ignore format: a list
