import { formatDecimal, negate, ZERO } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/ids.ts';
import type {
  BorrowRecord,
  ClosedPnlRecord,
  DeliveryRecord,
  ExchangeInstrument,
  LedgerRecord,
  SettlementRecord,
} from '../../../ports/exchange.ts';
import { formatsOf, shownQuotient } from '../numbers.ts';
import { EXEC_TYPES, orderTypeWord, sideWord } from '../words.ts';

/** `type` of the transaction log (V5 docs, "Enums Definitions"): funding and the sessions of USDC are settlements. */
export const LEDGER_TYPES = {
  trade: 'TRADE',
  funding: 'SETTLEMENT',
  settlement: 'SETTLEMENT',
  delivery: 'DELIVERY',
  liquidation: 'LIQUIDATION',
  adl: 'ADL',
  transfer_in: 'TRANSFER_IN',
  transfer_out: 'TRANSFER_OUT',
  borrow: 'BORROW',
  repay: 'REPAY',
  interest: 'INTEREST',
  convert_out: 'SPOT_REPAYMENT_SELL',
  convert_in: 'SPOT_REPAYMENT_BUY',
  deposit: 'TRANSFER_IN',
} as const satisfies Record<LedgerRecord['type'], string>;

const orEmpty = (value: Money): string => (value === ZERO ? '' : formatDecimal(value));

/** Row of GET /v5/account/transaction-log: `change` = `cashFlow` + `funding` − `fee`. */
export const ledgerRow = (record: LedgerRecord, instrument: ExchangeInstrument | null) => ({
  id: record.id,
  symbol: instrument?.symbol ?? '',
  category: instrument?.category ?? '',
  side: record.side === null ? 'None' : sideWord(record.side),
  transactionTime: String(record.at),
  type: LEDGER_TYPES[record.type],
  transSubType: '',
  qty: formatDecimal(record.qty),
  size: formatDecimal(record.size),
  currency: record.asset,
  tradePrice: orEmpty(record.price),
  funding: orEmpty(record.funding),
  fee: formatDecimal(record.fee),
  cashFlow: formatDecimal(record.cashFlow),
  change: formatDecimal(record.change),
  cashBalance: formatDecimal(record.balance),
  feeRate: formatDecimal(record.feeRate),
  bonusChange: '',
  tradeId: record.tradeId,
  orderId: record.orderId,
  orderLinkId: record.clientOrderId ?? '',
  extraFees: '',
});

const sum = (records: readonly ClosedPnlRecord[], of: (record: ClosedPnlRecord) => Money): Money =>
  records.reduce((total, record) => total + of(record), 0n) as Money;

/** Value per contract and contract per value: linear prices are one, inverse ones the other. */
const average = (instrument: ExchangeInstrument, value: Money, qty: Money): string => {
  const digits = formatsOf(instrument).priceScale;
  return instrument.category === 'inverse' ? shownQuotient(qty, value, digits) : shownQuotient(value, qty, digits);
};

/** Row of GET /v5/position/closed-pnl: what the executions of one order closed, newest first. */
export function closedPnlRow(
  records: readonly [ClosedPnlRecord, ...ClosedPnlRecord[]],
  instrument: ExchangeInstrument,
) {
  const [newest] = records;
  const closed = sum(records, ({ closedQty }) => closedQty);
  const entry = sum(records, ({ entryValue }) => entryValue);
  const exit = sum(records, ({ exitValue }) => exitValue);
  return {
    symbol: instrument.symbol,
    orderId: newest.orderId,
    side: sideWord(newest.side),
    qty: formatDecimal(newest.orderQty),
    orderPrice: formatDecimal(newest.orderPrice),
    orderType: orderTypeWord(newest.orderType),
    execType: EXEC_TYPES[newest.execution],
    closedSize: formatDecimal(closed),
    cumEntryValue: formatDecimal(entry),
    avgEntryPrice: average(instrument, entry, closed),
    cumExitValue: formatDecimal(exit),
    avgExitPrice: average(instrument, exit, closed),
    closedPnl: formatDecimal(sum(records, ({ pnl }) => pnl)),
    fillCount: String(records.length),
    leverage: formatDecimal(newest.leverage),
    openFee: formatDecimal(sum(records, ({ openFee }) => openFee)),
    closeFee: formatDecimal(sum(records, ({ closeFee }) => closeFee)),
    createdTime: String(newest.createdAt),
    updatedTime: String(newest.at),
  };
}

/** Row of GET /v5/asset/delivery-record. */
export const deliveryRow = (record: DeliveryRecord, instrument: ExchangeInstrument) => ({
  symbol: instrument.symbol,
  side: sideWord(record.side),
  deliveryTime: record.at,
  strike: record.strike === null ? '' : formatDecimal(record.strike),
  fee: formatDecimal(record.fee),
  position: formatDecimal(record.position < ZERO ? negate(record.position) : record.position),
  deliveryPrice: formatDecimal(record.deliveryPrice),
  deliveryRpl: formatDecimal(record.pnl),
});

/** Row of GET /v5/asset/settlement-record. */
export const settlementRow = (record: SettlementRecord, instrument: ExchangeInstrument) => ({
  symbol: instrument.symbol,
  side: sideWord(record.side),
  size: formatDecimal(record.size < ZERO ? negate(record.size) : record.size),
  sessionAvgPrice: formatDecimal(record.sessionAvgPrice),
  markPrice: formatDecimal(record.markPrice),
  realisedPnl: formatDecimal(record.pnl),
  createdTime: String(record.at),
});

/** Row of GET /v5/account/borrow-history; the capital letter is the documentation's. */
export const borrowRow = (record: BorrowRecord) => ({
  currency: record.asset,
  createdTime: record.at,
  borrowCost: formatDecimal(record.interest),
  hourlyBorrowRate: formatDecimal(record.hourlyRate),
  InterestBearingBorrowSize: formatDecimal(record.amount),
  costExemption: '0',
  borrowAmount: formatDecimal(record.amount),
  unrealisedLoss: '0',
  freeBorrowedAmount: '0',
});
