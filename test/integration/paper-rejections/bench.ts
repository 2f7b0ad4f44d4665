// The exchange that is asked for what it has to refuse: accounts with every kind of key, orders in every state.
import { hmacSha256 } from '../../../src/adapters/bybit-server/auth.ts';
import { settled } from '../../../src/adapters/bybit-server/testing/manual-clock.ts';
import { unwrap } from '../../../src/domain/result.ts';
import { instrumentId, type UnixMs } from '../../../src/domain/ids.ts';
import type { Json } from '../../support/paper-venue.ts';
import { account, Scene } from '../../support/paper-scene.ts';

/** What came instead of a result. */
export type Refused = Readonly<{ status: number; retCode: unknown; retMsg: unknown }>;

/** One request that has to be refused. */
export type Case = Readonly<{
  what: string;
  ask: (bench: Bench) => Promise<Refused>;
  code: number;
  /** The documented text of the code where none is given. */
  text?: string | RegExp;
  /** HTTP's; 200 where none is given. */
  status?: number;
}>;

type Raw = Readonly<{
  method?: string;
  path: string;
  query?: string;
  body?: string;
  headers?: Json;
  remoteAddress?: string;
}>;
type More = Pick<Case, 'text' | 'status'> & Readonly<{ as?: string }>;

const CREATE = '/v5/order/create';
export const LIMIT = { side: 'Buy', orderType: 'Limit' } as const;

export class Bench {
  readonly scene: Scene;

  private constructor(scene: Scene) {
    this.scene = scene;
  }

  static async open(rateLimits: 'off' | 'bybit' = 'off'): Promise<Bench> {
    const rich = { USDT: '1000000', USDC: '100000', BTC: '10', ETH: '100' };
    const key = (uid: string, name: string, more: Json) => ({ ...account(uid, name), balances: rich, ...more });
    const bench = new Bench(
      await Scene.open(
        [
          account('1001', 'trader'),
          account('1002', 'maker'),
          key('1003', 'reader', { readOnly: true }),
          key('1004', 'spotter', { permissions: { Spot: ['SpotTrade'] } }),
          key('1005', 'orderer', { permissions: { ContractTrade: ['Order'] } }),
          key('1006', 'bound', { ips: ['10.1.2.3'] }),
          key('1007', 'expired', {}),
          key('1008', 'poor', { balances: { USDT: '10' } }),
          key('1009', 'fresh', {}),
          key('1010', 'busy', {}),
          key('1011', 'isolated', {}),
          key('1012', 'hedged', {}),
          key('1013', 'stopped', {}),
          key('1014', 'leaning', { balances: { BTC: '0.1' } }),
        ] as never,
        rateLimits,
      ),
    );
    await bench.#prepare();
    return bench;
  }

  /** Sends a request as it is. */
  async raw(request: Raw): Promise<Refused> {
    const answer = await this.scene.venue.network.request(
      request as Parameters<typeof this.scene.venue.network.request>[0],
    );
    if (answer === 'reset') return { status: 0, retCode: undefined, retMsg: 'reset' };
    const isJson = answer.headers['Content-Type']?.startsWith('application/json') === true;
    const { retCode, retMsg } = isJson
      ? (JSON.parse(answer.body) as Json)
      : { retCode: undefined, retMsg: answer.body };
    return { status: answer.status, retCode, retMsg };
  }

  /** A signed request, some of whose headers are changed. */
  signed(path: string, query: string, headers: Json): Promise<Refused> {
    return this.raw({
      path,
      query,
      headers: { ...this.scene.venue.signed(this.scene.key('trader'), query), ...headers },
    });
  }

  /** Headers of a request signed at another time. */
  at(ms: number, query: string, recvWindow = '5000'): Json {
    const at = String(this.scene.venue.clock.now() + ms);
    const sign = hmacSha256('trader-secret', `${at}trader-key${recvWindow}${query}`);
    return { 'x-bapi-timestamp': at, 'x-bapi-recv-window': recvWindow, 'x-bapi-sign': sign };
  }

