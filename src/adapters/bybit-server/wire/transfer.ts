import { formatDecimal } from '../../../domain/decimal.ts';
import type { TransferRecord } from '../../../ports/exchange.ts';
import { WIRE_WALLET } from '../params/wallet-fields.ts';

/** Times of transfers are told to the second. */
const wholeSecond = (at: number): string => String(Math.floor(at / 1000) * 1000);

/** Row of GET /v5/asset/transfer/query-inter-transfer-list. */
export const transferRow = (record: TransferRecord) => ({
  transferId: record.transferId,
  coin: record.asset,
  amount: formatDecimal(record.amount),
  fromAccountType: WIRE_WALLET[record.from.wallet],
  toAccountType: WIRE_WALLET[record.to.wallet],
  timestamp: wholeSecond(record.at),
  status: 'SUCCESS',
});

/** Row of GET /v5/asset/transfer/query-universal-transfer-list. */
export const betweenRow = (record: TransferRecord) => ({
  ...transferRow(record),
  fromMemberId: record.from.uid,
  toMemberId: record.to.uid,
});
