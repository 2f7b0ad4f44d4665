// Every trading function of every category, as a list of steps.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { TAKER } from '../loopback.ts';
import { type Market, marketSteps } from './market-steps.ts';
import { done, type Row, type Step, type Walk } from './walk.ts';

const always = (symbol: string) => async () => symbol;

/** The first listed symbol that is wanted. */
const listed =
  (category: string, wanted: (row: Row) => boolean) =>
  async ({ taker }: Walk): Promise<string> => {
    const { list } = await done(taker.getInstrumentsInfo({ category, limit: 1000 } as never));
    const symbol = (list as unknown as Row[]).find(wanted)?.['symbol'];
    assert.ok(symbol !== undefined, `no such instrument of ${category} is listed`);
    return symbol;
  };

const isDated = (row: Row): boolean => row['contractType']?.endsWith('Futures') === true;

/** A call near the money, with time left. */
async function anOption({ taker }: Walk): Promise<string> {
  const { list } = await done(taker.getInstrumentsInfo({ category: 'option', baseCoin: 'BTC', limit: 1000 }));
  const calls = (list as unknown as Row[]).filter((row) => row['optionsType'] === 'Call');
  const last = Math.max(...calls.map((row) => Number(row['deliveryTime'])));
  const chain = calls.filter((row) => Number(row['deliveryTime']) === last);
  const symbol = chain[Math.floor(chain.length / 2)]?.['symbol'];
  assert.ok(symbol !== undefined, 'no option is listed');
  return symbol;
}

const MARKETS: readonly Market[] = [
  { name: 'spot', category: 'spot', qty: '0.01', find: always('BTCUSDT') },
  { name: 'USDT perpetual', category: 'linear', qty: '0.01', find: always('BTCUSDT') },
  { name: 'USDC perpetual', category: 'linear', qty: '0.01', find: always('BTCPERP') },
  { name: 'USDT future', category: 'linear', qty: '0.01', find: listed('linear', isDated) },
  { name: 'inverse perpetual', category: 'inverse', qty: '100', find: always('BTCUSD') },
  { name: 'inverse future', category: 'inverse', qty: '100', find: listed('inverse', isDated) },
  { name: 'option', category: 'option', qty: '0.1', find: anOption },
];

const beginning: readonly Step[] = [
  {
    what: 'asks for the time and the key',
    run: async ({ taker }) => {
      assert.ok((await taker.fetchServerTime()) > 0);
      const { permissions } = await done(taker.getQueryApiKey());
      assert.deepEqual(permissions.Spot, ['SpotTrade']);
    },
  },
  {
    what: 'listens to its account',
    run: (walk) => walk.listener('/v5/private').subscribe(['order', 'execution', 'position', 'wallet'], 'linear'),
  },
];

const hedge: readonly Step[] = [
  {
    what: 'hedge mode: holds both sides of a perpetual',
    run: async ({ other, maker }) => {
      const where = { category: 'linear', symbol: 'ETHUSDT' } as const;
      await done(other.switchPositionMode({ ...where, mode: 3 }));
      const [ticker] = (await done(other.getTickers(where))).list;
      const price = Number(ticker?.markPrice).toFixed(2);
      for (const [side, positionIdx] of [['Buy', 1], ['Sell', 2]] as const) {
        const against = side === 'Buy' ? 'Sell' : 'Buy';
        await done(maker.submitOrder({ ...where, side: against, orderType: 'Limit', qty: '0.1', price }));
        await done(other.submitOrder({ ...where, side, orderType: 'Limit', qty: '0.1', price, positionIdx }));
      }
      const { list } = await done(other.getPositionInfo(where));
      assert.deepEqual(list.map((row) => [row.positionIdx, row.side, Number(row.size)]), [[1, 'Buy', 0.1], [2, 'Sell', 0.1]]);
    },
  },
  {
    what: 'isolated margin: adds margin to a position and takes it away',
    run: async ({ other, maker }) => {
      await done(other.setMarginMode('ISOLATED_MARGIN'));
      const where = { category: 'linear', symbol: 'SOLUSDT' } as const;
      const [ticker] = (await done(other.getTickers(where))).list;
      const order = { ...where, orderType: 'Limit', qty: '1', price: Number(ticker?.markPrice).toFixed(2) } as const;
      await done(maker.submitOrder({ ...order, side: 'Sell' }));
      await done(other.submitOrder({ ...order, side: 'Buy' }));
      await done(other.addOrReduceMargin({ ...where, margin: '10', positionIdx: 0 } as never));
      await done(other.addOrReduceMargin({ ...where, margin: '-5', positionIdx: 0 } as never));
      await done(other.setAutoAddMargin({ ...where, autoAddMargin: 1, positionIdx: 0 } as never));
    },
  },
]; // biome-ignore format: a table

