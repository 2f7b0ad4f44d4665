import type { AssetId } from '../../../domain/ids.ts';
import { err, ok } from '../../../domain/result.ts';
import type { NewTransfer, TransferRecord } from '../../../ports/exchange.ts';
import { perMinute, sameLimit } from '../limits.ts';
import { instant, oneOf, optional, pageSize, text } from '../params/fields.ts';
import { page, weekWindow } from '../params/paging.ts';
import { knownCoins, notTransferable, transferAmount, transferId, walletName } from '../params/wallet-fields.ts';
import { refused, wireRefusal } from '../refusals.ts';
import { accountRoute, type AccountContext, type Route } from '../route.ts';
import { betweenRow, transferRow } from '../wire/transfer.ts';
import { uidField } from './user.ts';

/** What has to be true of every transfer, before the exchange is asked. */
async function move({ exchange, uid }: AccountContext, wanted: NewTransfer) {
  if (!knownCoins(exchange).has(wanted.asset)) return err(notTransferable);
  const moved = await exchange.transfer(uid, wanted);
  if (moved.ok) return ok({ transferId: moved.value.transferId, status: 'SUCCESS' });
  const isSub = (exchange.member(uid)?.parent ?? null) !== null;
  if (moved.error.code === 'TRANSFER_NOT_ALLOWED' && isSub) {
    return err(refused(131227, 'subaccount do not have universal transfer permission'));
  }
  return err(wireRefusal(moved.error, 'spot'));
}

const transferParams = {
  transferId,
  coin: text,
  amount: transferAmount,
  fromAccountType: walletName,
  toAccountType: walletName,
};

const interTransfer = accountRoute(
  {
    method: 'POST',
    path: '/v5/asset/transfer/inter-transfer',
    permission: 'transfer',
    limit: perMinute('asset.inter-transfer', 60),
    retMsg: 'success',
    params: transferParams,
  },
  (params, context) => {
    const { uid } = context;
    const { transferId: id, coin, amount, fromAccountType, toAccountType } = params;
    return move(context, {
      transferId: id,
      asset: coin as AssetId,
      amount,
      from: { uid, wallet: fromAccountType },
      to: { uid, wallet: toAccountType },
    });
  },
);

const universalTransfer = accountRoute(
  {
    method: 'POST',
    path: '/v5/asset/transfer/universal-transfer',
    permission: 'between_members',
    limit: sameLimit('asset.universal-transfer', 5),
    retMsg: 'success',
    params: { ...transferParams, fromMemberId: uidField, toMemberId: uidField },
  },
  (params, context) => {
    const { transferId: id, coin, amount, fromMemberId, toMemberId, fromAccountType, toAccountType } = params;
    return move(context, {
      transferId: id,
      asset: coin as AssetId,
      amount,
      from: { uid: fromMemberId, wallet: fromAccountType },
      to: { uid: toMemberId, wallet: toAccountType },
    });
  },
);

const listParams = {
  transferId: optional(text),
  coin: optional(text),
  status: optional(oneOf(['SUCCESS', 'PENDING', 'FAILED', 'STATUS_UNKNOWN'])),
  startTime: instant,
  endTime: instant,
  limit: pageSize(50, 20),
  cursor: optional(text),
};
type Asked = Readonly<{ transferId: string | null; coin: string | null; status: string | null }>;

/** Every transfer is done at once: none is pending or has failed. */
const isAsked = (record: TransferRecord, { transferId: id, coin, status }: Asked): boolean =>
  (id === null || record.transferId === id) &&
  (coin === null || record.asset === coin) &&
  (status === null || status === 'SUCCESS');

const placeOf = ({ at, transferId: id }: TransferRecord) => ({ at, id });

const interTransfers = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/transfer/query-inter-transfer-list',
    permission: 'open',
    limit: perMinute('asset.query-inter-transfer-list', 60),
    retMsg: 'success',
    params: listParams,
  },
  (params, { exchange, uid, now }) => {
    const range = weekWindow(params.startTime, params.endTime, now);
    if (!range.ok) return range;
    const rows = exchange
      .records(uid, 'transfer', range.value)
      .filter((record) => record.from.uid === record.to.uid && isAsked(record, params));
    const cut = page(rows, params.limit, params.cursor, placeOf);
    if (!cut.ok) return cut;
    return ok({ list: cut.value.rows.map(transferRow), nextPageCursor: cut.value.nextPageCursor });
  },
);

/** A master sees what it and its sub-accounts sent each other. */
const universalTransfers = accountRoute(
  {
    method: 'GET',
    path: '/v5/asset/transfer/query-universal-transfer-list',
    permission: 'between_members',
    limit: sameLimit('asset.query-universal-transfer-list', 5),
    retMsg: 'success',
    params: listParams,
  },
  (params, { exchange, uid, now }) => {
    const range = weekWindow(params.startTime, params.endTime, now);
    if (!range.ok) return range;
    const uids = [uid, ...exchange.subMembers(uid).map((sub) => sub.uid)];
    const found = new Map<string, TransferRecord>();
    for (const one of uids) {
      for (const record of exchange.records(one, 'transfer', range.value)) found.set(record.transferId, record);
    }
    const rows = [...found.values()]
      .filter((record) => record.from.uid !== record.to.uid && isAsked(record, params))
      .sort((a, b) => b.at - a.at);
    const cut = page(rows, params.limit, params.cursor, placeOf);
    if (!cut.ok) return cut;
    return ok({ list: cut.value.rows.map(betweenRow), nextPageCursor: cut.value.nextPageCursor });
  },
);

export const TRANSFER_ROUTES: readonly Route[] = [interTransfer, universalTransfer, interTransfers, universalTransfers];
