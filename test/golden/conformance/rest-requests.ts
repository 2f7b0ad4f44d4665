// What is asked for every documented REST answer, where the documentation's own request does not fit the scenario.
import type { Json } from './goldens.ts';
import type { Scene, Who } from '../../support/paper-scene.ts';

export type RestRequest = Readonly<{
  as?: Who;
  query?: string;
  body?: Json;
  /** Brings about what the request needs, and learns its ids. */
  before?: (scene: Scene) => Promise<void>;
}>;

const CREATE = '/v5/order/create';
const LIMIT = { side: 'Buy', orderType: 'Limit' } as const;

/** Learns `$order` (and `$order2`) of orders that rest now. */
const resting =
  (order: Json, path = CREATE, who: Who = 'trader') =>
  async (scene: Scene): Promise<void> => {
    for (const word of ['order', 'order2']) {
      const link = scene.link();
      const placed = await scene.act(who, path, { ...LIMIT, ...order, orderLinkId: link });
      scene.learn(word, placed['orderId']);
      scene.known.set(`${word}Link`, link);
    }
  };

const SPOT_BID = { category: 'spot', symbol: 'BTCUSDT', qty: '0.01', price: '59800' };
const PERP_BID = { category: 'linear', symbol: 'BTCUSDT', qty: '0.01', price: '59800' };
const OPTION_BID = { category: 'option', symbol: '$option', qty: '0.1', price: '5' };
const COMBO_BID = { symbol: '$spread', qty: '1', price: '-5' };

const isolate = async (scene: Scene): Promise<void> => {
  await scene.post('loner', '/v5/account/set-margin-mode', { setMarginMode: 'ISOLATED_MARGIN' });
};

/** A wallet below zero: more is sold than there is. */
const overdrawn = async (scene: Scene): Promise<void> => {
  await scene.post('loner', '/v5/account/set-margin-mode', { setMarginMode: 'REGULAR_MARGIN' });
  await scene.act('loner', '/v5/spot-margin-trade/switch-mode', { spotMarginMode: '1' });
  const trade = { category: 'spot', symbol: 'ETHUSDT', marketUnit: 'baseCoin' };
  const [ticker] = await scene.rows('/v5/market/tickers', 'category=spot&symbol=ETHUSDT');
  scene.learn('price', ticker?.['lastPrice']);
  await scene.act('maker', CREATE, { ...LIMIT, ...trade, qty: '1', price: '$price' });
  await scene.act('loner', CREATE, { ...trade, side: 'Sell', orderType: 'Market', qty: '1', isLeverage: 1 });
};

