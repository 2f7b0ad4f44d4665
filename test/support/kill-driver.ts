import assert from 'node:assert/strict';
import { below, type Rng, uniform } from '../../src/ports/rng.ts';
import {
  type ApiAnswer,
  type Body,
  type ExecutionView,
  FINAL,
  type GatewayClient,
  type OrderView,
} from './gateway-client.ts';
import { GatewaySocket } from './gateway-socket.ts';
import { later } from './okd-process.ts';
import { isInDoubt } from './two-venues.ts';

const WORKERS = 6;
const LONGEST_PAUSE_MS = 120;
const STRATEGIES = ['smart', 'smart', 'internal_only', 'bybit_only'] as const;

type Sent = { readonly body: Readonly<Record<string, unknown>>; answer: ApiAnswer | null; isUnanswered: boolean };

/** Sends orders and cancels until the gateway dies, and remembers every answer and every push that it got. */
export class KillDriver {
  readonly sent = new Map<string, Sent>();
  /** Orders whose cancel was answered with 200. */
  readonly canceled = new Set<string>();
  readonly told = new Map<string, ExecutionView>();
  readonly #rng: Rng;
  #open: string[] = [];
  #count = 0;
  #running = false;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** Loads the gateway for some time, kills it in the middle of it, and returns when nothing is under way any more. */
  async run(client: GatewayClient, ws: string, forMs: number, kill: () => Promise<unknown>): Promise<void> {
    const socket = await GatewaySocket.subscribed(ws, client.token, ['executions', 'orders']);
    const { bids } = await client.read('/api/market/orderbook?symbol=BTCUSDT&depth=1');
    this.#running = true;
    const workers = Array.from({ length: WORKERS }, () => this.#work(client, Number(bids[0].price)));
    await later(forMs);
    await kill();
    this.#running = false;
    await Promise.all(workers);
    for (const execution of socket.items('executions')) this.told.set(execution.id, execution);
    assert.deepEqual(socket.gaps, []);
    socket.close();
  }

  async #work(client: GatewayClient, price: number): Promise<void> {
    while (this.#running) {
      try {
        if (uniform(this.#rng) < 0.2 && this.#open.length > 0) await this.#cancel(client);
        else await this.#submit(client, this.#anyOrder(price));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // fetch failed: the gateway is gone, and the answer with it
        return;
      }
      await later(uniform(this.#rng) * LONGEST_PAUSE_MS);
    }
  }

  #anyOrder(price: number): Record<string, unknown> {
    const rng = this.#rng;
    const side = below(rng, 2) === 0 ? 'buy' : 'sell';
    const strategy = STRATEGIES[below(rng, STRATEGIES.length)];
    this.#count += 1;
    const order = { symbol: 'BTCUSDT', side, client_order_id: `k-${this.#count}`, routing: { strategy } };
    const dice = uniform(rng);
    const small = `0.00${1 + below(rng, 9)}`;
    if (dice < 0.4) return { ...order, type: 'market', quantity: small };
    if (dice < 0.55)
      return { ...order, type: 'market', quantity: `0.${3 + below(rng, 6)}`, routing: { strategy: 'smart' } };
    const away = dice < 0.9 ? 0.01 + 0.02 * uniform(rng) : -0.0005;
    const limit = price * (side === 'buy' ? 1 - away : 1 + away);
    return { ...order, type: 'limit', quantity: small, price: limit.toFixed(1) };
  }

  async #submit(client: GatewayClient, body: Record<string, unknown>): Promise<void> {
    const sent: Sent = { body, answer: null, isUnanswered: false };
    this.sent.set(`${body['client_order_id']}`, sent);
    sent.answer = await client.order(body);
    const { status, data } = sent.answer;
    if (status === 201 && !FINAL.includes(data.status) && body['type'] === 'limit') this.#open.push(data.id);
  }

  async #cancel(client: GatewayClient): Promise<void> {
    const [id = ''] = this.#open.splice(below(this.#rng, this.#open.length), 1);
    const { status, error } = await client.delete(`/api/trading/orders/${id}`);
    if (status === 200) this.canceled.add(id);
    else assert.equal(error.code, 'ORDER_ALREADY_FINAL');
  }

  /** Of what the last kill left unanswered half is sent again under its id, as a client would. It may exist or not, once. */
  async repeatUnanswered(client: GatewayClient): Promise<number> {
    const unanswered = [...this.sent.values()].filter((sent) => sent.answer === null && !sent.isUnanswered);
    for (const sent of unanswered) {
      sent.isUnanswered = true;
      if (below(this.#rng, 2) === 0) sent.answer = await client.order(sent.body);
    }
    return unanswered.length;
  }

  /** Everything that was ever acknowledged is there, once, and says no less than it said then. */
  assertKept(orders: readonly OrderView[], executions: readonly ExecutionView[]): void {
    const byClientId = new Map<string, OrderView>();
    for (const order of orders) {
      const id = `${order.client_order_id}`;
      assert.ok(this.sent.has(id) && !byClientId.has(id), `${id} is an order that was sent, and there once`);
      byClientId.set(id, order);
    }
    for (const [id, { answer }] of this.sent) {
      if (answer === null) continue;
      const order = byClientId.get(id);
      if (answer.status >= 400) assert.equal(order, undefined, `${id} was refused: ${answer.error?.code}`);
      else assertNoLess(order, answer.data);
    }
    for (const order of orders) {
      if (this.canceled.has(order.id) && !order.children.some(isInDoubt))
        assert.ok(FINAL.includes(order.status), `the canceled ${order.id} is ${order.status}`);
    }
    const byId = new Map(executions.map((execution) => [execution.id, execution]));
    for (const [id, told] of this.told) assert.deepEqual(byId.get(id), told, `execution ${id} as it was told`);
  }
}

function assertNoLess(now: OrderView | undefined, then: Body): void {
  assert.ok(now !== undefined, `${then.client_order_id} was acknowledged as ${then.id}`);
  assert.deepEqual([now.id, now.quantity, now.side], [then.id, then.quantity, then.side]);
  assert.ok(Number(now.filled_quantity) >= Number(then.filled_quantity), `${now.id} has lost fills`);
  if (FINAL.includes(then.status)) assert.equal(now.status, then.status, `${now.id} was final`);
  const children = now.children.map(({ id }) => id);
  for (const child of then.children) assert.ok(children.includes(child.id), `${now.id} has lost its child ${child.id}`);
}
