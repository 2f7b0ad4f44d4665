import { below, type Rng, uniform } from '../../src/ports/rng.ts';
import { sleep } from '../../src/ports/clock.ts';
import type { Answer, ApiClient } from './client.ts';
import { MAKER, TRADED, type Traded } from './settings.ts';

/** What became of a command to place an order, as its client knows. */
export type Issued = {
  readonly clientOrderId: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Id of the order once it was acknowledged. */
  order: string | null;
  /** Code of the refusal, when that was the last answer. */
  refused: string | null;
};

/** What a client has been shown of an order. */
export type Sight = Readonly<{ askedAtMs: number; seenAtMs: number; order: ShownOrder }>;
export type ShownOrder = Readonly<{
  id: string;
  client_order_id: string | null;
  status: string;
  certainty: string;
  filled_quantity: string;
}>;

export type TraderWorld = Readonly<{
  /** Last price of an instrument; null when nobody can know it. */
  price(traded: Traded): number | null;
  saw(client: ApiClient, sight: Sight): void;
  wrong(subject: string, text: string): void;
  nowMs(): number;
}>;

const MEAN_PAUSE_MS = 3_600;
const OPEN_KEPT = 12;

/** One user's program: places, cancels, repeats, previews and reads at random times, until it is told to stop. */
export class Trader {
  readonly client: ApiClient;
  readonly issued: Issued[] = [];
  commands = 0;
  #stopped = false;
  #number = 0;
  readonly #rng: Rng;
  readonly #world: TraderWorld;
  readonly #open: string[] = [];

  constructor(client: ApiClient, rng: Rng, world: TraderWorld) {
    this.client = client;
    this.#rng = rng;
    this.#world = world;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Runs until `stop`. Commands overlap: the next does not wait for the answer of the one before. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      await sleep(this.client.process.clock, -Math.log(1 - uniform(this.#rng)) * MEAN_PAUSE_MS);
      if (!this.#stopped) void this.#act();
    }
  }

  async #act(): Promise<void> {
    this.commands += 1;
    const roll = uniform(this.#rng);
    if (roll < 0.6) return this.#place();
    if (roll < 0.76) return this.#cancel();
    if (roll < 0.84) return this.#repeat();
    if (roll < 0.88) return this.#preview();
    if (roll < 0.91) return this.#halt();
    return this.#read();
  }

  /** The client's own way with a lost answer: the same request again, with the same client_order_id. */
  async #place(): Promise<void> {
    const body = this.#orderBody();
    if (body === null) return;
    this.#number += 1;
    const clientOrderId = `${this.client.person.name}-${this.#number}`;
    const issued: Issued = {
      clientOrderId,
      body: { ...body, client_order_id: clientOrderId },
      order: null,
      refused: null,
    };
    this.issued.push(issued);
    for (let attempt = 0; attempt < 8; attempt += 1) {
      if (await this.#send(issued)) return;
      await sleep(this.client.process.clock, 500 * 2 ** attempt);
    }
  }

  /** True when the answer says what became of the order. */
  async #send(issued: Issued): Promise<boolean> {
    const answer = await this.#call('POST', '/api/trading/order', issued.body);
    if (answer === null || answer.status >= 500) return false;
    if (answer.status === 201 || answer.status === 200) {
      const { id } = answer.data;
      if (issued.order !== null && issued.order !== id) {
        this.#world.wrong(issued.clientOrderId, `one client_order_id is one order: was ${issued.order}, now ${id}`);
      }
      issued.order = id;
      issued.refused = null;
      this.#open.push(id);
      if (this.#open.length > OPEN_KEPT) this.#open.shift();
    } else if (issued.order === null) {
      issued.refused = answer.code;
    } else {
      this.#world.wrong(issued.clientOrderId, `acknowledged as ${issued.order}, then refused: ${answer.code}`);
    }
    return true;
  }

