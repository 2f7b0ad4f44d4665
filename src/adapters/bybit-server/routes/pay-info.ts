import { divide, formatDecimal, maximum, ONE, ZERO } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import { ok } from '../../../domain/result.ts';
import type { AccountLending } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { optional, text } from '../params/fields.ts';
import { accountRoute, type Route } from '../route.ts';

const COIN_SCALE = 8;
const freeOf = ({ wallet, locked }: AccountLending): Money => maximum(ZERO, (wallet - locked) as Money);
const inDollars = (amount: Money, { index }: AccountLending): string =>
  formatDecimal(divide(amount * index, ONE, 'down') as Money);

const collateralRow = (coin: AccountLending) => ({
  coin: coin.asset,
  availableSize: formatDecimal(freeOf(coin)),
  availableValue: inDollars(freeOf(coin), coin),
  coinScale: COIN_SCALE,
  borrowSize: formatDecimal(coin.borrowed),
  // Nothing is hedged here.
  spotHedgeAmount: '0',
  assetFrozen: formatDecimal(coin.locked),
});

const debtRow = (coin: AccountLending) => ({
  coin: coin.asset,
  borrowSize: formatDecimal(coin.borrowed),
  borrowValue: inDollars(coin.borrowed, coin),
  assetFrozen: formatDecimal(coin.locked),
  availableBalance: formatDecimal(freeOf(coin)),
});

/** What debts of a coin can be paid with: coins that the account has or owes. */
const payInfo = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/pay-info',
    permission: 'open',
    limit: sameLimit('account.pay-info', 50),
    retMsg: 'Success',
    params: { coin: optional(text) },
  },
  ({ coin }, { exchange, uid }) => {
    const coins = exchange.money.lending(uid);
    const held = coins.filter(({ wallet, borrowed }) => wallet !== ZERO || borrowed !== ZERO);
    const asked = coins.find(({ asset }) => asset === (coin ?? 'USDT'));
    return ok({
      collateralInfo: { collateralList: held.map(collateralRow) },
      borrowInfo: asked === undefined ? {} : debtRow(asked),
    });
  },
);

export const PAY_ROUTES: readonly Route[] = [payInfo];
