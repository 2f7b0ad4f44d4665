// What is asked for too often; each case on an exchange of its own that counts as Bybit does.
import { settled } from '../../../src/adapters/bybit-server/testing/manual-clock.ts';
import { type Bench, type Case, create, get, post } from './bench.ts';

/** The request so many times within one moment, and once more. */
const repeated = (times: number, test: Case): Case => ({
  ...test,
  what: `${test.what}, ${times} times before`,
  ask: async (bench) => {
    for (let i = 0; i < times; i += 1) {
      const { retCode, status } = await test.ask(bench);
      if (retCode === test.code || status === 403) return { status, retCode: `refused at ${i}`, retMsg: '' };
    }
    return test.ask(bench);
  },
});

/** The last reply of so many orders on one socket. */
async function flood({ scene }: Bench, count: number) {
  const socket = await scene.venue.socket('/v5/trade', scene.key('trader'));
  const header = { 'X-BAPI-TIMESTAMP': String(scene.venue.clock.now()) };
  for (let i = 0; i < count; i += 1) socket?.say({ op: 'order.cancel', header, args: [{ category: 'spot' }] });
  await settled();
  // Refusals of the address come at once, those of its orders after them.
  const shutOut = (socket?.take() ?? []).filter(({ retCode }) => retCode === 10403);
  return {
    status: 200,
    retCode: shutOut.length === 1 ? 10403 : `${shutOut.length} shut out`,
    retMsg: shutOut[0]?.['retMsg'],
  };
}

const symbol = 'BTCUSDT';
const CANCEL = '/v5/order/cancel';

export const LIMITS: readonly Case[] = [
  repeated(10, create('linear', 'an order', { qty: '0' }, 10006)),
  repeated(20, create('spot', 'an order', { symbol: '' }, 10006)),
  repeated(10, post('of linear', CANCEL, { category: 'linear', symbol, orderId: '17' }, 10006)),
  repeated(20, post('of spot', CANCEL, { category: 'spot', symbol, orderId: '17' }, 10006)),
  repeated(10, post('of linear', '/v5/order/amend', { category: 'linear', symbol, orderId: '17', qty: '1' }, 10006)),
  repeated(10, post('of spot', '/v5/order/amend', { category: 'spot', symbol, orderId: '17', qty: '1' }, 10006)),
  repeated(10, post('of linear', '/v5/order/cancel-all', { category: 'linear', symbol }, 10006)),
  repeated(1, post('of options', '/v5/order/cancel-all', { category: 'option' }, 10006)),
  repeated(50, get('open orders', '/v5/order/realtime', 'category=spot', 10006)),
  repeated(50, get('positions', '/v5/position/list', 'category=linear&symbol=BTCUSDT', 10006)),
  repeated(5, get('fees', '/v5/account/fee-rate', 'category=spot', 10006)),
  repeated(10, get('the key', '/v5/user/query-api', '', 10006)),
  {
    what: 'an address that asks more than 600 times in five seconds is shut out',
    ask: async (bench) => {
      const ask = () => bench.raw({ path: '/v5/market/time', remoteAddress: '10.9.9.9' });
      for (let i = 0; i < 600; i += 1) if ((await ask()).status !== 200) return { status: 200, retCode: i, retMsg: '' };
      const { status, retMsg } = await ask();
      return { status, retCode: 403, retMsg };
    },
    code: 403,
    status: 403,
    text: 'access too frequent',
  },
  {
    what: 'an address that sends more than 3,000 orders in a second over sockets',
    ask: (bench) => flood(bench, 3_001),
    code: 10403,
    text: 'Exceeded the IP Rate Limit.',
  },
  {
    what: 'more than 500 new sockets in five minutes',
    ask: async ({ scene }) => {
      for (let i = 0; i < 500; i += 1) scene.venue.network.connect('/v5/private', '', '10.9.9.8').terminate();
      const { refused } = scene.venue.network.connect('/v5/private', '', '10.9.9.8');
      return { status: refused ?? 200, retCode: 403, retMsg: '' };
    },
    code: 403,
    status: 403,
    text: '',
  },
];
