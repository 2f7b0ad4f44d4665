import type { AssetId, InstrumentId, Money, Side, UnixMs } from '../../domain/ids.ts';
import type { Liquidity } from '../../domain/order.ts';
import type { ExchangeExecution, ExecutionKind, PositionIdx } from '../../ports/exchange.ts';

/** One match, both sides booked. Trades among synthetic orders change nothing and are not recorded. */
export type TradedEvent = Readonly<{
  type: 'traded';
  at: UnixMs;
  instrument: InstrumentId;
  kind: ExecutionKind;
  /**
   * The coins that change hands: base and quote of a spot pair; of an option only its premium (`base` null). Null for
   * futures, which settle profits only.
   */
  pays: Readonly<{ base: AssetId | null; quote: AssetId }> | null;
  seq: number;
  price: Money;
  qty: Money;
  /** As the contract is valued: in quote, or in base for inverse contracts. */
  notional: Money;
  mark: Money;
  index: Money;
  option: ExchangeExecution['option'];
  aggressor: Side;
  taker: TradeHalf;
  maker: TradeHalf;
}>;

export type TradeHalf = Readonly<{
  uid: string;
  /** Null for the exchange's own accounts. */
  orderId: string | null;
  execId: string;
  side: Side;
  liquidity: Liquidity;
  fee: Money;
  feeAsset: AssetId;
  feeRate: Money;
  /** What the order keeps reserved after this trade. */
  held: Money;
  /** Contracts: what of the trade closed a position, what that earned before fees, and the position after it. */
  position: Readonly<{
    idx: PositionIdx;
    closedQty: Money;
    realised: Money;
    size: Money;
    cost: Money;
    /** What the closed part had cost, and its part of the fees that opened it. */
    entryValue: Money;
    openFee: Money;
  }> | null;
}>;
