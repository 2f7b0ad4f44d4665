// What is refused for what the account did before.
import type { Json } from '../../support/paper-venue.ts';
import { type Case, create, LIMIT, post } from './bench.ts';

const symbol = 'BTCUSDT';
const CREATE = '/v5/order/create';
const STOP = '/v5/position/trading-stop';
const ADD = '/v5/position/add-margin';

/** `learns`: a word that later requests name, and the field of the answer that it is. */
type Step = readonly [path: string, body: object, learns?: readonly [word: string, field: string]];

/** The steps first, by the same account; that each of them works is shown elsewhere. */
const first = (who: string, steps: readonly Step[], test: Case): Case => ({
  ...test,
  ask: async (bench) => {
    for (const [path, body, learns] of steps) {
      const { json } = await bench.scene.post(who, path, body);
      if (learns !== undefined) bench.scene.learn(learns[0], (json['result'] as Json | undefined)?.[learns[1]]);
    }
    await bench.scene.venue.advance(20);
    return test.ask(bench);
  },
});

const many = (count: number, step: (index: number) => Step): Step[] => Array.from({ length: count }, (_, i) => step(i));
const perp = (change: object): Step => [
  CREATE,
  { ...LIMIT, category: 'linear', symbol, qty: '0.01', price: '59900', ...change },
];
const taking = perp({ orderType: 'Market', qty: '0.002' });
const isolated: Step = ['/v5/account/set-margin-mode', { setMarginMode: 'ISOLATED_MARGIN' }];
const margin = (amount: string) => ({ category: 'linear', symbol, margin: amount, positionIdx: 0 });
const as = 'isolated';

