import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type HttpResponse,
  ListenError,
  type Listener,
  type ServerAnswer,
  type ServerHandlers,
  type ServerRequest,
  TransportError,
} from '../../src/ports/network.ts';
import { sleep } from '../../src/ports/clock.ts';
import type { HttpFault } from './network-faults.ts';
import { exactly } from './random.ts';
import { Sim, type Started } from './sim.ts';

const URL_BASE = 'http://exchange:7001';
type Setup = { sim: Sim; client: Started; server: Started; served: ServerRequest[]; listener: Listener };

async function setUp(
  answer: (request: ServerRequest, server: Started) => Promise<ServerAnswer> | ServerAnswer = echo,
): Promise<Setup> {
  const sim = new Sim(1);
  sim.network.wire.setLatency({}, exactly(2));
  const client = sim.start('gateway');
  const server = sim.start('exchange');
  const served: ServerRequest[] = [];
  const listener = await server.network.server.listen(
    { host: 'exchange', port: 7001 },
    {
      http: async (request) => {
        served.push(request);
        return answer(request, server);
      },
      socket: () => ({ refuse: 404 }),
    },
  );
  return { sim, client, server, served, listener };
}
const echo = ({ path, query, body }: ServerRequest): ServerAnswer => ({
  status: 200,
  headers: { 'X-Path': path },
  body: `${query}|${body}`,
});

/** Sends one request and says how it ended and when. */
function send(
  setup: Setup,
  timeoutMs = 100,
  path = '/v5/order/create?a=%20b',
  from = setup.client,
): { outcome: string } {
  const ended = { outcome: 'pending' };
  from.network.http
    .request({ method: 'POST', url: `${URL_BASE}${path}`, headers: { 'X-Sign': 's' }, body: '{"a":1}', timeoutMs })
    .then(
      (response: HttpResponse) => {
        ended.outcome = `${response.status} ${response.body} at ${setup.sim.clock.monotonic()}`;
      },
      (error: unknown) => {
        assert.ok(error instanceof TransportError);
        ended.outcome = `${error.failure} at ${setup.sim.clock.monotonic()}`;
      },
    );
  return ended;
}

test('a request and its answer take a latency each and arrive byte for byte', async () => {
  const setup = await setUp();
  const sent = send(setup);
  await setup.sim.clock.runFor(50);
  assert.equal(sent.outcome, '200 a=%20b|{"a":1} at 4');
  const [request] = setup.served;
  assert.deepEqual(
    [request?.method, request?.path, request?.headers['x-sign'], request?.remoteAddress],
    ['POST', '/v5/order/create', 's', '10.0.0.1'],
  );
});

const cases: readonly (readonly [HttpFault, string, number])[] = [
  [{ type: 'refuse' }, 'refused at 2', 0],
  [{ type: 'drop_request' }, 'timeout at 100', 0],
  [{ type: 'reset_request' }, 'reset at 2', 0],
  [{ type: 'delay_request', ms: 30 }, '200 a=%20b|{"a":1} at 34', 1],
  [{ type: 'delay_request', ms: 300 }, 'timeout at 100', 1],
  [{ type: 'answer_instead', answer: { status: 502, headers: {}, body: '<html>' } }, '502 <html> at 2', 0],
  [{ type: 'drop_answer' }, 'timeout at 100', 1],
  [{ type: 'reset_answer' }, 'reset at 4', 1],
  [{ type: 'delay_answer', ms: 30 }, '200 a=%20b|{"a":1} at 34', 1],
  [{ type: 'delay_answer', ms: 300 }, 'timeout at 100', 1],
  [
    { type: 'replace_answer', answer: (original) => ({ ...original, status: 503, body: original.body.slice(0, 3) }) },
    '503 a=% at 4',
    1,
  ],
];
for (const [fault, outcome, reached] of cases) {
  test(`fault ${fault.type}${'ms' in fault ? ` ${fault.ms} ms` : ''}: ${outcome}, ${reached === 0 ? 'never seen' : 'seen'} by the server`, async () => {
    const setup = await setUp();
    setup.sim.network.faults.onHttp({ id: 'X', fault, times: 1 });
    const sent = send(setup);
    await setup.sim.clock.runFor(1_000);
    assert.equal(sent.outcome, outcome);
    assert.equal(setup.served.length, reached);
    assert.equal(setup.sim.network.faults.counts.of('X'), 1);
    const next = send(setup);
    await setup.sim.clock.runFor(50);
    assert.match(next.outcome, /^200/, 'once was asked for');
  });
}

test('a held answer comes when it is released', async () => {
  const setup = await setUp();
  setup.sim.network.faults.onHttp({ id: 'A21', fault: { type: 'hold_answer' } });
  const sent = send(setup);
  await setup.sim.clock.runFor(50);
  assert.equal(sent.outcome, 'pending');
  assert.equal(setup.sim.network.releaseHeld('other'), 0);
  assert.equal(setup.sim.network.releaseHeld('A21'), 1);
  await setup.sim.clock.runFor(10);
  assert.match(sent.outcome, /at 52$/);
});

