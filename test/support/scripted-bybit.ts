import { TransportError } from '../../packages/bybit/src/ports.ts';
import { FakeClock, steadyRng } from '../../packages/bybit/test/fake-clock.ts';
import {
  answer,
  FakeHttp,
  FakeSockets,
  queryOfUrl,
  refusal,
  type ServerSocket,
} from '../../packages/bybit/test/fake-network.ts';
import { behave, replyTo, settled, wireExecution, wireOrder } from '../../packages/bybit/test/fake-venue.ts';
import { BybitAccess, type BybitAccessOptions } from '../../src/adapters/bybit/access.ts';
import type { BybitAccountVenue } from '../../src/adapters/bybit/account-venue.ts';
import type { ClientOrderId, InstrumentId, UnixMs, VenueOrderId } from '../../src/domain/ids.ts';
import type { OrderRef, VenueEvent } from '../../src/ports/venue.ts';
import type { KeyReport } from '../../src/ports/venue-access.ts';

export type Row = Record<string, unknown>;
type Logged = Readonly<{ level: string; event: string; fields: Readonly<Record<string, unknown>> }>;

export const SPOT_BTC = 'spot:BTCUSDT' as InstrumentId;
export const LINEAR_BTC = 'linear:BTCUSDT' as InstrumentId;

const REPORT: KeyReport = {
  uid: '7',
  permissions: ['Spot:SpotTrade', 'ContractTrade:Order'],
  readOnly: false,
  canTrade: ['spot', 'linear'],
  canTransfer: false,
  canWithdraw: false,
  ipBound: true,
  expiresAt: null,
};

const spotRow = (tick: string, step: string): Row => ({
  symbol: 'BTCUSDT',
  status: 'Trading',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  lotSizeFilter: { basePrecision: step, quotePrecision: '0.01', maxLimitOrderQty: '1000', minOrderAmt: '1' },
  priceFilter: { tickSize: tick },
  riskParameters: { priceLimitRatioX: '0.05', priceLimitRatioY: '0.05' },
});

const linearRow = (tick: string, step: string): Row => ({
  symbol: 'BTCUSDT',
  contractType: 'LinearPerpetual',
  status: 'Trading',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  leverageFilter: { minLeverage: '1', maxLeverage: '100', leverageStep: '0.01' },
  priceFilter: { minPrice: tick, maxPrice: '1999999.8', tickSize: tick },
  lotSizeFilter: { maxOrderQty: '1190', minOrderQty: step, qtyStep: step },
  riskParameters: { priceLimitRatioX: '0.05', priceLimitRatioY: '0.05' },
});

/** The adapter over a V5 venue that answers by script, in virtual time. */
export class ScriptedBybit {
  readonly clock = new FakeClock();
  readonly http = new FakeHttp(this.clock);
  readonly sockets = new FakeSockets(this.clock);
  readonly access: BybitAccess;
  readonly logged: Logged[] = [];
  readonly told: VenueEvent[] = [];
  /** How far the venue's clock is ahead of ours. */
  aheadMs = 0;
  tick = '0.1';
  step = '0.001';
  /** What the lists show, by category. */
  readonly orders: Record<string, Row[]> = { spot: [], linear: [] };
  readonly closed: Record<string, Row[]> = { spot: [], linear: [] };
  readonly executions: Record<string, Row[]> = { spot: [], linear: [] };

  constructor(options: Partial<BybitAccessOptions> = {}) {
    this.sockets.accept = (socket) => {
      behave(socket);
      return true;
    };
    this.#script();
    const note =
      (level: string) =>
      (event: string, fields: Logged['fields'] = {}): void => {
        this.logged.push({ level, event, fields });
      };
    this.access = new BybitAccess({
      environment: { rest: 'http://venue', stream: 'ws://venue', publicStream: 'ws://venue' } as never,
      transport: { clock: this.clock, http: this.http, sockets: this.sockets, rng: steadyRng() } as never,
      log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
      ...options,
    });
  }

  get venueNow(): number {
    return this.clock.now() + this.aheadMs;
  }

