import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PaperClient } from '../../src/app/paper/client.ts';
import { plain } from './exact.ts';
import { type Answer, type Key, V5 } from './paper-process.ts';

/** What the exchange itself says of one account: amounts are plain decimal strings. */
export type VenueTruth = Readonly<{
  orders: readonly VenueOrderTruth[];
  executions: readonly VenueExecutionTruth[];
  /** Coins that are not zero. */
  wallet: Readonly<Record<string, string>>;
}>;
export type VenueOrderTruth = Readonly<{
  orderId: string;
  linkId: string;
  symbol: string;
  side: 'buy' | 'sell';
  qty: string;
  cumQty: string;
  isOpen: boolean;
}>;
export type VenueExecutionTruth = Readonly<{
  execId: string;
  linkId: string;
  symbol: string;
  side: 'buy' | 'sell';
  price: string;
  qty: string;
  fee: string;
  feeAsset: string;
}>;

type Row = Readonly<Record<string, string>>;
const OPEN = ['New', 'PartiallyFilled', 'Untriggered', 'new', 'partially_filled'];

function rowsOf({ retCode, retMsg, result }: Answer): { list: Row[]; cursor: string } {
  if (retCode !== 0) throw new Error(`the exchange answered ${retCode} ${retMsg}`);
  return { list: result['list'] as Row[], cursor: String(result['nextPageCursor'] ?? '') };
}

async function pages(v5: V5, path: string, query: Readonly<Record<string, string>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor = '';
  do {
    const page = rowsOf(await v5.get(path, { ...query, ...(cursor === '' ? {} : { cursor }) }));
    rows.push(...page.list);
    cursor = page.list.length === 0 ? '' : page.cursor;
  } while (cursor !== '');
  return rows;
}

const sideOf = (word: string | undefined): 'buy' | 'sell' => (word?.toLowerCase() === 'buy' ? 'buy' : 'sell');

/** Asked as any client would ask, with the account's key. */
export async function truthBySignedCalls(rest: string, key: Key): Promise<VenueTruth> {
  const v5 = new V5(rest, key);
  const spot = { category: 'spot' };
  const [closed, open, traded, wallet] = await Promise.all([
    pages(v5, '/v5/order/history', { ...spot, limit: '50' }),
    pages(v5, '/v5/order/realtime', { ...spot, limit: '50', openOnly: '0' }),
    pages(v5, '/v5/execution/list', { ...spot, limit: '100' }),
    v5.get('/v5/account/wallet-balance', { accountType: 'UNIFIED' }),
  ]);
  const byId = new Map([...closed, ...open].map((row) => [row['orderId'], row]));
  const coins = (rowsOf(wallet).list[0] as unknown as { coin: Row[] }).coin;
  return {
    orders: [...byId.values()].map((row) => ({
      orderId: `${row['orderId']}`,
      linkId: `${row['orderLinkId']}`,
      symbol: `${row['symbol']}`,
      side: sideOf(row['side']),
      qty: plain(`${row['qty']}`),
      cumQty: plain(`${row['cumExecQty']}`),
      isOpen: OPEN.includes(`${row['orderStatus']}`),
    })),
    executions: traded.map((row) => ({
      execId: `${row['execId']}`,
      linkId: `${row['orderLinkId']}`,
      symbol: `${row['symbol']}`,
      side: sideOf(row['side']),
      price: plain(`${row['execPrice']}`),
      qty: plain(`${row['execQty']}`),
      fee: plain(`${row['execFee']}`),
      feeAsset: `${row['feeCurrency']}`,
    })),
    wallet: walletOf(coins.map((row) => [`${row['coin']}`, `${row['walletBalance']}`])),
  };
}

const walletOf = (rows: readonly (readonly [string, string])[]): Record<string, string> =>
  Object.fromEntries(
    rows
      .map(([asset, amount]) => [asset, plain(amount)] as const)
      .filter(([, amount]) => amount !== '0')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

type Account = Readonly<{
  uid: string;
  coins: Readonly<Record<string, Readonly<{ wallet: string }>>>;
  orders: readonly Row[];
  executions: readonly Row[];
}>;

const symbolOf = (row: Row): string => `${row['instrument']}`.split(':')[1] ?? '';

/** Read from the exchange's own state, past its protocol. */
export async function truthByControl(rest: string, uid: string): Promise<VenueTruth> {
  const { accounts } = await new PaperClient(rest).groundTruth();
  const account = (accounts as unknown as Account[]).find((one) => one.uid === uid);
  if (account === undefined) throw new Error(`the exchange has no account ${uid}`);
  return {
    orders: account.orders.map((row) => ({
      orderId: `${row['orderId']}`,
      linkId: row['clientOrderId'] ?? '',
      symbol: symbolOf(row),
      side: sideOf(row['side']),
      qty: `${row['qty']}`,
      cumQty: `${row['cumQty']}`,
      isOpen: OPEN.includes(`${row['status']}`),
    })),
    executions: account.executions.map((row) => ({
      execId: `${row['execId']}`,
      linkId: row['clientOrderId'] ?? '',
      symbol: symbolOf(row),
      side: sideOf(row['side']),
      price: `${row['price']}`,
      qty: `${row['qty']}`,
      fee: `${row['fee']}`,
      feeAsset: `${row['feeAsset']}`,
    })),
    wallet: walletOf(Object.entries(account.coins).map(([asset, { wallet }]) => [asset, wallet])),
  };
}

/** The key of the exchange that a gateway runs for itself, from the data directory. */
export const ownPaperKey = (dataDir: string): Key =>
  (JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8')) as { paper: Key }).paper;