export const REST_REQUESTS: Readonly<Record<string, RestRequest>> = {
  // Market data
  'get_v5_market_adlAlert__default': { query: '' },
  'get_v5_market_delivery-price__option': { query: 'category=option&baseCoin=BTC&settleCoin=USDT' },
  'get_v5_market_funding_history__linear': { query: 'category=linear&symbol=BTCUSDT' },
  'get_v5_market_historical-volatility__option': { query: 'category=option&baseCoin=BTC&quoteCoin=USDT&period=7' },
  'get_v5_market_index-price-components__default': { query: 'indexName=BTCUSDT' },
  'get_v5_market_index-price-kline__inverse': { query: 'category=inverse&symbol=BTCUSD&interval=1' },
  'get_v5_market_instruments-info__option': { query: 'category=option&symbol=$option' },
  'get_v5_market_instruments-info__linear-linear': { query: 'category=linear&status=PreLaunch' },
  'get_v5_market_kline__inverse': { query: 'category=inverse&symbol=BTCUSD&interval=60' },
  'get_v5_market_mark-price-kline__linear': { query: 'category=linear&symbol=BTCUSDT&interval=15' },
  'get_v5_market_premium-index-price-kline__linear': { query: 'category=linear&symbol=BTCUSDT&interval=D' },
  'get_v5_market_account-ratio__linear': { query: 'category=linear&symbol=BTCUSDT&period=1h' },
  'get_v5_market_open-interest__inverse': { query: 'category=inverse&symbol=BTCUSD&intervalTime=1h' },
  'get_v5_market_new-delivery-price__option': { query: 'category=option&baseCoin=BTC' },
  'get_v5_market_rpi_orderbook__spot': { query: 'category=spot&symbol=BTCUSDT&limit=5' },
  'get_v5_market_tickers__option': { query: 'category=option&symbol=$option' },
  // Orders
  'post_v5_order_create__spot': { body: { ...LIMIT, ...SPOT_BID, timeInForce: 'PostOnly', orderLinkId: 'created' } },
  'post_v5_order_amend__linear': {
    before: resting(PERP_BID),
    body: { category: 'linear', symbol: 'BTCUSDT', orderId: '$order', qty: '0.02', takeProfit: '0', stopLoss: '0' },
  },
  'post_v5_order_cancel__linear': {
    before: resting(PERP_BID),
    body: { category: 'linear', symbol: 'BTCUSDT', orderLinkId: null, orderId: '$order' },
  },
  'post_v5_order_cancel-all__linear': {
    before: resting(PERP_BID),
    body: { category: 'linear', symbol: null, settleCoin: 'USDT' },
  },
  'post_v5_order_amend-batch__option': {
    before: resting(OPTION_BID),
    body: {
      category: 'option',
      request: [
        { symbol: '$option', orderId: '$order', price: '10' },
        { symbol: '$option', orderId: '$order2', qty: '0.2' },
      ],
    },
  },
  'post_v5_order_create-batch__spot': {
    body: {
      category: 'spot',
      request: [
        { ...LIMIT, symbol: 'BTCUSDT', qty: '0.01', price: '59800', orderLinkId: 'batch-1' },
        { ...LIMIT, symbol: 'ETHUSDT', qty: '0.1', price: '2990', orderLinkId: 'batch-2' },
      ],
    },
  },
  'post_v5_order_cancel-batch__spot': {
    before: resting(SPOT_BID),
    body: {
      category: 'spot',
      request: [
        { symbol: 'BTCUSDT', orderId: '$order' },
        { symbol: 'BTCUSDT', orderLinkId: '$order2Link' },
      ],
    },
  },
  'post_v5_order_pre-check__spot': { body: { ...LIMIT, ...PERP_BID, orderLinkId: 'checked' } },
  'get_v5_order_realtime__linear': { query: 'category=linear&symbol=BTCUSDT&openOnly=0' },
  'get_v5_order_history__linear': { query: 'category=linear&symbol=BTCUSDT' },
  'get_v5_execution_list__linear': { query: 'category=linear&symbol=BTCUSDT' },
  // Positions
  'get_v5_position_list__inverse': { query: 'category=inverse&symbol=BTCUSD' },
  'get_v5_position_closed-pnl__linear': { query: 'category=linear' },
  'get_v5_position_get-closed-positions__option': { query: 'category=option' },
  'post_v5_position_set-auto-add-margin__linear': {
    as: 'loner',
    before: isolate,
    body: { category: 'linear', symbol: 'BTCUSDT', autoAddMargin: 1, positionIdx: 0 },
  },
  'post_v5_position_add-margin__inverse': {
    as: 'loner',
    before: async (scene) => {
      await isolate(scene);
      await scene.act('maker', CREATE, { ...LIMIT, category: 'inverse', symbol: 'BTCUSD', side: 'Sell', qty: '100', price: '60000' });
      await scene.act('loner', CREATE, { category: 'inverse', symbol: 'BTCUSD', side: 'Buy', orderType: 'Market', qty: '100' });
    },
    body: { category: 'inverse', symbol: 'BTCUSD', margin: '0.01', positionIdx: 0 },
  },
  'post_v5_position_switch-mode__inverse': { as: 'calm', body: { category: 'linear', symbol: 'BTCUSDT', mode: 3 } },
  'post_v5_position_trading-stop__linear': {
    body: { category: 'linear', symbol: 'BTCUSDT', tpslMode: 'Full', takeProfit: '90000', stopLoss: '30000', positionIdx: 0 },
  },
  'post_v5_position_move-positions__default': {
    body: {
      fromUid: '1001',
      toUid: '1002',
      list: [{ category: 'linear', symbol: 'BTCUSDT', price: '60000', side: 'Sell', qty: '0.01' }],
    },
  },
  // Account
  'get_v5_account_fee-rate__default': { query: 'category=linear&symbol=BTCUSDT' },
  'get_v5_account_instruments-info__linear': { query: 'category=linear&symbol=BTCUSDT' },
  'get_v5_account_mmp-state__default': { query: 'baseCoin=BTC' },
  'get_v5_account_trade-info-for-analysis__default': { query: 'symbol=BTCUSDT' },
  'get_v5_account_pay-info__default': { query: 'coin=BTC' },
  'post_v5_account_set-collateral-switch-batch__default': {
    body: { request: [{ coin: 'ETH', collateralSwitch: 'OFF' }, { coin: 'SOL', collateralSwitch: 'OFF' }] },
  },
  'post_v5_account_set-collateral-switch__default': { body: { coin: 'ETH', collateralSwitch: 'ON' } },
  'post_v5_account_mmp-modify__default': {
    body: { baseCoin: 'BTC', window: '5000', frozenPeriod: '100000', qtyLimit: '50', deltaLimit: '20' },
  },
  'post_v5_account_mmp-reset__default': { body: { baseCoin: 'BTC' } },
  'post_v5_account_quick-repayment__default': { body: { coin: 'BTC' } },
  'post_v5_account_quick-repayment__default-2': {
    as: 'loner',
    before: overdrawn,
    body: { coin: 'ETH' },
  },
  'post_v5_account_demo-apply-money__default': {
    body: { adjustType: 0, utaDemoApplyMoney: [{ coin: 'USDT', amountStr: '1000' }] },
  },
  // Asset
  'get_v5_asset_transfer_query-account-coin-balance__default': {
    query: 'accountType=UNIFIED&coin=USDT&toAccountType=FUND&withBonus=0&withTransferSafeAmount=1&withLtvTransferSafeAmount=1',
  },
  'get_v5_asset_transfer_query-transfer-coin-list__default': { query: 'fromAccountType=UNIFIED&toAccountType=FUND' },
  'get_v5_asset_transfer_query-universal-transfer-list__default': { query: 'limit=1' },
  'post_v5_asset_transfer_inter-transfer__default': {
    body: {
      transferId: '42c0cfb0-6bca-c242-bc76-4e6df6cbcb16',
      coin: 'USDT',
      amount: '5',
      fromAccountType: 'UNIFIED',
      toAccountType: 'FUND',
    },
  },
  'post_v5_asset_transfer_universal-transfer__default': {
    before: async (scene) => scene.learn('childNumber', scene.known.get('child')),
    body: {
      transferId: 'be7a2462-1138-4e27-80b1-62653f24925e',
      coin: 'USDT',
      amount: '5',
      fromMemberId: 1001,
      toMemberId: '$child',
      fromAccountType: 'FUND',
      toAccountType: 'FUND',
    },
  },
  'get_v5_asset_delivery-record__option': { query: 'category=option' },
  'get_v5_asset_coin_query-info__default': { query: 'coin=BTC' },
  // User
  'get_v5_user_sub-apikeys__default': { query: 'subMemberId=$child' },
  'get_v5_user_get-member-type__default': { query: 'memberIds=1001' },
  'get_v5_user_invitation_referrals__default': { query: '' },
  'post_v5_user_create-sub-member__default': { body: { username: 'childtwo2', memberType: 1, switch: 1, note: 'test' } },
  'post_v5_user_create-sub-api__default': {
    body: { subuid: '$child', note: 'k', readOnly: 0, permissions: { Wallet: ['AccountTransfer'] } },
  },
  'post_v5_user_update-api__default': { as: 'doomed', body: { readOnly: 0, permissions: { Spot: ['SpotTrade'], Wallet: ['AccountTransfer'] } } },
  'post_v5_user_update-sub-api__default': {
    body: { apikey: '$childKey', readOnly: 0, ips: '*', permissions: { Spot: ['SpotTrade'] } },
  },
  'post_v5_user_frozen-sub-member__default': { body: { subuid: '$child', frozen: 1 } },
  'post_v5_user_delete-api__default': { as: 'doomed', body: {} },
  'post_v5_user_delete-sub-api__default': { body: { apikey: '$childKey' } },
  'post_v5_user_del-submember__default': {
    before: async (scene) => {
      const made = await scene.act('trader', '/v5/user/create-sub-member', { username: 'childless1', memberType: 1 });
      scene.learn('childless', made['uid']);
    },
    body: { subMemberId: '$childless' },
  },
  'get_v5_apilimit_query__default': { query: 'uids=1001' },
  // Spreads
  'get_v5_spread_orderbook__default': { query: 'symbol=$spread&limit=25' },
  'get_v5_spread_recent-trade__default': { query: 'symbol=$spread' },
  'get_v5_spread_tickers__default': { query: 'symbol=$spread' },
  'get_v5_spread_max-qty__default': { query: 'symbol=$spread&side=1&orderPrice=50' },
  'get_v5_spread_order_history__default': { query: '' },
  'get_v5_spread_execution_list__default': { query: '' },
  'post_v5_spread_order_create__default': { body: { ...LIMIT, ...COMBO_BID, orderLinkId: 'combo', timeInForce: 'PostOnly' } },
  'post_v5_spread_order_amend__default': {
    before: resting(COMBO_BID, '/v5/spread/order/create'),
    body: { symbol: '$spread', orderId: '$order', qty: '2' },
  },
  'post_v5_spread_order_cancel__default': {
    before: resting(COMBO_BID, '/v5/spread/order/create'),
    body: { orderLinkId: '$orderLink' },
  },
  'post_v5_spread_order_cancel-all__default': {
    before: resting(COMBO_BID, '/v5/spread/order/create'),
    body: { symbol: null, cancelAll: true },
  },
}; // biome-ignore format: a table
