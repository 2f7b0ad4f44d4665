import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PartitionId } from '../../src/domain/ids.ts';
import { unwrap } from '../../src/domain/result.ts';
import { sleep } from '../../src/ports/clock.ts';
import type { Socket } from '../../src/ports/network.ts';
import { below, uniform } from '../../src/ports/rng.ts';
import { Sim } from './sim.ts';
import { Trace } from './trace.ts';

const ORDERS = 'orders' as PartitionId;

/** A small exchange with a journal: answers once durable, pushes to every socket. */
async function startExchange(sim: Sim): Promise<void> {
  const { process, network } = sim.start('exchange');
  const { journal } = unwrap(sim.disk('exchange').openStore(process));
  const sockets = new Set<Socket>();
  await network.server.listen(
    { host: 'exchange', port: 7001 },
    {
      http: ({ body }) =>
        new Promise((resolve) => {
          const seq = journal.append(ORDERS, [Buffer.from(body)]);
          journal.whenDurable(() => {
            for (const socket of sockets) socket.send(`order ${seq} ${body}`);
            resolve({ status: 200, headers: {}, body: String(seq) });
          });
        }),
      socket: (_request, socket) => {
        sockets.add(socket);
        return {
          opened: () => {},
          message: (text) => socket.send(`pong ${text}`),
          closed: () => void sockets.delete(socket),
        };
      },
    },
  );
}

/** A client that sends orders at random times and keeps a socket. */
function startGateway(sim: Sim): void {
  const { process, network } = sim.start('gateway');
  const dial = (): void => {
    const socket = network.sockets.dial('ws://exchange:7001/', {
      opened: () => socket.send('ping'),
      message: () => {},
      closed: () => void process.clock.after(50 + uniform(process.rng) * 50, dial),
    });
  };
  dial();
  void (async () => {
    for (let i = 0; ; i += 1) {
      await sleep(process.clock, uniform(process.rng) * 20);
      const body = `${process.clock.now()} ${i} ${process.rng.uint32()}`;
      const sent = network.http.request({
        method: 'POST',
        url: 'http://exchange:7001/o',
        headers: {},
        body,
        timeoutMs: 200,
      });
      await sent.catch(() => null);
    }
  })();
}

async function run(seed: number): Promise<{ hash: string; entries: number; faults: string; steps: number }> {
  const sim = new Sim(seed);
  const { faults } = sim.network;
  faults.onHttp({ id: 'A01', probability: 0.1, fault: { type: 'drop_answer' } });
  faults.onHttp({ id: 'A02', probability: 0.1, fault: { type: 'reset_answer' } });
  faults.onMessage({ id: 'C08', probability: 0.2, fault: (rng) => ({ type: 'duplicate', afterMs: below(rng, 100) }) });
  faults.onMessage({ id: 'C10', probability: 0.2, fault: (rng) => ({ type: 'late', ms: below(rng, 50) }) });
  await startExchange(sim);
  startGateway(sim);
  const plan = sim.rng('plan');
  for (let i = 0; i < 24; i += 1) {
    await sim.clock.runFor(200 + uniform(plan) * 300);
    if (uniform(plan) < 0.5) sim.network.halfOpenSockets({}, 'C02');
    else sim.network.dropSockets({}, 'C01');
    if (i % 4 === 3) {
      killAll(sim);
      await startExchange(sim);
      startGateway(sim);
    }
  }
  return {
    hash: sim.trace.digest(),
    entries: sim.trace.entries,
    faults: JSON.stringify([...faults.counts.all()].sort()),
    steps: sim.clock.steps,
  };
}

function killAll(sim: Sim): void {
  for (const name of ['gateway', 'exchange']) sim.kill(name);
}

test('the same seed gives the same trace, twice; another seed another', async () => {
  const hashes = new Set<string>();
  for (const seed of [1, 2, 3, 4]) {
    const first = await run(seed);
    assert.deepEqual(await run(seed), first, `seed ${seed}`);
    assert.ok(first.entries > 300 && first.steps > 500);
    for (const id of ['A01', 'A02', 'C08', 'C10']) assert.match(first.faults, new RegExp(id));
    hashes.add(first.hash);
  }
  assert.equal(hashes.size, 4);
});

test('runs of two seeds at the same time do not disturb each other', async () => {
  const alone = await run(5);
  const [together] = await Promise.all([run(5), run(6)]);
  assert.deepEqual(together, alone);
});

test('a virtual hour of traffic takes seconds', async () => {
  const sim = new Sim(9);
  await startExchange(sim);
  const { process, network } = sim.start('gateway');
  let answered = 0;
  void (async () => {
    for (;;) {
      await sleep(process.clock, 1_000);
      await network.http.request({
        method: 'POST',
        url: 'http://exchange:7001/o',
        headers: {},
        body: 'x',
        timeoutMs: 500,
      });
      answered += 1;
    }
  })();
  const started = performance.now();
  await sim.clock.runFor(3_600_000);
  assert.ok(answered > 3_400);
  assert.ok(performance.now() - started < 2_000);
});

test('the trace is a running hash over time, kind, place and bytes, with its last entries in words', () => {
  const digestOf = (...entries: Parameters<Trace['add']>[]): string => {
    const trace = new Trace();
    for (const entry of entries) trace.add(...entry);
    return trace.digest();
  };
  const base = digestOf([1, 'push', 'a>b', 'x']);
  assert.equal(digestOf([1, 'push', 'a>b', 'x']), base);
  for (const other of [
    [2, 'push', 'a>b', 'x'],
    [1, 'send', 'a>b', 'x'],
    [1, 'push', 'a>c', 'x'],
    [1, 'push', 'a>b', 'y'],
  ] as const) {
    assert.notEqual(digestOf([...other]), base);
  }
  const trace = new Trace();
  for (let i = 0; i < 2_000; i += 1) trace.add(i, 'push', 'a>b', `m${i}`);
  assert.equal(trace.entries, 2_000);
  assert.deepEqual(trace.tail(2), ['1.998 ms push a>b m1998', '1.999 ms push a>b m1999']);
  const before = trace.digest();
  assert.equal(trace.digest(), before, 'asking does not end it');
});
