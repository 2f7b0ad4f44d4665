import { add, subtract, ZERO } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import type { ClosedPnlRecord, ExchangeExecution, LedgerRecord } from '../../ports/exchange.ts';
import type { Change } from './changes.ts';
import type { TradedEvent, TradeHalf } from './events.ts';
import {
  accountOf,
  type CoinFacts,
  coinOf,
  isHouse,
  type OrderFacts,
  type PaperState,
  type PositionFacts,
  type PositionKey,
  positionKey,
  positionOf,
} from './state.ts';

/**
 * What a trade does to both accounts. A trade of an account with itself passes through the same balances and position
 * twice.
 */
export function tradeChanges(state: PaperState, event: TradedEvent): readonly Change[] {
  const edits = new Edits(state);
  const rest: Change[] = [];
  for (const half of [event.taker, event.maker]) {
    const before = half.orderId === null ? null : (accountOf(state.accounts, half.uid).open.get(half.orderId) ?? null);
    const position = half.position === null ? null : movePosition(edits, event, half);
    if (position !== null) rest.push({ type: 'position', uid: half.uid, facts: position });
    if (before !== null) {
      const facts = filledOrder(before, event, half);
      rest.push({ type: 'execution', uid: half.uid, execution: executionOf(facts, event, half) });
      rest.push({ type: 'order', uid: half.uid, facts });
      rest.push(...closedRecord(event, half, facts, position));
    }
    rest.push(...moveMoney(edits, event, half, before, position));
  }
  return [...rest, ...edits.changes()];
}

/** Balances and positions while one event changes them several times. */
class Edits {
  readonly state: PaperState;
  readonly #coins = new Map<string, Extract<Change, { type: 'coin' }>>();
  readonly #positions = new Map<string, PositionFacts>();

  constructor(state: PaperState) {
    this.state = state;
  }

  coin(uid: string, asset: AssetId, change: (coin: CoinFacts) => CoinFacts): CoinFacts {
    const key = `${uid}/${asset}`;
    const before = this.#coins.get(key)?.facts ?? coinOf(accountOf(this.state.accounts, uid), asset);
    const facts = change(before);
    this.#coins.set(key, { type: 'coin', uid, asset, facts });
    return facts;
  }