test('rules choose by link, by request, by chance, and can be lifted', async () => {
  const setup = await setUp();
  const { faults } = setup.sim.network;
  const other = setup.sim.start('bot');
  const rule = faults.onHttp({
    id: 'L',
    link: { from: 'bot', to: 'exchange' },
    when: ({ request }) => request.url.includes('cancel'),
    fault: { type: 'refuse' },
  });
  const outcomes = [send(setup, 50, '/cancel'), send(setup, 50, '/cancel', other), send(setup, 50, '/create', other)];
  await setup.sim.clock.runFor(60);
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome.slice(0, 3)),
    ['200', 'ref', '200'],
  );
  rule.remove();
  faults.onHttp({ id: 'P', probability: 0.3, fault: (rng) => ({ type: 'delay_answer', ms: rng.uint32() % 5 }) });
  for (let i = 0; i < 200; i += 1) send(setup);
  await setup.sim.clock.runFor(100);
  assert.ok(faults.counts.of('P') > 35 && faults.counts.of('P') < 85);
  faults.clear();
  const healed = send(setup);
  await setup.sim.clock.runFor(10);
  assert.match(healed.outcome, /^200/);
  assert.equal(faults.counts.of('L'), 1);
});

const quiet: ServerHandlers = {
  http: async () => ({ status: 200, headers: {}, body: 'new' }),
  socket: () => ({ refuse: 404 }),
};

test('where nobody listens a request is refused; an address is taken once', async () => {
  const setup = await setUp();
  const ended = { failure: '' };
  setup.client.network.http
    .request({ method: 'GET', url: 'http://nowhere/', headers: {}, timeoutMs: 100 })
    .catch((error: TransportError) => {
      ended.failure = error.failure;
    });
  await setup.sim.clock.runFor(10);
  assert.equal(ended.failure, 'refused');
  await assert.rejects(
    setup.client.network.server.listen({ host: 'exchange', port: 7001 }, quiet),
    (error: unknown) => error instanceof ListenError && error.code === 'PORT_IN_USE',
  );
  const free = [0, 0].map((port) => setup.client.network.server.listen({ host: 'exchange', port }, quiet));
  const [a, b] = await Promise.all(free);
  assert.notEqual(a?.port, b?.port);
});

test('a listener that closes resets what it has, and its address is free', async () => {
  const setup = await setUp(async (_request, server) => {
    await sleep(server.process.clock, 500);
    return { status: 200, headers: {}, body: '' };
  });
  const sent = send(setup, 1_000);
  await setup.sim.clock.runFor(10);
  await setup.listener.close();
  await setup.sim.clock.runFor(10);
  assert.equal(sent.outcome, 'reset at 12');
  await setup.client.network.server.listen({ host: 'exchange', port: 7001 }, quiet);
});

test('the server is killed with a request in its hands: the client sees a reset, then refusals, then the new life', async () => {
  const setup = await setUp(async (_request, server) => {
    await sleep(server.process.clock, 50);
    return { status: 200, headers: {}, body: 'late' };
  });
  const sent = send(setup, 1_000);
  await setup.sim.clock.runFor(10);
  setup.server.process.kill();
  const after = send(setup, 1_000);
  await setup.sim.clock.runFor(100);
  assert.equal(sent.outcome, 'reset at 12');
  assert.equal(after.outcome, 'refused at 14');
  const again = setup.sim.start('exchange');
  await again.network.server.listen({ host: 'exchange', port: 7001 }, quiet);
  const next = send(setup);
  await setup.sim.clock.runFor(10);
  assert.match(next.outcome, /^200 new/);
});

test('a machine that vanishes answers nothing and refuses nothing', async () => {
  const setup = await setUp(async (_request, server) => {
    await sleep(server.process.clock, 50);
    return { status: 200, headers: {}, body: 'late' };
  });
  const sent = send(setup, 200);
  await setup.sim.clock.runFor(10);
  setup.server.process.vanish();
  const after = send(setup, 200);
  await setup.sim.clock.runFor(500);
  assert.equal(sent.outcome, 'timeout at 200');
  assert.equal(after.outcome, 'timeout at 210');
});

test('a killed client sends nothing more and hears nothing; what it had sent is served all the same', async () => {
  const setup = await setUp();
  const sent = send(setup);
  setup.client.process.kill();
  const after = send(setup);
  await setup.sim.clock.runFor(500);
  assert.equal(setup.served.length, 1);
  assert.deepEqual([sent.outcome, after.outcome], ['pending', 'pending']);
});

test('a paused client reads its answer when it is resumed', async () => {
  const setup = await setUp();
  const sent = send(setup, 100);
  setup.client.process.pause();
  await setup.sim.clock.runFor(500);
  assert.equal(sent.outcome, 'pending');
  setup.client.process.resume();
  await setup.sim.clock.runFor(10);
  assert.equal(sent.outcome, '200 a=%20b|{"a":1} at 500');
});

test('during an outage requests and answers are lost; after it they pass', async () => {
  const setup = await setUp();
  const outage = setup.sim.network.breakOff({ to: 'exchange' }, 'H19');
  const sent = send(setup);
  await setup.sim.clock.runFor(200);
  assert.equal(sent.outcome, 'timeout at 100');
  outage.heal();
  outage.heal();
  const next = send(setup);
  await setup.sim.clock.runFor(50);
  assert.match(next.outcome, /^200/);
});

test('an answer of "reset" and a handler that throws look as they do over real sockets', async () => {
  const reset = await setUp(() => 'reset');
  const sent = send(reset);
  await reset.sim.clock.runFor(50);
  assert.equal(sent.outcome, 'reset at 4');
  const broken = await setUp(() => Promise.reject(new Error('bug')));
  const failed = send(broken);
  await broken.sim.clock.runFor(50);
  assert.equal(failed.outcome, '500  at 4');
});