  async #prepare(): Promise<void> {
    const { scene } = this;
    for (const category of ['spot', 'linear']) {
      const order = (who: string, word: string, change: Json) =>
        scene
          .act(who, CREATE, {
            ...LIMIT,
            category,
            symbol: 'BTCUSDT',
            qty: '0.01',
            orderLinkId: `${category}-${word}`,
            ...change,
          })
          .then((result) => scene.learn(`${category}_${word}`, result['orderId']));
      await order('maker', 'bid', { price: '59950' });
      await order('maker', 'ask', { price: '60050', side: 'Sell', qty: '0.03' });
      await order('trader', 'filled', { price: '60050' });
      await order('trader', 'partly', { price: '60050', qty: '0.04' });
      await order('maker', 'ask2', { price: '60100', side: 'Sell', qty: '0.03' });
      await order('trader', 'open', { price: '59900' });
      await order('trader', 'canceled', { price: '59900' });
      await scene.act('trader', '/v5/order/cancel', { category, symbol: 'BTCUSDT', orderId: `$${category}_canceled` });
    }
    // Bybit's own terms leave nothing between the least and the grid.
    const narrow = { minQty: '0.01', minPrice: '100' };
    unwrap(await scene.venue.exchange.control.instruments.change(instrumentId('spot', 'BNBUSDT'), narrow));
    const expiresAt = (scene.venue.clock.now() - 1) as UnixMs;
    unwrap(scene.venue.exchange.control.setKey('expired-key', { expiresAt }));
  }
}

const refusal = async (answer: Promise<{ status: number; json: Json }>): Promise<Refused> => {
  const { status, json } = await answer;
  return { status, retCode: json['retCode'], retMsg: json['retMsg'] };
};

const row = (what: string, code: number, { as: _as, ...more }: More, ask: Case['ask']): Case => ({
  what, code, ask, ...more,
}); // biome-ignore format: a row

/** GET of a query; signed by `trader` unless told. */
export const get = (what: string, path: string, query: string, code: number, more: More = {}): Case =>
  row(`GET ${path}: ${what}`, code, more, ({ scene }) => refusal(scene.get(more.as ?? 'trader', path, query)));

/** POST of a body. */
export const post = (what: string, path: string, body: unknown, code: number, more: More = {}): Case =>
  row(`POST ${path}: ${what}`, code, more, ({ scene }) => refusal(scene.post(more.as ?? 'trader', path, body)));

/** An order that would be fine but for the change. */
export const create = (category: string, what: string, change: Json, code: number, more: More = {}): Case =>
  post(
    `${category}, ${what}`,
    CREATE,
    { ...LIMIT, category, symbol: 'BTCUSDT', qty: '0.01', price: '59900', ...change },
    code,
    more,
  );

/** Messages to a socket, of whose replies the last is looked at. */
export const say = (what: string, path: string, messages: readonly unknown[], code: number, more: More = {}): Case =>
  row(`${path}: ${what}`, code, more, async ({ scene }) => {
    const socket = await scene.venue.socket(path, more.as === undefined ? null : scene.key(more.as));
    if (socket === null) return { status: 404, retCode: undefined, retMsg: 'no such socket' };
    scene.known.set('now', String(scene.venue.clock.now()));
    for (const message of messages) {
      socket.say(scene.fill(typeof message === 'string' ? message : JSON.stringify(message)));
      await settled();
    }
    const reply = socket.take().at(-1) ?? {};
    socket.terminate();
    if ('retCode' in reply) return { status: 200, retCode: reply['retCode'], retMsg: reply['retMsg'] };
    // Public and private sockets have no code of their own.
    return { status: 200, retCode: reply['success'] === false ? 10001 : undefined, retMsg: reply['ret_msg'] };
  });
