import { formatDecimal, multiply, quotient, roundTo, ZERO } from '../../../domain/decimal.ts';
import type { AssetId, Money } from '../../../domain/ids.ts';
import { err, ok } from '../../../domain/result.ts';
import { sameLimit } from '../limits.ts';
import { oneOf, optional, text, withDefault } from '../params/fields.ts';
import { invalidParam } from '../refusals.ts';
import { accountRoute } from '../route.ts';
import { ownMember, uidField } from './user.ts';

type CoinEquity = Readonly<{ coin: AssetId; equity: Money; usd: Money }>;

/** Digits of a value in US dollars. */
const CENTS = 2;
const COIN_DIGITS = 8;
const USD = 'USD';

/** What all wallets of a user are worth. */
export const assetOverview = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/asset-overview',
    permission: 'open',
    limit: sameLimit('asset.asset-overview', 50),
    retMsg: 'Success',
    params: {
      memberId: optional(uidField),
      valuationCurrency: withDefault(text, USD),
      accountType: optional(oneOf(['FundingAccount', 'UnifiedTradingAccount'])),
    },
  },
  (params, { exchange, uid, now }) => {
    const member = ownMember(exchange, uid, params.memberId);
    if (!member.ok) return member;
    const { valuationCurrency } = params;
    const unit = valuationCurrency === USD ? null : exchange.usdPrice(valuationCurrency as AssetId);
    if (unit === ZERO) return err(invalidParam('valuationCurrency'));
    const valued = (usd: Money): string =>
      formatDecimal(
        unit === null ? roundTo(usd, CENTS, 'down') : roundTo(quotient(usd, unit, 'down'), COIN_DIGITS, 'down'),
      );
    const inFunding = [...exchange.funding(member.value)].map(
      ([coin, equity]): CoinEquity => ({ coin, equity, usd: multiply(equity, exchange.usdPrice(coin), 'down') }),
    );
    const { coins, totals } = exchange.wallet(member.value);
    const inTrading = coins.map(({ asset, equity, usdValue }) => ({ coin: asset, equity, usd: usdValue }));
    const row = (accountType: string, held: readonly CoinEquity[], total: Money) => ({
      totalEquity: valued(total),
      valuationCurrency,
      accountType,
      coinDetail: held
        .filter(({ equity }) => equity !== ZERO)
        .map(({ coin, equity }) => ({ equity: formatDecimal(equity), coin })),
      snapshotTime: String(now),
    });
    const fundTotal = inFunding.reduce((sum, { usd }) => (sum + usd) as Money, ZERO);
    const rows = [
      { name: 'FundingAccount', held: inFunding, total: fundTotal },
      { name: 'UnifiedTradingAccount', held: inTrading, total: totals.equity },
    ].filter(({ name }) => params.accountType === null || name === params.accountType);
    const total = rows.reduce((sum, one) => (sum + one.total) as Money, ZERO);
    return ok({ totalEquity: valued(total), list: rows.map(({ name, held, total: worth }) => row(name, held, worth)) });
  },
);