  #script(): void {
    const { http } = this;
    http.on('/v5/market/time', () => {
      const now = this.venueNow;
      return answer({ timeSecond: `${Math.floor(now / 1_000)}`, timeNano: `${now}000000` }, { time: now });
    });
    http.on('/v5/market/instruments-info', ({ url }) => {
      const spot = params(url).get('category') === 'spot';
      const list = [spot ? spotRow(this.tick, this.step) : linearRow(this.tick, this.step)];
      return this.list(list, { category: spot ? 'spot' : 'linear' });
    });
    http.on('/v5/account/fee-rate', () => this.list([]));
    http.on('/v5/order/realtime', ({ url }) => this.list(this.#matching(this.orders, url)));
    http.on('/v5/order/history', ({ url }) => this.list(this.#matching(this.closed, url)));
    http.on('/v5/execution/list', ({ url }) => {
      const query = params(url);
      const from = Number(query.get('startTime') ?? 0);
      const to = Number(query.get('endTime') ?? Number.POSITIVE_INFINITY);
      const inside = ({ execTime }: Row): boolean => Number(execTime) >= from && Number(execTime) <= to;
      return this.list(this.#matching(this.executions, url).filter(inside));
    });
  }

  #matching(from: Readonly<Record<string, Row[]>>, url: string): Row[] {
    const query = params(url);
    // One settle coin has them all: a second question must not list them again.
    if (query.get('settleCoin') === 'USDC') return [];
    return from[query.get('category') ?? ''] ?? [];
  }

  list(rows: readonly Row[], more: Row = {}) {
    return answer({ list: rows, nextPageCursor: '', ...more }, { time: this.venueNow });
  }

  async listed(): Promise<void> {
    const read = await this.until(this.access.instruments());
    if (!read.ok) throw new Error(read.error.reason);
  }

  /** An account's connection that is up. */
  async account(report: Partial<KeyReport> = {}): Promise<BybitAccountVenue> {
    await this.listed();
    const venue = this.access.open({ apiKey: 'KEY', apiSecret: 'secret' }, { ...REPORT, ...report });
    venue.onEvent((event) => this.told.push(event));
    await this.clock.advance(1_000);
    return venue;
  }

  until<T>(promise: Promise<T>, withinMs?: number): Promise<T> {
    return settled(this.clock, promise, withinMs);
  }

  /** The open connection whose address ends so. */
  socket(ending: string): ServerSocket {
    const open = this.sockets.connections.findLast(({ url, isOpen }) => isOpen && url.endsWith(ending));
    if (open === undefined) throw new Error(`no connection to ${ending}`);
    return open;
  }

  /** Pushes rows of a topic of the private stream. */
  async push(topic: string, rows: readonly Row[]): Promise<void> {
    const creationTime = this.venueNow;
    this.socket('/v5/private').send({ id: `m${creationTime}`, topic, creationTime, data: rows });
    await this.clock.advance(10);
  }

  async snapshot(depth: number, bids: readonly string[][], asks: readonly string[][]): Promise<void> {
    const at = this.venueNow;
    const body = { s: 'BTCUSDT', b: bids, a: asks, u: at, seq: at };
    this.socket('/v5/public/spot').send({
      topic: `orderbook.${depth}.BTCUSDT`,
      type: 'snapshot',
      ts: at,
      cts: at,
      data: body,
    });
    await this.clock.advance(10);
  }

  bodies(path: string): Row[] {
    return this.http.requests.filter(({ url }) => url.endsWith(path)).map(({ body }) => JSON.parse(body ?? '') as Row);
  }
}

export const params = (url: string): URLSearchParams => new URLSearchParams(queryOfUrl(url));

export const refTo = (instrument: InstrumentId, id: string, venueOrderId: string | null = null): OrderRef => ({
  instrument,
  clientOrderId: id as ClientOrderId,
  venueOrderId: venueOrderId as VenueOrderId | null,
  createdAt: 0 as UnixMs,
});

/** No answer, after the request has left. */
export const reset = (): TransportError => new TransportError('reset', 'reset');

export { answer, refusal, replyTo, wireExecution, wireOrder };
