// What has happened on the exchange before its answers are compared: some of everything that leaves rows.
import { money } from '../../../src/domain/decimal.ts';
import { instrumentId } from '../../../src/domain/ids.ts';
import type { Json } from './goldens.ts';
import type { Scene } from '../../support/paper-scene.ts';

type Instrument = Readonly<{ category: string; symbol: string; tick: string; qty: string; price: number }>;

const at = (row: Json | undefined, ...path: readonly string[]): string => {
  let value: unknown = row;
  for (const key of path) value = (value as Json | undefined)?.[key];
  return typeof value === 'string' ? value : '';
};

/** Finds the symbols whose names depend on the day. */
async function discover(scene: Scene): Promise<void> {
  const listed = (category: string) => scene.rows('/v5/market/instruments-info', `category=${category}&limit=1000`);
  const linear = await listed('linear');
  const inverse = await listed('inverse');
  const isDated = (row: Json) => String(row['contractType']).endsWith('Futures');
  scene.learn('future', at(linear.find(isDated), 'symbol'));
  scene.learn('inverseFuture', at(inverse.find(isDated), 'symbol'));
  const options = (await listed('option')).filter((row) => row['baseCoin'] === 'BTC' && row['optionsType'] === 'Call');
  const strikes = options.map((row) => at(row, 'symbol'));
  const soonest = Math.min(...options.map((row) => Number(row['deliveryTime'])));
  const today = options.filter((row) => Number(row['deliveryTime']) === soonest);
  scene.learn('near', at(today[Math.floor(today.length / 2)], 'symbol'));
  scene.learn('option', strikes[Math.floor(strikes.length / 2)]);
  scene.learn('option2', strikes[Math.floor(strikes.length / 2) + 1]);
  const spreads = await scene.rows('/v5/spread/instrument', 'limit=500');
  const combo = spreads.find((row) => row['baseCoin'] === 'SOL') ?? spreads[0];
  scene.learn('spread', at(combo, 'symbol'));
}

/** Terms and price of a market; null where it is not listed. */
async function lookUp(scene: Scene, category: string, symbol: string, qty: string): Promise<Instrument | null> {
  const name = scene.fill(symbol);
  const [terms] = await scene.rows('/v5/market/instruments-info', `category=${category}&symbol=${name}`);
  const [ticker] = await scene.rows('/v5/market/tickers', `category=${category}&symbol=${name}`);
  if (terms === undefined || ticker === undefined) {
    scene.refused.push(`${category} ${symbol} is not listed`);
    return null;
  }
  const price = Number(at(ticker, 'markPrice') || at(ticker, 'lastPrice'));
  return { category, symbol: name, tick: at(terms, 'priceFilter', 'tickSize'), qty, price };
}

/** A price in whole ticks, near `factor` times the market's. */
function priced({ tick, price }: Instrument, factor: number): string {
  const decimals = tick.includes('.') ? tick.length - tick.indexOf('.') - 1 : 0;
  return (Math.max(1, Math.round((price * factor) / Number(tick))) * Number(tick)).toFixed(decimals);
}

const order = ({ category, symbol, qty }: Instrument, side: string, more: Json): Json => ({
  category,
  symbol,
  side,
  orderType: 'Limit',
  qty,
  ...(category === 'spot' && more['orderType'] === 'Market' ? { marketUnit: 'baseCoin' } : {}),
  ...more,
});

const CREATE = '/v5/order/create';