  position(uid: string, key: PositionKey, read: () => PositionFacts, change: (facts: PositionFacts) => PositionFacts) {
    const facts = change(this.#positions.get(`${uid}/${key}`) ?? read());
    this.#positions.set(`${uid}/${key}`, facts);
    return facts;
  }

  changes(): Iterable<Change> {
    return this.#coins.values();
  }
}

/** Every coin that the trade moves, each with its line in the account's ledger; then what the order reserves less. */
function moveMoney(
  edits: Edits,
  event: TradedEvent,
  half: TradeHalf,
  before: OrderFacts | null,
  position: PositionFacts | null,
): readonly Change[] {
  const flows = new Map<AssetId, bigint>();
  const flow = (asset: AssetId, amount: bigint): void => void flows.set(asset, (flows.get(asset) ?? 0n) + amount);
  const sign = half.side === 'buy' ? 1n : -1n;
  if (event.pays !== null) {
    if (event.pays.base !== null) flow(event.pays.base, sign * event.qty);
    flow(event.pays.quote, -sign * event.notional);
  } else flow(half.feeAsset, half.position?.realised ?? 0n);
  if (half.fee !== 0n) flow(half.feeAsset, 0n);
  const records: Change[] = [];
  for (const [asset, cashFlow] of flows) {
    const fee = asset === half.feeAsset ? half.fee : ZERO;
    const realised = asset === half.feeAsset ? (((half.position?.realised ?? 0n) - half.fee) as Money) : ZERO;
    const coin = edits.coin(half.uid, asset, (facts) => ({
      ...facts,
      wallet: (facts.wallet + cashFlow - fee) as Money,
      realised: add(facts.realised, realised),
    }));
    if (isHouse(half.uid)) continue;
    const line = { asset, cashFlow: cashFlow as Money, fee, balance: coin.wallet };
    records.push({
      type: 'record',
      uid: half.uid,
      record: ledgerRecord(edits.state, event, half, line, before, position),
    });
  }
  if (before !== null && before.heldAsset !== null) {
    const released = subtract(before.held, half.held);
    edits.coin(half.uid, before.heldAsset, (coin) => ({ ...coin, locked: subtract(coin.locked, released) }));
  }
  return records;
}

type Line = Readonly<{ asset: AssetId; cashFlow: Money; fee: Money; balance: Money }>;

function ledgerRecord(
  state: PaperState,
  event: TradedEvent,
  half: TradeHalf,
  line: Line,
  before: OrderFacts | null,
  position: PositionFacts | null,
): LedgerRecord {
  state.records += 1;
  return {
    kind: 'ledger',
    id: `${half.uid}_${line.asset}_${state.records}`,
    at: event.at,
    type: LEDGER_TYPES[event.kind],
    ...line,
    instrument: event.instrument,
    side: half.side,
    qty: event.qty,
    size: position?.size ?? ZERO,
    price: event.price,
    funding: ZERO,
    feeRate: line.fee === 0n ? ZERO : half.feeRate,
    change: subtract(line.cashFlow, line.fee),
    tradeId: half.execId,
    orderId: half.orderId ?? '',
    clientOrderId: before?.order.clientOrderId ?? null,
  };
}

const LEDGER_TYPES: Readonly<Record<TradedEvent['kind'], LedgerRecord['type']>> = {
  trade: 'trade',
  future_spread: 'trade',
  move_position: 'trade',
  funding: 'funding',
  settle: 'settlement',
  delivery: 'delivery',
  bust: 'liquidation',
  adl: 'adl',
};

function movePosition(edits: Edits, event: TradedEvent, half: TradeHalf): PositionFacts | null {
  const { position } = half;
  if (position === null) return null;
  const { idx } = position;
  const account = accountOf(edits.state.accounts, half.uid);
  const read = () => positionOf(account, event.instrument, idx);
  return edits.position(half.uid, positionKey(event.instrument, idx), read, (before) => moved(before, event, half));
}

function moved(before: PositionFacts, event: TradedEvent, half: TradeHalf): PositionFacts {
  const { position } = half;
  if (position === null) return before;
  const { size, cost, realised, closedQty, openFee } = position;
  const opens = before.size === 0n || (size !== 0n && before.size > 0n !== size > 0n);
  const gained = subtract(realised, half.fee);
  // After a flip the closing part's profit and fee belong to the old position, the rest of the fee to the new one.
  const opening = subtract(half.fee, closeFeeOf(event, half));
  const current = opens ? (-opening as Money) : add(before.currentRealised, gained);
  const paid = opens ? opening : closedQty === 0n ? add(before.openFees, half.fee) : subtract(before.openFees, openFee);
  return {
    ...before,
    size,
    cost,
    settled: keptSettled(before, closedQty, opens),
    settle: half.feeAsset, // contracts pay fees in the coin that they settle in
    openFees: size === 0n ? ZERO : paid,
    extraMargin: size === 0n ? ZERO : before.extraMargin,
    currentRealised: current,
    totalRealised: add(before.totalRealised, gained),
    createdAt: opens ? event.at : before.createdAt,
    updatedAt: event.at,
    seq: event.seq,
  };
}

/** The open part keeps its share of what sessions booked: it only says from where the position once began. */
function keptSettled({ settled, size }: PositionFacts, closedQty: Money, opens: boolean): Money {
  if (settled === 0n || opens) return ZERO;
  const qty = size < 0n ? -size : size;
  return ((settled * (qty - closedQty)) / qty) as Money;
}

function filledOrder(before: OrderFacts, event: TradedEvent, half: TradeHalf): OrderFacts {
  const { order } = before;
  const fees = new Map(order.fees);
  if (half.fee !== 0n) fees.set(half.feeAsset, add(fees.get(half.feeAsset) ?? ZERO, half.fee));
  return {
    ...before,
    held: half.held,
    order: {
      ...order,
      status: 'partially_filled',
      cumQty: add(order.cumQty, event.qty),
      cumNotional: add(order.cumNotional, event.notional),
      fees,
      leavesQty: subtract(order.leavesQty, order.qtyIn === 'base' ? event.qty : event.notional),
      closedPnl: add(order.closedPnl, half.position?.realised ?? ZERO),
      updatedAt: event.at,
    },
  };
}

function executionOf(facts: OrderFacts, event: TradedEvent, half: TradeHalf): ExchangeExecution {
  const { order } = facts;
  return {
    execId: half.execId,
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    instrument: event.instrument,
    positionIdx: half.position?.idx ?? 0,
    side: order.side,
    orderType: order.type,
    orderPrice: order.boundPrice,
    orderQty: order.qty,
    leavesQty: order.leavesQty,
    createdBy: order.createdBy,
    stopKind: order.stopKind,
    leverage: order.leverage,
    qtyIn: order.qtyIn,
    price: event.price,
    qty: event.qty,
    notional: event.notional,
    fee: half.fee,
    feeAsset: half.feeAsset,
    feeRate: half.feeRate,
    liquidity: half.liquidity,
    closedQty: half.position?.closedQty ?? ZERO,
    realisedPnl: half.position?.realised ?? ZERO,
    markPrice: event.mark,
    indexPrice: event.index,
    option: event.option,
    at: event.at,
    seq: event.seq,
    kind: event.kind,
  };
}

/** What of a trade's fee is for the part that closed a position. */
const closeFeeOf = ({ qty }: TradedEvent, { fee, position }: TradeHalf): Money =>
  ((fee * (position?.closedQty ?? 0n)) / qty) as Money;

/** What a trade closed of a future: the profit of Bybit's closed P&L is net of the fees to open and close. */
function closedRecord(
  event: TradedEvent,
  half: TradeHalf,
  facts: OrderFacts,
  position: PositionFacts | null,
): readonly Change[] {
  const closing = half.position;
  if (closing === null || closing.closedQty === 0n || event.pays !== null || position === null) return [];
  const { order } = facts;
  const closeFee = closeFeeOf(event, half);
  const record: ClosedPnlRecord = {
    kind: 'closed_pnl',
    at: event.at,
    instrument: event.instrument,
    orderId: order.orderId,
    side: half.side,
    orderType: order.type,
    createdBy: order.createdBy,
    execution: event.kind,
    orderQty: order.qty,
    orderPrice: order.boundPrice,
    closedQty: closing.closedQty,
    entryValue: closing.entryValue,
    exitValue: ((event.notional * closing.closedQty) / event.qty) as Money,
    openFee: closing.openFee,
    closeFee,
    pnl: (closing.realised - closing.openFee - closeFee) as Money,
    leverage: position.leverage,
    createdAt: order.createdAt,
  };
  return [{ type: 'record', uid: half.uid, record }];
}
