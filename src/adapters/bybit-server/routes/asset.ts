import { formatDecimal, minimum, ZERO } from '../../../domain/decimal.ts';
import type { AssetId, Money } from '../../../domain/ids.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Exchange, WalletName } from '../../../ports/exchange.ts';
import { perMinute, sameLimit } from '../limits.ts';
import { optional, text, whole, withDefault } from '../params/fields.ts';
import { coinList, knownCoins, notTransferable, WIRE_WALLET, walletName } from '../params/wallet-fields.ts';
import { invalidParam, missingParam, REFUSED, wireRefusal } from '../refusals.ts';
import { accountRoute, type Route } from '../route.ts';
import { assetOverview } from './asset-overview.ts';
import { ownMember, uidField } from './user.ts';

/** "UNIFIED: at most 10 coins." */
const MOST_COINS = 10;
const choice = withDefault(whole(0, 1), 0);

type Held = Readonly<{ wallet: Money; transferable: Money }>;

/** What of a coin lies in one wallet of a user, and what of it can be moved. */
function heldIn(exchange: Exchange, uid: string, wallet: WalletName, asset: AssetId): Held {
  if (wallet === 'fund') {
    const amount = exchange.funding(uid).get(asset) ?? ZERO;
    return { wallet: amount, transferable: amount };
  }
  const coin = exchange.wallet(uid).coins.find((one) => one.asset === asset);
  return { wallet: coin?.wallet ?? ZERO, transferable: exchange.transferable(uid, asset) };
}

const coinBalance = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/transfer/query-account-coin-balance',
    permission: 'open',
    limit: sameLimit('asset.query-account-coin-balance', 450),
    retMsg: 'success',
    params: {
      accountType: walletName,
      coin: text,
      memberId: optional(uidField),
      toMemberId: optional(uidField),
      toAccountType: optional(walletName),
      withBonus: choice,
      withTransferSafeAmount: choice,
      withLtvTransferSafeAmount: choice,
    },
  },
  (params, { exchange, uid }) => {
    const member = ownMember(exchange, uid, params.memberId);
    if (!member.ok) return member;
    const coin = params.coin as AssetId;
    if (!knownCoins(exchange).has(coin)) return err(notTransferable);
    const held = heldIn(exchange, member.value, params.accountType, coin);
    const safe = formatDecimal(held.transferable);
    return ok({
      accountType: WIRE_WALLET[params.accountType],
      bizType: 1,
      accountId: member.value,
      memberId: member.value,
      balance: {
        coin,
        walletBalance: formatDecimal(held.wallet),
        transferBalance: safe,
        bonus: '0',
        // Nothing is lent by an institution: what is safe to transfer is what can be transferred.
        transferSafeAmount: params.withTransferSafeAmount === 1 ? safe : '',
        ltvTransferSafeAmount: params.withLtvTransferSafeAmount === 1 ? safe : '',
      },
    });
  },
);

const coinsBalance = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/transfer/query-account-coins-balance',
    permission: 'open',
    limit: sameLimit('asset.query-account-coins-balance', 5),
    retMsg: 'success',
    params: { accountType: walletName, memberId: optional(uidField), coin: optional(text), withBonus: choice },
  },
  (params, { exchange, uid }) => {
    const { accountType } = params;
    const member = ownMember(exchange, uid, params.memberId);
    if (!member.ok) return member;
    const asked = coinList(params.coin);
    if (accountType === 'unified' && asked === null) return err(missingParam('coin'));
    if (accountType === 'unified' && asked !== null && asked.length > MOST_COINS) return err(invalidParam('coin'));
    const coins =
      asked ?? [...exchange.funding(member.value)].filter(([, amount]) => amount > 0n).map(([coin]) => coin);
    const balance = coins.map((coin) => {
      const held = heldIn(exchange, member.value, accountType, coin);
      return {
        coin,
        walletBalance: formatDecimal(held.wallet),
        transferBalance: formatDecimal(held.transferable),
        bonus: params.withBonus === 1 ? '0' : '',
      };
    });
    return ok({ memberId: member.value, accountType: WIRE_WALLET[accountType], balance });
  },
);

/** Withdrawals are not simulated: what could be withdrawn is what could be moved to another account. */
const withdrawable = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/withdraw/withdrawable-amount',
    permission: 'open',
    limit: sameLimit('asset.withdrawable-amount', 300),
    retMsg: 'success',
    params: { coin: text },
  },
  (params, { exchange, uid }) => {
    const coin = params.coin as AssetId;
    if (!knownCoins(exchange).has(coin)) return err(invalidParam('coin'));
    const rows = (['fund', 'unified'] as const).map((wallet) => {
      const { wallet: there, transferable } = heldIn(exchange, uid, wallet, coin);
      const withdrawableAmount = formatDecimal(minimum(there, transferable));
      return { coin, withdrawableAmount, availableBalance: formatDecimal(transferable) };
    });
    return ok({ limitAmountUsd: '0', withdrawableAmount: { FUND: rows[0], UTA: rows[1] } });
  },
);

const transferCoins = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/transfer/query-transfer-coin-list',
    permission: 'open',
    limit: perMinute('asset.query-transfer-coin-list', 60),
    retMsg: 'success',
    params: { fromAccountType: walletName, toAccountType: walletName },
  },
  ({ fromAccountType, toAccountType }, { exchange }) =>
    fromAccountType === toAccountType
      ? err(wireRefusal({ code: 'TRANSFER_TO_ITSELF', detail: fromAccountType }, 'spot'))
      : ok({ list: [...knownCoins(exchange)].sort() }),
);

const subMemberIds = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/transfer/query-sub-member-list',
    permission: 'open',
    limit: perMinute('asset.query-sub-member-list', 60),
    retMsg: 'success',
    params: {},
  },
  (_params, { exchange, uid }) => {
    if ((exchange.member(uid)?.parent ?? null) !== null) return err(REFUSED.permission);
    const ids = exchange.subMembers(uid).map((sub) => sub.uid);
    return ok({ subMemberIds: ids, transferableSubMemberIds: ids });
  },
);

/** No chain is connected: one is named, and it takes and gives nothing. */
const coinInfo = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/coin/query-info',
    permission: 'open',
    limit: sameLimit('asset.coin-query-info', 5),
    retMsg: 'success',
    params: { coin: optional(text) },
  },
  (params, { exchange }) => {
    const coins = [...knownCoins(exchange)].sort().filter((coin) => params.coin === null || coin === params.coin);
    return ok({ rows: coins.map(coinRow) });
  },
);

const coinRow = (coin: AssetId) => ({
  name: coin,
  coin,
  remainAmount: '0',
  chains: [
    {
      chainType: coin,
      chain: coin,
      chainDeposit: '0',
      chainWithdraw: '0',
      confirmation: '0',
      safeConfirmNumber: '0',
      withdrawFee: '0',
      withdrawPercentageFee: '0',
      depositMin: '0',
      withdrawMin: '0',
      withdrawMax: '0',
      minAccuracy: '8',
      contractAddress: '',
    },
  ],
});

export const ASSET_ROUTES: readonly Route[] = [
  coinBalance,
  coinsBalance,
  assetOverview,
  withdrawable,
  transferCoins,
  subMemberIds,
  coinInfo,
];