/** Quotes, trades both ways, a resting order, a canceled one. */
async function trade(scene: Scene, one: Instrument): Promise<void> {
  const { category, symbol } = one;
  const wide = category === 'option' ? 0.05 : 0.0005;
  const many = String(Number(one.qty) * 10);
  const quote = (side: string, factor: number) =>
    scene.act('maker', CREATE, order(one, side, { qty: many, price: priced(one, factor), orderLinkId: scene.link() }));
  await quote('Buy', 1 - wide);
  await quote('Sell', 1 + wide);
  const take = (side: string, qty: string) =>
    scene.act('trader', CREATE, order(one, side, { qty, orderType: 'Market', orderLinkId: scene.link() }));
  await take('Buy', String(Number(one.qty) * 2));
  await take('Sell', one.qty);
  const low = { price: priced(one, category === 'option' ? 0.8 : 0.995) };
  const rests = await scene.act('trader', CREATE, order(one, 'Buy', { ...low, orderLinkId: scene.link() }));
  scene.learn(`${category}_order`, rests['orderId']);
  const gone = await scene.act('trader', CREATE, order(one, 'Buy', { ...low, orderLinkId: scene.link() }));
  await scene.act('trader', '/v5/order/cancel', { category, symbol, orderId: gone['orderId'] ?? '' });
}

/** An order that is filled in part and rests. */
async function fillPartly(scene: Scene, one: Instrument): Promise<void> {
  const limit = { price: priced(one, 1) };
  await scene.act('maker', CREATE, order(one, 'Sell', { ...limit, orderLinkId: scene.link() }));
  const twice = { qty: String(Number(one.qty) * 2), orderLinkId: scene.link() };
  await scene.act('trader', CREATE, order(one, 'Buy', { ...limit, ...twice }));
}

/** Conditional orders, a stop on the position, a stop that trails. */
async function protect(scene: Scene, one: Instrument): Promise<void> {
  const { category, symbol } = one;
  const trigger = { triggerPrice: priced(one, 1.05), triggerDirection: 1, price: priced(one, 1.05) };
  await scene.act('trader', CREATE, order(one, 'Buy', { ...trigger, orderLinkId: scene.link() }));
  const stops = { tpslMode: 'Full', takeProfit: priced(one, 1.2), stopLoss: priced(one, 0.8), positionIdx: 0 };
  await scene.act('trader', '/v5/position/trading-stop', { category, symbol, ...stops });
  await scene.act('trader', '/v5/order/disconnected-cancel-all', { product: 'SPOT', timeWindow: 300 });
  const attached = { price: priced(one, 0.994), takeProfit: priced(one, 1.3), stopLoss: priced(one, 0.7) };
  await scene.act('trader', CREATE, order(one, 'Buy', { ...attached, orderLinkId: scene.link() }));
}

const MARKETS = [
  ['spot', 'BTCUSDT', '0.1'],
  ['linear', 'BTCUSDT', '0.1'],
  ['linear', 'BTCPERP', '0.1'],
  ['linear', '$future', '0.1'],
  ['inverse', 'BTCUSD', '1000'],
  ['inverse', '$inverseFuture', '1000'],
  ['option', '$option', '0.1'],
  ['option', '$near', '0.1'],
] as const;

/** Both accounts trade on every market. */
async function tradeEverywhere(scene: Scene): Promise<void> {
  for (const [category, symbol, qty] of MARKETS) {
    const one = await lookUp(scene, category, symbol, qty);
    if (one === null) continue;
    await trade(scene, one);
    await fillPartly(scene, one);
    if (category === 'linear' || category === 'inverse') await protect(scene, one);
  }
  const spot = await lookUp(scene, 'spot', 'BTCUSDT', '0.1');
  if (spot === null) return;
  const stop = { triggerPrice: priced(spot, 0.98), price: priced(spot, 0.98), orderFilter: 'StopOrder' };
  await scene.act('trader', CREATE, order(spot, 'Sell', { ...stop, orderLinkId: scene.link() }));
}

/** A trade on a market, and both sides of its book changed: what topics push of. */
export async function move(scene: Scene, category: string, symbol: string): Promise<void> {
  if (category === 'spread') return tradeSpread(scene);
  const one = await lookUp(scene, category, symbol, category === 'inverse' ? '1000' : '0.1');
  if (one !== null) await trade(scene, one);
}