  async #repeat(): Promise<void> {
    const issued = this.issued[below(this.#rng, this.issued.length)];
    if (issued === undefined) return;
    if (issued.order !== null && uniform(this.#rng) < 0.3) return this.#reuse(issued);
    if (issued.refused === null) await this.#send(issued);
  }

  /** The same id with another body names another order: refused. */
  async #reuse(issued: Issued): Promise<void> {
    const quantity = issued.body['quantity'] === '0.123' ? '0.124' : '0.123';
    const body = { ...issued.body, quantity };
    const answer = await this.#call('POST', '/api/trading/order', body);
    if (answer === null || answer.status >= 500 || answer.code === 'DUPLICATE_CLIENT_ORDER_ID') return;
    this.#world.wrong(issued.clientOrderId, `another body under the same id: ${answer.status} ${answer.code}`);
  }

  async #cancel(): Promise<void> {
    const id = this.#open[below(this.#rng, this.#open.length)];
    if (id !== undefined) await this.#call('DELETE', `/api/trading/orders/${id}`);
  }

  async #read(): Promise<void> {
    const id = this.#open[below(this.#rng, this.#open.length)];
    if (id === undefined || uniform(this.#rng) < 0.2) await this.#call('GET', '/api/trading/orders?limit=20');
    else await this.#call('GET', `/api/trading/orders/${id}`);
  }

  async #preview(): Promise<void> {
    const body = this.#orderBody();
    if (body !== null) await this.#call('POST', '/api/trading/orders/preview', body);
  }

  /** The kill switch of the account at the very moment of an order, and its release a little later. */
  async #halt(): Promise<void> {
    void this.#place();
    const cancelOrders = uniform(this.#rng) < 0.3;
    await this.#switch(true, cancelOrders);
    await sleep(this.client.process.clock, 1_000 + uniform(this.#rng) * 2_000);
    while (!(await this.#switch(false, false))) await sleep(this.client.process.clock, 1_000);
  }

  async #switch(active: boolean, cancelOrders: boolean): Promise<boolean> {
    const answer = await this.#call('POST', '/api/risk/kill-switch', { active, cancel_orders: cancelOrders });
    return answer !== null && answer.status === 200;
  }

  async #call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer | null> {
    const askedAtMs = this.#world.nowMs();
    const answer = await this.client.call(method, path, body);
    const seenAtMs = this.#world.nowMs();
    if (answer === null || answer.data === null) return answer;
    const orders: ShownOrder[] = answer.data.orders ?? (answer.data.client_order_id === undefined ? [] : [answer.data]);
    for (const order of orders) this.#world.saw(this.client, { askedAtMs, seenAtMs, order });
    return answer;
  }

  #orderBody(): Record<string, unknown> | null {
    const rng = this.#rng;
    const isMaker = this.client.person.name === MAKER.name;
    const traded = TRADED[below(rng, isMaker ? 2 : 3)] as Traded;
    const price = this.#world.price(traded);
    if (price === null) return null;
    const side = uniform(rng) < 0.5 ? 'buy' : 'sell';
    const size = traded.qty * (0.2 + 2 * uniform(rng) ** 2) * (isMaker ? 2 : 1);
    const base = { symbol: traded.symbol, category: traded.category, side, quantity: onGrid(size, traded.step) };
    const routing = this.#routing(traded, isMaker);
    const roll = isMaker ? 1 : uniform(rng);
    if (roll < 0.3) return { ...base, type: 'market', ...routing };
    const time_in_force = roll === 1 ? 'gtc' : (['gtc', 'gtc', 'ioc', 'post_only', 'fok'] as const)[below(rng, 5)];
    // A maker quotes outside the spread; a trader sometimes crosses it.
    const away = isMaker
      ? 0.0003 + uniform(rng) * 0.001
      : (uniform(rng) - (time_in_force === 'post_only' ? 0 : 0.4)) * 0.002;
    const limit = price * (side === 'buy' ? 1 - away : 1 + away);
    return { ...base, type: 'limit', price: onGrid(limit, traded.tick), time_in_force, ...routing };
  }

  #routing(traded: Traded, isMaker: boolean): object {
    if (isMaker) return { routing: { strategy: 'internal_only' } };
    if (traded.category !== 'spot') return {};
    const strategy = (['smart', 'best_price', 'lowest_cost', 'internal_only', 'bybit_only', 'bybit_only'] as const)[
      below(this.#rng, 6)
    ];
    return { routing: { strategy } };
  }
}

/** A whole number of steps, as a plain decimal: what a client would type. */
function onGrid(value: number, step: string): string {
  const digits = step.indexOf('.') < 0 ? 0 : step.length - step.indexOf('.') - 1;
  const unit = Number(step);
  return (Math.max(1, Math.round(value / unit)) * unit).toFixed(digits);
}