export const SEQUENCES: readonly Case[] = [
  first('poor', [[CREATE, { ...LIMIT, category: 'spot', symbol, qty: '0.0001', price: '59900', orderLinkId: 'small' }]],
    post('spot, more than there is', '/v5/order/amend', { category: 'spot', symbol, orderLinkId: 'small', qty: '1' }, 170131, { as: 'poor' })),
  first('fresh', [perp({ qty: '0.001', orderLinkId: 'grows' })],
    post('more than there is', '/v5/order/amend', { category: 'linear', symbol, orderLinkId: 'grows', qty: '1190' }, 110007, { as: 'fresh' })),
  first('stopped', [perp({ price: '50000' })],
    post('with open orders', '/v5/position/switch-mode', { category: 'linear', symbol, mode: 3 }, 110028, { as: 'stopped' })),
  first(as, [['/v5/account/set-limit-px-action', { category: 'linear', modifyEnable: false }]],
    create('linear', 'a bid above the band, which is not to be moved', { price: '80000' }, 30208, { as })),
  first(as, [['/v5/account/set-limit-px-action', { category: 'linear', modifyEnable: false }]],
    create('linear', 'an offer below the band, which is not to be moved', { side: 'Sell', price: '40000' }, 30209, { as })),
  first(as, [isolated], post('without a position', ADD, margin('1'), 110033, { as })),
  first(as, [isolated, taking], post('more than there is', ADD, margin('99999999'), 110014, { as })),
  first(as, [isolated, taking], post('nothing', ADD, margin('0'), 110027, { as })),
  first(as, [isolated, taking], post('more than was added', ADD, margin('-99999'), 110078, { as })),
  first(as, [isolated], post('the mode that it is', isolated[0], isolated[1], 110026, { as })),
  first(as, [isolated], post('a combo in isolated margin', '/v5/spread/order/create',
    { ...LIMIT, symbol: 'SOLUSDT_SOL/USDT', qty: '1', price: '1' }, 110110, { as })),
  first('hedged', [['/v5/position/switch-mode', { category: 'linear', symbol: 'SOLUSDT', mode: 3 }]],
    post('a combo in hedge mode', '/v5/spread/order/create',
      { ...LIMIT, symbol: 'SOLUSDT_SOL/USDT', qty: '1', price: '1' }, 110113, { as: 'hedged' })),
  post('a combo whose leg would be outside its band', '/v5/spread/order/create',
    { ...LIMIT, symbol: 'SOLUSDT_SOL/USDT', qty: '1', price: '9999' }, 110116),
  first('stopped', many(10, (i) => perp({ triggerPrice: String(70_000 + i), triggerDirection: 1 })),
    create('linear', 'ten conditional orders already', { triggerPrice: '70000', triggerDirection: 1 }, 110009, { as: 'stopped' })),
  first('stopped', [perp({ orderType: 'Market', qty: '0.001' }),
    ...many(20, (i): Step => [STOP, { category: 'linear', symbol, tpslMode: 'Partial', takeProfit: String(70_000 + i), tpSize: '0.001', positionIdx: 0 }])],
    post('twenty of parts already', STOP, { category: 'linear', symbol, tpslMode: 'Partial', takeProfit: '71000', tpSize: '0.001', positionIdx: 0 },
      110061, { as: 'stopped' })),
  first('poor', [['/v5/account/borrow', { coin: 'BTC', amount: '0.0001' }],
    [CREATE, { category: 'spot', symbol, side: 'Sell', orderType: 'Market', qty: '0.0001' }]],
    post('a coin that is no longer there', '/v5/account/no-convert-repay', { coin: 'BTC' }, 182101, { as: 'poor' })),
  post('stops of an order that is filled in part', '/v5/order/amend', { category: 'linear', symbol, orderId: '$linear_partly', takeProfit: '70000' }, 110059),
  first('hedged', [['/v5/account/set-collateral-switch', { coin: 'BTC', collateralSwitch: 'OFF' }]],
    create('inverse', 'a coin that is no collateral', { symbol: 'BTCUSD', qty: '100' }, 110101, {
      as: 'hedged',
      text: 'Trading inverse contracts under Cross and Portfolio modes requires enabling the settlement asset as collateral.',
    })),
  first('poor', [[CREATE, { ...LIMIT, category: 'spot', symbol, qty: '0.0001', price: '59900' }]],
    post('more than is safe to take away', '/v5/asset/transfer/inter-transfer', transfer('2', '8'), 131228, { as: 'poor' })),
  first('leaning', [perp({ orderType: 'Market', qty: '0.02' })],
    post('collateral that is in use', '/v5/account/set-collateral-switch', { coin: 'BTC', collateralSwitch: 'OFF' }, 182108, { as: 'leaning', text: /^Switching failed/ })),
  first('maker', [['/v5/asset/transfer/inter-transfer', transfer('1')]],
    post('an id that was used', '/v5/asset/transfer/inter-transfer', transfer('1'), 131214, { as: 'maker' })),
  first('maker', [
    ['/v5/user/create-sub-member', { username: 'frozen01', memberType: 1 }, ['frozen', 'uid']],
    ['/v5/user/frozen-sub-member', { subuid: '$frozen', frozen: 1 }],
  ], post('a member that is frozen', '/v5/user/create-sub-api', { subuid: '$frozen', readOnly: 0, permissions: { Spot: ['SpotTrade'] } }, 141004, { as: 'maker' })),
  first('maker', [
    ['/v5/user/create-sub-member', { username: 'wealthy1', memberType: 1 }, ['wealthy', 'uid']],
    ['/v5/asset/transfer/universal-transfer', { ...transfer('4'), fromMemberId: 1002, toMemberId: '$wealthy', toAccountType: 'UNIFIED' }],
  ], post('a member that has assets', '/v5/user/del-submember', { subMemberId: '$wealthy' }, 141025, { as: 'maker' })),
  {
    what: 'POST /v5/asset/transfer/universal-transfer: a member’s transfer to a sister',
    ask: async ({ scene }) => {
      const permissions = { Wallet: ['SubMemberTransferList'] };
      const { json } = await scene.post('maker', '/v5/user/create-sub-api', { subuid: '$wealthy', readOnly: 0, permissions });
      const { apiKey = '', secret = '' } = (json['result'] ?? {}) as Record<string, string>;
      const body = { ...transfer('5'), fromMemberId: '$wealthy', toMemberId: '$frozen', toAccountType: 'UNIFIED' };
      const answer = await scene.venue.post({ apiKey, apiSecret: secret }, '/v5/asset/transfer/universal-transfer', scene.fill(JSON.stringify(body)));
      return { status: answer.status, retCode: answer.json['retCode'], retMsg: answer.json['retMsg'] };
    },
    code: 131227,
  },
  first('isolated', [['/v5/account/set-collateral-switch', { coin: 'ETH', collateralSwitch: 'ON' }]],
    post('a coin that is owed', '/v5/account/set-collateral-switch', { coin: 'SOL', collateralSwitch: 'MAYBE' }, 10001, { text: 'params error: collateralSwitch invalid', as: 'isolated' })),
  first('fresh', [['/v5/account/borrow', { coin: 'BTC', amount: '0.01' }]],
    post('what was borrowed by hand', '/v5/account/quick-repayment', { coin: 'BTC' }, 182120, { as: 'fresh' })),
  {
    what: 'GET /v5/order/history: a status that is not final',
    ask: async ({ scene }) => {
      const { status, json } = await scene.get('trader', '/v5/order/history', 'category=linear&orderStatus=New');
      return { status, retCode: json['retCode'], retMsg: json['retMsg'] };
    },
    code: 181017,
  },
]; // biome-ignore format: a table

function transfer(last: string, amount = '1') {
  const transferId = `42c0cfb0-6bca-c242-bc76-4e6df6cbc00${last}`;
  return { transferId, coin: 'USDT', amount, fromAccountType: 'UNIFIED', toAccountType: 'FUND' };
}
