import { money } from '../../../domain/decimal.ts';
import type { AssetId, Money } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { CoinAmount } from '../../../ports/exchange.ts';
import { perMinute } from '../limits.ts';
import { type Field, positive, whole, withDefault } from '../params/fields.ts';
import { isObject } from '../params/source.ts';
import { invalidParam, type WireRefusal, wireRefusal } from '../refusals.ts';
import { accountRoute, type Route } from '../route.ts';

/** Most of a coin in one request (V5 docs, "Demo Trading Service"). */
const MOST: Readonly<Record<string, Money>> = {
  BTC: money('15'),
  ETH: money('200'),
  USDT: money('100000'),
  USDC: money('100000'),
};
const EVERYTHING: readonly CoinAmount[] = Object.entries(MOST).map(([asset, amount]) => ({
  asset: asset as AssetId,
  amount,
}));

function readAmount(row: unknown): Result<CoinAmount, WireRefusal> {
  if (!isObject(row)) return err(invalidParam('utaDemoApplyMoney'));
  const { coin } = row;
  const most = typeof coin === 'string' && Object.hasOwn(MOST, coin) ? MOST[coin] : undefined;
  if (most === undefined) return err(invalidParam('coin'));
  const amount = positive(row['amountStr'], 'amountStr');
  if (!amount.ok) return amount;
  return amount.value > most ? err(invalidParam('amountStr')) : ok({ asset: coin as AssetId, amount: amount.value });
}

const amounts: Field<readonly CoinAmount[]> = (raw, name) => {
  if (!Array.isArray(raw) || raw.length === 0) return err(invalidParam(name));
  const rows: CoinAmount[] = [];
  for (const row of raw as readonly unknown[]) {
    const read = readAmount(row);
    if (!read.ok) return read;
    rows.push(read.value);
  }
  return new Set(rows.map(({ asset }) => asset)).size === rows.length ? ok(rows) : err(invalidParam('coin'));
};

const ADD = 0;
const REDUCE = 1;

/** Play money for whoever asks, once a minute; without a list the most of every coin. */
const applyMoney = accountRoute(
  {
    method: 'POST',
    path: '/v5/account/demo-apply-money',
    permission: 'open',
    limit: perMinute('account.demo-apply-money', 1),
    retMsg: '',
    params: {
      adjustType: withDefault(whole(ADD, REDUCE), ADD),
      utaDemoApplyMoney: withDefault(amounts, EVERYTHING),
    },
  },
  async (params, { exchange, uid }) => {
    const sign = params.adjustType === REDUCE ? -1n : 1n;
    const wanted = params.utaDemoApplyMoney.map(({ asset, amount }) => ({ asset, amount: (amount * sign) as Money }));
    const done = await exchange.adjustMoney(uid, wanted);
    return done.ok ? ok({}) : err(wireRefusal(done.error, 'linear'));
  },
);

export const DEMO_ROUTES: readonly Route[] = [applyMoney];
