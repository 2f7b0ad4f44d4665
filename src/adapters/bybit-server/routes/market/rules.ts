import { formatDecimal, formatFixed, ONE, quotient, roundTo } from '../../../../domain/decimal.ts';
import { instrumentId } from '../../../../domain/ids.ts';
import { err, ok } from '../../../../domain/result.ts';
import { type Exchange, type ExchangeInstrument, isFuture } from '../../../../ports/exchange.ts';
import { formatsOf } from '../../numbers.ts';
import { category, oneOf, optional, text } from '../../params/fields.ts';
import { page } from '../../params/paging.ts';
import { invalidParam } from '../../refusals.ts';
import { publicRoute } from '../../route.ts';
import { adlRow } from '../../wire/adl.ts';
import { instrumentOf, maybeInstrument } from '../find.ts';
import { linearUnlessGiven } from './fields.ts';

/** Digits of 1 ÷ leverage. */
const RATE_DIGITS = 4;
/** "15 symbols a page" (V5 docs, "Get Risk Limit"). */
const SYMBOLS_A_PAGE = 15;
/** A tier without end, in words that a client can read as a number. */
const NO_END = '1000000000000';

function tierRows(exchange: Exchange, instrument: ExchangeInstrument, firstId: number) {
  return exchange.market.riskTiers(instrument.id).map((tier, index) => ({
    id: firstId + index,
    symbol: instrument.symbol,
    riskLimitValue: tier.upTo === null ? NO_END : formatDecimal(tier.upTo),
    maintenanceMargin: formatDecimal(tier.maintenanceRate),
    initialMargin: formatDecimal(roundTo(quotient(ONE, tier.maxLeverage, 'half_even'), RATE_DIGITS, 'half_even')),
    isLowestRisk: index === 0 ? 1 : 0,
    maxLeverage: formatFixed(tier.maxLeverage, 2, 'down'),
    mmDeduction: tier.deduction === 0n ? '' : formatDecimal(tier.deduction),
  }));
}

export const riskLimit = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/risk-limit',
    params: { category: category('linear', 'inverse'), symbol: optional(text), cursor: optional(text) },
  },
  (params, { exchange }) => {
    const one = maybeInstrument(exchange, params.category, params.symbol);
    if (!one.ok) return one;
    const firstIds = new Map<string, number>();
    let next = 1;
    for (const { id } of exchange.instruments(params.category)) {
      firstIds.set(id, next);
      next += exchange.market.riskTiers(id).length;
    }
    const chosen = one.value === null ? exchange.instruments(params.category).filter(isFuture) : [one.value];
    const limit = params.category === 'linear' ? SYMBOLS_A_PAGE : chosen.length;
    const cut = page(chosen, limit, params.cursor, ({ symbol }) => ({ at: 0, id: symbol }));
    if (!cut.ok) return cut;
    const list = cut.value.rows.flatMap((row) => tierRows(exchange, row, firstIds.get(row.id) ?? 1));
    return ok({ category: params.category, list, nextPageCursor: cut.value.nextPageCursor });
  },
);

export const priceLimit = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/price-limit',
    params: { category: linearUnlessGiven(category('spot', 'linear', 'inverse')), symbol: text },
    retMsg: '',
  },
  (params, { exchange, now }) => {
    const instrument = instrumentOf(exchange, params.category, params.symbol);
    if (!instrument.ok) return instrument;
    const { buy, sell } = exchange.market.priceLimits(instrument.value.id);
    const { price } = formatsOf(instrument.value);
    return ok({ symbol: params.symbol, buyLmt: price(buy), sellLmt: price(sell), ts: String(now) });
  },
);

export const insurance = publicRoute(
  { method: 'GET', path: '/v5/market/insurance', params: { coin: optional(text) } },
  (params, { exchange }) => {
    const funds = exchange.market.insuranceFunds();
    const updatedTime = String(Math.max(0, ...funds.map((fund) => fund.updatedAt)));
    const list = funds
      .filter((fund) => params.coin === null || fund.asset === params.coin)
      .map((fund) => ({
        coin: fund.asset,
        symbols: fund.symbols.join(','),
        balance: formatDecimal(fund.balance),
        value: formatDecimal(fund.value),
      }));
    return ok({ updatedTime, list });
  },
);

/** Not simulated: nobody is deleveraged by this fund's losses. What Bybit's rule would compare is there all the same. */
export const adlAlert = publicRoute(
  { method: 'GET', path: '/v5/market/adlAlert', params: { symbol: optional(text) } },
  (params, { exchange, now }) => {
    const list = exchange.market
      .insuranceFunds()
      .flatMap((fund) => fund.symbols.map((symbol) => adlRow(fund, symbol)))
      .filter((row) => params.symbol === null || row.symbol === params.symbol);
    return ok({ updatedTime: String(now), list });
  },
);

/** The index of this exchange is made of nothing but itself. */
export const indexComponents = publicRoute(
  { method: 'GET', path: '/v5/market/index-price-components', params: { indexName: text }, retMsg: '' },
  (params, { exchange, now }) => {
    const ids = (['linear', 'inverse', 'spot'] as const).map((kind) => instrumentId(kind, params.indexName));
    const instrument = ids.map((id) => exchange.instrument(id)).find((one) => one !== null);
    if (instrument === undefined) return err(invalidParam('indexName'));
    const lastPrice = formatDecimal(exchange.ticker(instrument.id).index);
    const component = {
      exchange: 'Bybit',
      spotPair: params.indexName,
      equivalentPrice: lastPrice,
      multiplier: '1',
      price: lastPrice,
      weight: '1',
    };
    return ok({ indexName: params.indexName, lastPrice, updateTime: String(now), components: [component] });
  },
);

const PRO_LEVELS = 6;
const GROUP = { id: '1', name: 'G1(Major Coins)' };

/** One group with every contract: no level here pays less than another, and no market maker gets a rebate. */
export const feeGroups = publicRoute(
  {
    method: 'GET',
    path: '/v5/market/fee-group-info',
    params: {
      productType: oneOf(['contract']),
      groupId: optional(oneOf(['1', '2', '3', '4', '5', '6', '7', '8', '9'])),
    },
  },
  (params, { exchange, now }) => {
    if (params.groupId !== null && params.groupId !== GROUP.id) return ok({ list: [] });
    const symbols = [...exchange.instruments('linear'), ...exchange.instruments('inverse')].map((one) => one.symbol);
    const { maker, taker } = exchange.market.usualFees('linear');
    const rates = { takerFeeRate: formatDecimal(taker), makerFeeRate: formatDecimal(maker), makerRebate: '' };
    const levels = (word: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ level: `${word} ${index + 1}`, ...rates }));
    const group = {
      groupName: GROUP.name,
      weightingFactor: 1,
      symbolsNumbers: symbols.length,
      symbols,
      feeRates: { pro: levels('Pro', PRO_LEVELS), marketMaker: levels('MM', 3) },
      updateTime: String(now),
    };
    return ok({ list: [group] });
  },
);