const account: readonly Step[] = [
  {
    what: 'reads its account: wallet, settings, ledger, collateral',
    run: async ({ taker }) => {
      const wallet = await done(taker.getWalletBalance({ accountType: 'UNIFIED' }));
      assert.ok(Number(wallet.list[0]?.totalEquity) > 0);
      await done(taker.getAccountInfo());
      await done(taker.getTransferableAmount({ coinName: 'USDT' }));
      await done(taker.getCollateralInfo());
      await done(taker.getCoinGreeks());
      await done(taker.getDCPInfo());
      await done(taker.getSMPGroup());
      const ledger = await done(taker.getTransactionLog({ category: 'linear' }));
      assert.ok(ledger.list.length > 0);
    },
  },
  {
    what: 'borrows and repays',
    run: async ({ taker }) => {
      await done(taker.manualBorrow({ coin: 'SOL', amount: '1' }));
      const history = await done(taker.getBorrowHistory({ currency: 'SOL' }));
      assert.ok(Array.isArray(history.list));
      await done(taker.manualRepayWithoutConversion({ coin: 'SOL', amount: '1' }));
    },
  },
  {
    what: 'trades spot on margin',
    run: async ({ taker, maker }) => {
      await done(taker.toggleSpotMarginTrade('1'));
      await done(taker.setSpotMarginLeverage('4'));
      assert.equal((await done(taker.getSpotMarginState())).spotMarginMode, '1');
      const check = await done(taker.getSpotBorrowCheck('BTCUSDT', 'Buy'));
      assert.ok(Number(check.maxTradeAmount) >= Number(check.spotMaxTradeAmount));
      const where = { category: 'spot', symbol: 'XRPUSDT', orderType: 'Limit', qty: '100', price: '2' } as const;
      await done(maker.submitOrder({ ...where, side: 'Sell' }));
      await done(taker.submitOrder({ ...where, side: 'Buy', isLeverage: 1 }));
    },
  },
  {
    what: 'switches collateral and price limits',
    run: async ({ other }) => {
      await done(other.setCollateralCoin({ coin: 'ETH', collateralSwitch: 'OFF' }));
      await done(other.batchSetCollateralCoin({ request: [{ coin: 'ETH', collateralSwitch: 'ON' }] }));
      await done(other.setLimitPriceAction({ category: 'spot', modifyEnable: true }));
      await done(other.getLimitPriceAction());
    },
  },
  {
    what: 'moves money between its wallets and finds the transfers',
    run: async ({ taker }) => {
      const transferId = randomUUID();
      await done(taker.createInternalTransfer(transferId, 'USDT', '100', 'UNIFIED', 'FUND'));
      const records = await done(taker.getInternalTransferRecords({ coin: 'USDT' }));
      assert.equal(records.list[0]?.transferId, transferId);
      const balance = await done(taker.getCoinBalance({ accountType: 'FUND', coin: 'USDT' }));
      assert.equal(Number(balance.balance.walletBalance), 100);
      await done(taker.getAllCoinsBalance({ accountType: 'FUND', coin: 'USDT' }));
      await done(taker.getTransferableCoinList('UNIFIED', 'FUND'));
      await done(taker.getWithdrawableAmount({ coin: 'USDT' }));
      await done(taker.getCoinInfo('USDT'));
    },
  },
]; // biome-ignore format: a table

