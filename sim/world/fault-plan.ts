import type { PaperExchange } from '../../src/paper/index.ts';
import { sleep } from '../../src/ports/clock.ts';
import { below, type Rng, uniform } from '../../src/ports/rng.ts';
import type { HttpFault, HttpSubject } from '../lib/network-faults.ts';
import { CRASH_POINTS, type CrashPlan, CrashPoints } from './crash-points.ts';
import type { World } from './world.ts';

/** Faults of the catalogue that this world injects, and the ways in which its processes die. */
export const FAULTS = ['A01', 'A02', 'A03', 'A04', 'A10', 'A13', 'A14', 'A21', 'A22', 'B01', 'C01'] as const;
export const CRASHES = [...CRASH_POINTS, 'gateway-kill', 'paper-kill'] as const;
export const ALL_FAULTS: readonly string[] = [...FAULTS, ...CRASHES];

/** Each seed switches a part of the faults on, each with a strength of its own: so rare pairs meet. */
const SHARE_ON = 0.5;
/** Highest chance for one subject (a request, a push, a step). */
const STRONGEST: Readonly<Record<string, number>> = {
  A01: 0.15, A02: 0.15, A03: 0.15, A04: 0.15, A10: 0.15, A14: 0.4, C01: 0.15, P1: 0.04, P2: 0.06, P3: 0.06, P4: 0.06, P5: 0.06,
}; // biome-ignore format: a table

const draw = (rng: Rng, id: string): number =>
  uniform(rng) < SHARE_ON ? (STRONGEST[id] ?? 1) * (0.3 + 0.7 * uniform(rng)) : 0;

const isCreate = ({ request }: HttpSubject): boolean => request.url.endsWith('/v5/order/create');
const isOrderQuery = ({ request }: HttpSubject): boolean =>
  request.method === 'GET' && /\/v5\/(order|execution)\//.test(request.url);
const LINK = { from: 'gateway', to: 'paper' } as const;
const HTML = '<html><head><title>502 Bad Gateway</title></head><body>cloudfront</body></html>';

/** What goes wrong in one run, drawn from its seed. */
export class FaultPlanner {
  readonly #world: World;
  readonly #rng: Rng;
  readonly #crashPlan: CrashPlan;
  #on = false;

