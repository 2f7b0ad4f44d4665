import { formatDecimal, minimum, quotient, roundTo, ZERO } from '../../../domain/decimal.ts';
import type { AssetId, Money } from '../../../domain/ids.ts';
import { err, ok } from '../../../domain/result.ts';
import type { AccountLending, Repayment } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { oneOf, optional, positive, text, withDefault } from '../params/fields.ts';
import { type RouteAnswer, type AccountContext, accountRoute, type Route } from '../route.ts';
import { refused, wireRefusal } from '../refusals.ts';

const borrow = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/borrow',
    permission: 'open',
    limit: sameLimit('account.borrow', 1),
    retMsg: 'success',
    params: { coin: text, amount: positive },
  },
  async ({ coin, amount }, { exchange, uid }) => {
    const done = await exchange.money.borrow(uid, coin as AssetId, amount);
    return done.ok ? ok({ coin, amount: formatDecimal(amount) }) : err(wireRefusal(done.error, 'spot'));
  },
);

const REPAYMENT = {
  amount: optional(positive),
  // There are no loans of a fixed term here: what is repaid of them is nothing.
  repaymentType: withDefault(oneOf(['FLEXIBLE', 'FIXED', 'ALL']), 'FLEXIBLE'),
} as const;
const NO_FIXED_LOANS = refused(182102, 'Failed repayment, there are no liabilities in the current currency');

async function repaid(context: AccountContext, kind: string, repayment: Repayment): Promise<RouteAnswer> {
  if (kind === 'FIXED') return err(NO_FIXED_LOANS);
  const done = await context.exchange.money.repay(context.uid, repayment);
  // It is done when it is answered: nothing is under way any more.
  return done.ok ? ok({ resultStatus: 'SU' }) : err(wireRefusal(done.error, 'spot'));
}

const repay = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/repay',
    permission: 'open',
    limit: sameLimit('account.repay', 1),
    retMsg: 'success',
    params: { coin: optional(text), ...REPAYMENT },
  },
  ({ coin, amount, repaymentType }, context) =>
    repaid(context, repaymentType, { asset: coin as AssetId | null, amount, convert: true }),
);

const repayWithoutConversion = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/no-convert-repay',
    permission: 'open',
    limit: sameLimit('account.no-convert-repay', 1),
    retMsg: 'success',
    params: { coin: text, ...REPAYMENT },
  },
  ({ coin, amount, repaymentType }, context) =>
    repaid(context, repaymentType, { asset: coin as AssetId, amount, convert: false }),
);

const quickRepayment = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/quick-repayment',
    permission: 'open',
    limit: sameLimit('account.quick-repayment', 1),
    retMsg: 'SUCCESS',
    params: { coin: optional(text) },
  },
  async ({ coin }, { exchange, uid }) => {
    const done = await exchange.money.coverDebts(uid, coin as AssetId | null);
    if (!done.ok) return err(wireRefusal(done.error, 'spot'));
    const list = done.value.map(({ asset, amount }) => ({ coin: asset, repaymentQty: formatDecimal(amount) }));
    return ok({ list });
  },
);

const collateralInfo = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/collateral-info',
    permission: 'open',
    limit: sameLimit('account.collateral-info', 50),
    params: { currency: optional(text) },
  },
  ({ currency }, { exchange, uid }) => {
    const coins = exchange.money.lending(uid).filter(({ asset }) => currency === null || asset === currency);
    return ok({ list: coins.map(collateralRow) });
  },
);

function collateralRow(coin: AccountLending) {
  const { asset, collateral, hourlyRate, limit, borrowed, spotBorrow, available, isCollateral } = coin;
  const used = limit === null || limit === ZERO ? ZERO : quotient(borrowed, limit, 'half_even');
  return {
    currency: asset,
    hourlyBorrowRate: formatDecimal(hourlyRate),
    maxBorrowingAmount: limit === null ? '' : formatDecimal(limit),
    // Nothing is lent without interest: there is none at all.
    freeBorrowingLimit: '0',
    freeBorrowAmount: '0',
    freeBorrowingAmount: '',
    borrowAmount: formatDecimal(borrowed),
    otherBorrowAmount: '0',
    availableToBorrow: formatDecimal(limit === null ? available : minimum(available, (limit - spotBorrow) as Money)),
    borrowable: limit !== ZERO,
    borrowUsageRate: formatDecimal(roundTo(used, 8, 'half_even')),
    marginCollateral: collateral !== null,
    collateralSwitch: isCollateral,
    collateralRatio: formatDecimal(collateral?.[0]?.ratio ?? ZERO),
  };
}

export const LOAN_ROUTES: readonly Route[] = [borrow, repay, repayWithoutConversion, quickRepayment, collateralInfo];