const members: readonly Step[] = [
  {
    what: 'makes a sub-account with a key, which trades, and takes both away',
    run: async (walk) => {
      const { taker } = walk;
      const { uid } = await done(taker.createSubMember({ username: 'walker01', memberType: 1 }));
      const subuid = Number(uid);
      const permissions = { Spot: ['SpotTrade'], Wallet: ['AccountTransfer'] };
      const key = await done(taker.createSubUIDAPIKey({ subuid, readOnly: 0, permissions }));
      await done(taker.createUniversalTransfer({
        transferId: randomUUID(), coin: 'USDT', amount: '50',
        fromMemberId: Number(TAKER.uid), toMemberId: subuid, fromAccountType: 'UNIFIED', toAccountType: 'UNIFIED',
      }));
      assert.equal((await done(taker.getUniversalTransferRecords())).list.length, 1);
      const sub = walk.rest({ apiKey: key.apiKey, apiSecret: key.secret });
      const { list } = await done(sub.getWalletBalance({ accountType: 'UNIFIED', coin: 'USDT' }));
      assert.equal(Number(list[0]?.coin[0]?.walletBalance), 50);
      await done(sub.submitOrder({ category: 'spot', symbol: 'XRPUSDT', side: 'Buy', orderType: 'Limit', qty: '10', price: '1.99' }));
      assert.equal((await done(taker.getSubUIDList())).subMembers.length, 1);
      await done(taker.updateSubApiKey({ apikey: key.apiKey, readOnly: 1, permissions }));
      await done(taker.setSubUIDFrozenState(subuid, 1));
      await done(taker.setSubUIDFrozenState(subuid, 0));
      await done(taker.deleteSubApiKey({ apikey: key.apiKey }));
    },
  },
]; // biome-ignore format: a table

const COMBO = 'SOLUSDT_SOL/USDT';

const spreads: readonly Step[] = [
  {
    what: 'spread: reads combos, book, ticker, trades',
    run: async ({ taker }) => {
      const { list } = await done(taker.getSpreadInstrumentsInfo());
      assert.ok(list.some(({ symbol }) => symbol === COMBO));
      await done(taker.getSpreadOrderbook({ symbol: COMBO }));
      await done(taker.getSpreadTickers({ symbol: COMBO }));
      await done(taker.getSpreadRecentTrades({ symbol: COMBO }));
    },
  },
  {
    what: 'spread: trades a combo and hears of both legs',
    run: async (walk) => {
      const { taker, maker } = walk;
      const account = walk.listener('/v5/private');
      await account.subscribe(['spread.order', 'spread.execution'], 'linear', true);
      const order = { symbol: COMBO, orderType: 'Limit', qty: '1', price: '0.1', timeInForce: 'GTC' } as const;
      await done(maker.submitSpreadOrder({ ...order, side: 'Sell', orderLinkId: walk.link() }));
      const { orderId } = await done(taker.submitSpreadOrder({ ...order, side: 'Buy', orderLinkId: walk.link() }));
      await account.row('spread.order', 'filled', (row) => row['orderId'] === orderId && row['orderStatus'] === 'Filled');
      await account.row('spread.execution', 'spot leg', (row) => row['category'] === 'spot_leg');
      await account.row('spread.execution', 'future leg', (row) => row['category'] === 'future_leg');
      assert.ok((await done(taker.getSpreadTradeHistory({ orderId }))).list.length > 0);
      assert.ok((await done(taker.getSpreadOrderHistory({ orderId }))).list.length > 0);
    },
  },
  {
    what: 'spread: amends and cancels',
    run: async (walk) => {
      const { taker } = walk;
      const order = { symbol: COMBO, side: 'Buy', orderType: 'Limit', qty: '1', price: '-1', timeInForce: 'GTC' } as const;
      const { orderId } = await done(taker.submitSpreadOrder({ ...order, orderLinkId: walk.link() }));
      await done(taker.amendSpreadOrder({ symbol: COMBO, orderId, qty: '2' } as never));
      assert.equal(Number((await done(taker.getSpreadOpenOrders({ orderId }))).list[0]?.qty), 2);
      await done(taker.cancelSpreadOrder({ orderId }));
      await done(taker.submitSpreadOrder({ ...order, orderLinkId: walk.link() }));
      assert.equal((await done(taker.cancelAllSpreadOrders({ symbol: COMBO }))).list.length, 1);
      await done(taker.getSpreadMaxQty({ symbol: COMBO, side: '1', orderPrice: '1' } as never));
    },
  },
]; // biome-ignore format: a table

/** In their order: later steps use what earlier ones left. */
export const STEPS: readonly Step[] = [
  ...beginning,
  ...MARKETS.flatMap(marketSteps),
  ...hedge,
  ...account,
  ...members,
  ...spreads,
  {
    what: 'the client met nothing that it did not expect',
    run: async ({ problems }) => assert.deepEqual(problems, []),
  },
];