  constructor(world: World) {
    this.#world = world;
    this.#rng = world.sim.rng('faults');
    const chance = Object.fromEntries(CRASH_POINTS.map((point) => [point, draw(this.#rng, point)]));
    this.#crashPlan = { on: false, chance };
    const { hooks, sim } = world;
    const points = new CrashPoints(this.#crashPlan, sim.rng('crash points'), sim.faultCounts);
    hooks.journal = (journal, process) => points.journal(journal, process);
    hooks.network = (network, process) => points.network(network, process);
    hooks.paperOpen.push((exchange) => this.#watchQueries(exchange));
  }

  /** The safety phase begins. */
  start(): void {
    this.#on = true;
    this.#crashPlan.on = true;
    this.#disturbNetwork();
    this.#failQueries();
    this.#disturbExchange();
    this.#killAtRandom('gateway');
    this.#killAtRandom('paper');
    void this.#keepAlive('gateway');
    void this.#keepAlive('paper');
  }

  /** The healing phase: nothing goes wrong any more, and both processes come up. */
  stop(): void {
    this.#on = false;
    this.#crashPlan.on = false;
    this.#world.sim.network.faults.clear();
    this.#world.paper?.control.clearFaults();
  }

  #disturbNetwork(): void {
    const { faults } = this.#world.sim.network;
    const rules: readonly (readonly [string, HttpFault | ((rng: Rng) => HttpFault)])[] = [
      ['A01', { type: 'drop_answer' }],
      ['A02', { type: 'reset_answer' }],
      ['A03', { type: 'replace_answer', answer: () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: HTML }) }],
      ['A14', (rng) => ({ type: 'delay_answer', ms: 5 + below(rng, 500) })],
    ]; // biome-ignore format: a table
    for (const [id, fault] of rules) {
      const probability = draw(this.#rng, id);
      if (probability > 0) faults.onHttp({ id, link: LINK, when: isCreate, probability, fault });
    }
    for (const [id, code] of [
      ['A04', serverTimeout],
      ['A10', alreadyExists],
    ] as const) {
      const probability = draw(this.#rng, id);
      if (probability === 0) continue;
      const fault = (_rng: Rng, { request }: HttpSubject): HttpFault => ({
        type: 'replace_answer',
        answer: (original) => ({ ...original, body: insteadOf(original.body, code(request.body ?? '')) }),
      });
      faults.onHttp({ id, link: LINK, when: isCreate, probability, fault });
    }
    const cut = draw(this.#rng, 'C01');
    if (cut > 0) {
      faults.onMessage({
        id: 'C01',
        link: LINK,
        when: ({ direction, text }) => direction === 'push' && text.includes('"topic":"execution"'),
        probability: cut,
        fault: { type: 'cut' },
      });
    }
  }

  /** A22: now and then nothing that is asked about orders gets an answer, for longer than anybody should wait. */
  #failQueries(): void {
    if (draw(this.#rng, 'A22') === 0) return;
    const { clock, network } = this.#world.sim;
    const outage = (): void => {
      const failure: HttpFault = uniform(this.#rng) < 0.5 ? { type: 'refuse' } : { type: 'reset_request' };
      const rule = network.faults.onHttp({ id: 'A22', link: LINK, when: isOrderQuery, fault: failure });
      clock.after(5_000 + uniform(this.#rng) * 45_000, () => rule.remove());
    };
    const next = (): void => {
      clock.after(30_000 + uniform(this.#rng) * 120_000, () => {
        if (!this.#on) return;
        outage();
        next();
      });
    };
    // Also while the gateway comes back and has the most to ask.
    this.#world.hooks.gatewayBuilt.push(() => {
      if (this.#on && uniform(this.#rng) < 0.3) outage();
    });
    next();
  }

  /** What the exchange itself does: set anew now and then, because it forgets it when it dies. */
  #disturbExchange(): void {
    const wanted = { A13: draw(this.#rng, 'A13'), A21: draw(this.#rng, 'A21'), B01: draw(this.#rng, 'B01') };
    const again = (): void => {
      if (!this.#on) return;
      const control = this.#world.paper?.control;
      if (control !== undefined) this.#inject(control, wanted);
      this.#world.sim.clock.after(4_000 + uniform(this.#rng) * 8_000, again);
    };
    again();
  }

  #inject(control: PaperExchange['control'], wanted: Readonly<Record<'A13' | 'A21' | 'B01', number>>): void {
    const rng = this.#rng;
    if (uniform(rng) < wanted.A13 * 0.5) control.inject({ type: 'reject_after_ack', count: 1 });
    control.inject({ type: 'lag_queries', ms: uniform(rng) < wanted.A21 * 0.7 ? 200 + below(rng, 5_000) : 0 });
    if (uniform(rng) < wanted.B01) {
      control.inject({ type: 'fill_before_change', count: 1, part: uniform(rng) < 0.6 ? 1 : uniform(rng) });
    }
    control.inject({ type: 'hold_changes', ms: uniform(rng) < wanted.B01 * 0.3 ? below(rng, 300) : 0 });
  }

  /** Counts the questions about an order that the exchange has and does not show yet. */
  #watchQueries(exchange: PaperExchange): void {
    const { ledger, sim } = this.#world;
    const ask = exchange.orders.bind(exchange);
    exchange.orders = (uid, filter) => {
      const rows = ask(uid, filter);
      const { clientOrderId } = filter;
      if (rows.length === 0 && clientOrderId !== null && ledger.byLink.has(clientOrderId)) sim.faultCounts.add('A21');
      return rows;
    };
    const fired = exchange.control.firedFaults;
    let [rejects, fills] = [0, 0];
    exchange.onPrivate(() => {
      const now = fired();
      const [moreRejects, moreFills] = [now.get('reject_after_ack') ?? 0, now.get('fill_before_change') ?? 0];
      sim.faultCounts.add('A13', moreRejects - rejects);
      sim.faultCounts.add('B01', moreFills - fills);
      [rejects, fills] = [moreRejects, moreFills];
    });
  }

  #killAtRandom(name: 'gateway' | 'paper'): void {
    if (draw(this.#rng, `${name}-kill`) === 0) return;
    const meanMs = 40_000 + uniform(this.#rng) * 160_000;
    const next = (): void => {
      this.#world.sim.clock.after(-Math.log(1 - uniform(this.#rng)) * meanMs, () => {
        if (!this.#on) return;
        if (this.#world.sim.process(name) !== null) this.#world.sim.faultCounts.add(`${name}-kill`);
        this.#world.sim.kill(name);
        next();
      });
    };
    next();
  }

  /** Starts a process that died again after a while, as a supervisor does; also one that dies while it starts. */
  async #keepAlive(name: 'gateway' | 'paper'): Promise<void> {
    const { sim } = this.#world;
    for (;;) {
      await sleep(sim.clock, 250);
      if (sim.process(name) !== null) continue;
      await sleep(sim.clock, uniform(this.#rng) < 0.5 ? 100 : below(this.#rng, 4_000));
      void (name === 'gateway' ? this.#world.startGateway() : this.#world.startPaper());
    }
  }
}

const serverTimeout = () => ({ retCode: 10000, retMsg: 'Server Timeout' });

/** What Bybit says to an order whose id it has: the request reached it twice. */
const alreadyExists = (request: string) => ({
  retCode: JSON.parse(request).category === 'spot' ? 170141 : 110072,
  retMsg: 'Duplicate clientOrderId',
});

/** Accepted, and answered with a code. A refusal stays what it is. */
function insteadOf(original: string, answer: Readonly<{ retCode: number; retMsg: string }>): string {
  const envelope = JSON.parse(original);
  return envelope.retCode === 0 ? JSON.stringify({ ...envelope, ...answer, result: {} }) : original;
}
