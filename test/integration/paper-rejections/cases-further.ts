// Conditional orders, batches, combos, instruments that do not trade, and what needs the exchange in another state.
import { instrumentId } from '../../../src/domain/ids.ts';
import { type Case, create, LIMIT, post } from './bench.ts';

const symbol = 'BTCUSDT';
const CREATE = '/v5/order/create';
/** Its text is the exchange's own: it has to speak of the parameter. */
const about = (word: string) => ({ text: new RegExp(`^(?!.*not supported).*${word}`, 'i') });
const invalid = (name: string) => ({ text: `params error: ${name} invalid` });

const stops: readonly Case[] = [
  create('linear', 'a trigger without a direction', { triggerPrice: '70000' }, 10001, { ...invalid('triggerDirection') }),
  create('linear', 'a trigger between ticks', { triggerPrice: '70000.05', triggerDirection: 1 }, 10001, { ...about('trigger') }),
  create('linear', 'a trigger by a price that is none', { triggerPrice: '70000', triggerDirection: 1, triggerBy: 'Mood' }, 10001, { ...invalid('triggerBy') }),
  create('linear', 'a take profit below a bid', { takeProfit: '50000' }, 10001, { text: /TakeProfit/ }),
  create('linear', 'a stop loss above a bid', { stopLoss: '70000' }, 10001, { text: /StopLoss/ }),
  create('linear', 'a take profit with reduce-only', { takeProfit: '70000', reduceOnly: true, side: 'Sell', price: '60500' }, 110057),
  create('linear', 'a limit for a full take profit', { takeProfit: '70000', tpslMode: 'Full', tpOrderType: 'Limit', tpLimitPrice: '70000' }, 10001, { ...about('tp') }),
  create('linear', 'a level of the book that is none', { bboSideType: 'Queue', bboLevel: '9', price: '' }, 10001, { ...invalid('bboLevel') }),
  create('linear', 'a side of the book that is none', { bboSideType: 'Middle', bboLevel: '1', price: '' }, 10001, { ...invalid('bboSideType') }),
  create('spot', 'a take profit at market', { orderType: 'Market', qty: '100', takeProfit: '70000' }, 10001, { ...about('takeProfit|tp') }),
  create('spot', 'a trigger far above the price', { orderFilter: 'tpslOrder', triggerPrice: '70000' }, 170203),
  create('spot', 'a trigger far below the price', { orderFilter: 'tpslOrder', triggerPrice: '50000' }, 170204),
]; // biome-ignore format: a table

const items = (count: number) =>
  Array.from({ length: count }, () => ({ ...LIMIT, symbol, qty: '0.01', price: '59900' }));

const batches: readonly Case[] = [
  ...['create', 'amend', 'cancel'].flatMap((word): Case[] => {
    const path = `/v5/order/${word}-batch`;
    return [
      post('no category', path, { request: items(1) }, 10001, { text: 'Illegal category' }),
      post('no orders', path, { category: 'linear', request: [] }, 10001, { ...about('request') }),
      post('orders that are a word', path, { category: 'linear', request: 'all' }, 10001, { ...about('request') }),
      post('too many of spot', path, { category: 'spot', request: items(11) }, 10001, { ...about('request|limit|10') }),
      post('too many of linear', path, { category: 'linear', request: items(21) }, 10001, { ...about('request|limit|20') }),
      post('a key that may only read', path, { category: 'linear', request: items(1) }, 10005, { as: 'reader' }),
    ];
  }),
]; // biome-ignore format: a table

const COMBO = '/v5/spread/order/create';
const combo = (change: object) => ({ ...LIMIT, symbol: 'SOLUSDT_SOL/USDT', qty: '1', price: '20', ...change });

const combos: readonly Case[] = [
  post('a combo that is not listed', COMBO, combo({ symbol: 'NOPE_SOL/USDT' }), 10001, { ...invalid('symbol') }),
  post('a side that is none', COMBO, combo({ side: 'Long' }), 10001, { text: 'Side invalid' }),
  post('no price', COMBO, combo({ price: '' }), 10001, { text: /[Pp]rice/ }),
  post('a quantity of zero', COMBO, combo({ qty: '0' }), 10001, { text: /[Qq]ty/ }),
  post('an orderLinkId that is too long', COMBO, combo({ orderLinkId: 'a'.repeat(46) }), 10001, { ...invalid('orderLinkId') }),
  post('no id', '/v5/spread/order/cancel', {}, 10001, { text: 'Missing some parameters that must be filled in, orderId or orderLinkId' }),
  post('an unknown order', '/v5/spread/order/cancel', { orderId: '17' }, 110001),
  post('an unknown order', '/v5/spread/order/amend', { symbol: 'SOLUSDT_SOL/USDT', orderId: '17', qty: '1' }, 110001),
]; // biome-ignore format: a table

/** While an instrument does not trade. */
const closed = (category: 'spot' | 'linear', test: Case): Case => ({
  ...test,
  ask: async (bench) => {
    const { control } = bench.scene.venue.exchange;
    control.setStatus(instrumentId(category, symbol), 'closed');
    try {
      return await test.ask(bench);
    } finally {
      control.setStatus(instrumentId(category, symbol), 'trading');
    }
  },
});

/** So many orders of `busy` first. */
const after = (count: number, category: string, test: Case): Case => ({
  ...test,
  ask: async (bench) => {
    for (let i = 0; i < count; i += 1) {
      const order = { ...LIMIT, category, symbol, qty: '0.001', price: '59000' };
      const { json } = await bench.scene.post(
        'busy',
        CREATE,
        category === 'spot' ? { ...order, price: '59950' } : order,
      );
      if (json['retCode'] !== 0)
        return { status: 200, retCode: `order ${i}: ${json['retCode']}`, retMsg: json['retMsg'] };
    }
    return test.ask(bench);
  },
});

const states: readonly Case[] = [
  closed('spot', create('spot', 'a pair that is closed', {}, 170151)),
  closed('linear', create('linear', 'a contract that is closed', {}, 110074)),
  closed('linear', post('a contract that is closed', '/v5/order/amend', { category: 'linear', symbol, orderId: '$linear_open', price: '59850' }, 110074)),
  after(500, 'linear', create('linear', 'five hundred orders already', {}, 110020, { as: 'busy' })),
  after(500, 'spot', create('spot', 'five hundred orders already', { qty: '0.001' }, 170810, { as: 'busy' })),
]; // biome-ignore format: a table

export const FURTHER: readonly Case[] = [...stops, ...batches, ...combos, ...states];