/** A bet with all that its account has, and the price that it does not survive. */
export async function liquidate(scene: Scene): Promise<void> {
  const { control } = scene.venue.exchange;
  const one = await lookUp(scene, 'linear', 'BTCUSDT', '1');
  if (one === null) return;
  const lever = { category: 'linear', symbol: 'BTCUSDT', buyLeverage: '100', sellLeverage: '100' };
  await scene.act('gambler', '/v5/position/set-leverage', lever);
  const price = priced(one, 1);
  await scene.act('maker', CREATE, order(one, 'Sell', { price }));
  await scene.act('gambler', CREATE, order(one, 'Buy', { price }));
  await scene.act('maker', CREATE, order(one, 'Buy', { qty: '5', price: priced(one, 0.975) }));
  const coin = instrumentId('spot', 'BTCUSDT');
  await control.setReference(coin, money(priced(one, 0.98)));
  await scene.venue.advance(5_000, 100);
  await control.setReference(coin, money(price));
  await scene.venue.advance(1_000, 100);
}

/** A combo that trades, rests and is canceled. */
async function tradeSpread(scene: Scene): Promise<void> {
  if (!scene.known.has('spread')) {
    scene.refused.push('no spread is listed');
    return;
  }
  const create = '/v5/spread/order/create';
  const [ticker] = await scene.rows('/v5/spread/tickers', 'symbol=$spread');
  const [terms] = await scene.rows('/v5/spread/instrument', 'symbol=$spread');
  const one = { category: '', symbol: '', qty: '1', tick: at(terms, 'tickSize') || '0.0001', price: 0 };
  const near = Number(at(ticker, 'lastPrice') || '0');
  const price = (shift: number) => priced({ ...one, price: near + shift }, 1);
  const combo = (side: string, limit: string, qty: string) => ({
    symbol: '$spread', side, orderType: 'Limit', qty, price: limit, orderLinkId: scene.link(),
  }); // biome-ignore format: a row
  await scene.act('maker', create, combo('Sell', price(1), '5'));
  const taken = await scene.act('trader', create, combo('Buy', price(1), '2'));
  scene.learn('spread_filled', taken['orderId']);
  const rests = await scene.act('trader', create, combo('Buy', price(0), '1'));
  scene.learn('spread_order', rests['orderId']);
}

/** Money between wallets and members, a loan, keys. */
async function administer(scene: Scene): Promise<void> {
  const transfer = (coin: string, from: string, to: string, last: number) =>
    scene.act('trader', '/v5/asset/transfer/inter-transfer', {
      transferId: `42c0cfb0-6bca-c242-bc76-4e6df6cbcb${last}`,
      coin,
      amount: '100',
      fromAccountType: from,
      toAccountType: to,
    });
  await transfer('USDT', 'UNIFIED', 'FUND', 10);
  await transfer('USDC', 'UNIFIED', 'FUND', 11);
  const member = { username: 'childone1', memberType: 1, switch: 1, note: 'a child' };
  const child = await scene.act('trader', '/v5/user/create-sub-member', member);
  scene.learn('child', child['uid']);
  const rights = { readOnly: 0, permissions: { Spot: ['SpotTrade'], Wallet: ['AccountTransfer'] } };
  const childKey = await scene.act('trader', '/v5/user/create-sub-api', { subuid: '$child', note: 'k', ...rights });
  scene.learn('childKey', childKey['apiKey']);
  await scene.act('trader', '/v5/asset/transfer/universal-transfer', {
    transferId: 'be7a2462-1138-4e27-80b1-62653f249210',
    coin: 'USDT',
    amount: '50',
    fromMemberId: 1001,
    toMemberId: Number(scene.known.get('child') ?? 0),
    fromAccountType: 'FUND',
    toAccountType: 'FUND',
  });
  await scene.act('trader', '/v5/order/disconnected-cancel-all', { product: 'OPTIONS', timeWindow: 40 });
  await scene.act('trader', '/v5/account/borrow', { coin: 'BTC', amount: '0.01' });
}

const HOUR = 3_600_000;

/** Everything, and then a day on which funding is paid and nearest contracts are delivered. */
export async function play(scene: Scene): Promise<void> {
  await discover(scene);
  await tradeEverywhere(scene);
  await tradeSpread(scene);
  await administer(scene);
  await scene.venue.advance(8 * HOUR + 1000, 60_000);
}
