import { later } from './okd-process.ts';

/** An answer of the gateway: amounts are decimal strings. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Body = any;
export type ApiAnswer = Readonly<{ status: number; data: Body; error: Body; headers: Headers }>;

/** What tests read of orders and executions, as the contract prints them with decimal strings. */
export type ChildView = Readonly<{
  id: string;
  venue: string;
  venue_order_id: string | null;
  status: string;
  in_flight: string;
  certainty: string;
  price: string;
  quantity: string;
  filled_quantity: string;
  average_price: string | null;
  fees: readonly FeeView[];
  reason: string | null;
}>;
export type FeeView = Readonly<{ asset: string; amount: string; kind: 'venue' | 'routing' }>;
export type OrderView = Readonly<{
  id: string;
  client_order_id: string | null;
  symbol: string;
  side: 'buy' | 'sell';
  status: string;
  certainty: string;
  reason: string | null;
  quantity: string;
  filled_quantity: string;
  average_price: string | null;
  fees: readonly FeeView[];
  children: readonly ChildView[];
  routing_decision: Body;
}>;
export type ExecutionView = Readonly<{
  id: string;
  order_id: string;
  child_id: string;
  client_order_id: string | null;
  venue: string;
  symbol: string;
  category: string;
  side: 'buy' | 'sell';
  price: string;
  quantity: string;
  notional: string;
  fees: readonly FeeView[];
  liquidity: string;
}>;

export const FINAL = ['filled', 'canceled', 'rejected', 'expired'];

/** Calls of one signed-in user. */
export class GatewayClient {
  readonly url: string;
  readonly #token: string | null;

  constructor(url: string, token: string | null) {
    this.url = url;
    this.#token = token;
  }

  static async signedIn(url: string, email: string, password: string): Promise<GatewayClient> {
    const { data, status } = await new GatewayClient(url, null).post('/api/auth/login', { email, password });
    if (status !== 200) throw new Error(`sign-in was answered ${status}`);
    return new GatewayClient(url, data.access_token as string);
  }

  get token(): string {
    return this.#token ?? '';
  }

  get(path: string): Promise<ApiAnswer> {
    return this.send('GET', path);
  }

  delete(path: string): Promise<ApiAnswer> {
    return this.send('DELETE', path);
  }

  /** `body`: an object, or the exact text to send. */
  post(path: string, body: object | string): Promise<ApiAnswer> {
    return this.send('POST', path, typeof body === 'string' ? body : JSON.stringify(body));
  }

  async send(
    method: string,
    path: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer> {
    const own = {
      'x-okd-decimals': 'string',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
    };
    const init = { method, headers: { ...own, ...headers }, ...(body === undefined ? {} : { body }) };
    const answer = await fetch(`${this.url}${path}`, init);
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    const read = isJson ? JSON.parse(text) : { data: text };
    return { status: answer.status, data: read.data ?? null, error: read.error ?? null, headers: answer.headers };
  }

  /** The data of an answer that must be a success. */
  async read(path: string): Promise<Body> {
    const { status, data, error } = await this.get(path);
    if (status !== 200) throw new Error(`GET ${path} was answered ${status}: ${JSON.stringify(error)}`);
    return data;
  }

  order = (body: object): Promise<ApiAnswer> => this.post('/api/trading/order', body);
  orders = (): Promise<OrderView[]> => this.#pages('/api/trading/orders', 'orders');
  executions = (): Promise<ExecutionView[]> => this.#pages('/api/trading/executions', 'executions');

  async #pages(path: string, name: string): Promise<Body[]> {
    const items: Body[] = [];
    let cursor: string | null = null;
    do {
      const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Body = await this.read(`${path}?limit=500${at}`);
      items.push(...page[name]);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return items;
  }

  /** The order once it has ended. */
  async ended(id: string, withinMs = 10_000): Promise<Body> {
    for (const end = performance.now() + withinMs; ; ) {
      const order = await this.read(`/api/trading/orders/${id}`);
      if (FINAL.includes(order.status)) return order;
      if (performance.now() > end) throw new Error(`order ${id} is still ${order.status}`);
      await later(30);
    }
  }
}
