import { money } from '../../../domain/decimal.ts';
import type { AssetId, InstrumentId, UnixMs } from '../../../domain/ids.ts';
import type {
  ExchangeExecution,
  ExchangeOrder,
  ExchangePosition,
  PublicTrade,
  Wallet,
} from '../../../ports/exchange.ts';
import { LINEAR } from './scripted-exchange.ts';

const AT = 1_700_000_000_000 as UnixMs;
const USDT = 'USDT' as AssetId;

export const sampleOrder = (change: Partial<ExchangeOrder> = {}): ExchangeOrder => ({
  orderId: 'order-1',
  clientOrderId: 'mine-1',
  instrument: LINEAR,
  side: 'buy',
  type: 'limit',
  price: money('60000'),
  boundPrice: money('60000'),
  qty: money('0.1'),
  qtyIn: 'base',
  timeInForce: 'gtc',
  reduceOnly: false,
  selfTrade: 'none',
  status: 'partially_filled',
  closeReason: null,
  cumQty: money('0.04'),
  cumNotional: money('2400'),
  fees: new Map([[USDT, money('1.32')]]),
  leavesQty: money('0.06'),
  lastPriceOnCreate: money('60000.1'),
  createdAt: AT,
  updatedAt: AT,
  ...change,
});

export const sampleExecution = (change: Partial<ExchangeExecution> = {}): ExchangeExecution => ({
  execId: 'exec-1',
  orderId: 'order-1',
  clientOrderId: 'mine-1',
  instrument: LINEAR,
  side: 'buy',
  orderType: 'limit',
  orderPrice: money('60000'),
  orderQty: money('0.1'),
  leavesQty: money('0.06'),
  price: money('60000'),
  qty: money('0.04'),
  notional: money('2400'),
  fee: money('1.32'),
  feeAsset: USDT,
  feeRate: money('0.00055'),
  liquidity: 'taker',
  closedQty: money('0'),
  realisedPnl: money('0'),
  markPrice: money('60000.4'),
  indexPrice: money('60001.23'),
  at: AT,
  seq: 1234,
  kind: 'trade',
  ...change,
});

export const samplePosition = (change: Partial<ExchangePosition> = {}): ExchangePosition => ({
  instrument: LINEAR,
  size: money('-0.3'),
  entryPrice: money('59990.123'),
  markPrice: money('60000.4'),
  notional: money('18000.12'),
  leverage: money('10'),
  initialMargin: money('1800.012'),
  maintenanceMargin: money('90'),
  unrealisedPnl: money('-3.0831'),
  currentRealisedPnl: money('1.26'),
  totalRealisedPnl: money('-25.06579337'),
  liquidationPrice: money('65000.5'),
  createdAt: AT,
  updatedAt: AT,
  seq: 77,
  ...change,
});

export const sampleWallet = (): Wallet => ({
  coins: [walletCoin('BTC', '0.5'), walletCoin('USDT', '1000'), walletCoin('ETH', '0')],
  totals: {
    equity: money('31000'),
    walletBalance: money('31000'),
    marginBalance: money('31000'),
    available: money('29000'),
    perpUnrealised: money('0'),
    initialMargin: money('2000'),
    maintenanceMargin: money('100'),
  },
});

const walletCoin = (asset: string, wallet: string): Wallet['coins'][number] => ({
  asset: asset as AssetId,
  wallet: money(wallet),
  equity: money(wallet),
  usdValue: money(wallet),
  locked: money('0'),
  orderMargin: money('0'),
  positionMargin: money('0'),
  maintenanceMargin: money('0'),
  unrealisedPnl: money('0'),
  realisedPnl: money('0'),
});

export const sampleTrade = (instrument: InstrumentId, change: Partial<PublicTrade> = {}): PublicTrade => ({
  instrument,
  tradeId: 'trade-1',
  price: money('60000.1'),
  qty: money('0.001'),
  aggressor: 'buy',
  at: AT,
  seq: 55,
  tickDirection: 'PlusTick',
  ...change,
});
