import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayClient } from './gateway-client.ts';
import { type Serving, type Starting, startServing, until } from './okd-process.ts';
import { type Key, PaperProcess, type Ready } from './paper-process.ts';

/** A gateway beside an exchange that is a process of its own. */
export const UID = '1001';
export const KEY: Key = { apiKey: 'trading-key', apiSecret: 'trading-secret' };
export const OPENING = { USDT: '1000000', BTC: '10', ETH: '100', BNB: '1000', XRP: '100000' };
export const PASSWORD = 'correct horse battery staple';

export type Paper = Readonly<{ process: PaperProcess; at: Ready }>;

/** `okd paper` with control, its configuration written to `folder`. */
export async function startExchange(folder: string, config: object = {}): Promise<Paper> {
  const file = join(folder, 'paper.json');
  const account = { uid: UID, ...KEY, balances: OPENING };
  writeFileSync(file, JSON.stringify({ accounts: [account], control: true, rateLimits: 'off', ...config }));
  const process = PaperProcess.spawn(['--port', '0', '--json', '--config', file]);
  return { process, at: await process.ready() };
}

/** Writes the configuration of a gateway that trades there. */
export function gatewayConfig(folder: string, { at }: Paper, more: object = {}): string {
  const file = join(folder, 'gateway.json');
  const bybit = { environment: 'paper', baseUrl: at.rest, wsUrl: at.ws };
  writeFileSync(file, JSON.stringify({ bybit, ...more }));
  return file;
}

export const startGateway = (data: string, config: string): Starting =>
  startServing(['--data', data, '--config', config], { OKD_ADMIN_PASSWORD: PASSWORD });

export const signIn = ({ at }: Serving): Promise<GatewayClient> =>
  GatewayClient.signedIn(at.gateway.url, at.login.email, PASSWORD);

/** Connects the account, and waits until both venues have a book of the symbol. */
export async function connect(client: GatewayClient, symbols: readonly string[] = ['BTCUSDT']): Promise<void> {
  const { status, error } = await client.post('/bybit/connect', { ...KEY, environment: 'paper' });
  assert.equal(status, 200, JSON.stringify(error));
  for (const symbol of symbols) {
    for (const venue of ['okd_internal', 'bybit']) await bookOf(client, symbol, venue);
  }
  await until('the connection is ready', async () => ((await client.read('/bybit/status')).ready ? true : null));
}

const bookOf = (client: GatewayClient, symbol: string, venue: string): Promise<true> =>
  until(`a book of ${symbol} at ${venue}`, async () => {
    const { data } = await client.get(`/api/market/orderbook?symbol=${symbol}&venue=${venue}&depth=1`);
    return data?.asks.length > 0 && data?.bids.length > 0 ? true : null;
  });
