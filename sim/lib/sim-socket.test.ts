import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerSocketRequest, Socket, SocketHandlers } from '../../src/ports/network.ts';
import { exactly } from './random.ts';
import { Sim, type Started } from './sim.ts';

type Side = { events: string[]; socket: Socket; handlers: SocketHandlers };
type Setup = { sim: Sim; client: Started; server: Started; atServer: Side[]; requests: ServerSocketRequest[] };

async function setUp(greeting: string | null = null, refuse: number | null = null): Promise<Setup> {
  const sim = new Sim(1);
  sim.network.wire.setLatency({}, exactly(2));
  const setup: Setup = { sim, client: sim.start('gateway'), server: sim.start('exchange'), atServer: [], requests: [] };
  await setup.server.network.server.listen(
    { host: 'exchange', port: 7001 },
    {
      http: async () => 'reset',
      socket: (request, socket) => {
        setup.requests.push(request);
        if (greeting !== null) assert.equal(socket.send(greeting), true);
        if (refuse !== null) return { refuse };
        const side = newSide(sim);
        side.socket = socket;
        setup.atServer.push(side);
        return side.handlers;
      },
    },
  );
  return setup;
}

function newSide(sim: Sim): Side {
  const events: string[] = [];
  const note = (text: string): void => void events.push(`${text} at ${sim.clock.monotonic()}`);
  const handlers: SocketHandlers = {
    opened: () => note('opened'),
    message: note,
    closed: (code, reason, clean) => note(`closed ${code} ${reason}${clean ? ' clean' : ''}`),
  };
  return { events, handlers, socket: { send: () => false, buffered: () => 0, close: () => {}, terminate: () => {} } };
}

function dial(setup: Setup, from: Started = setup.client, url = 'ws://exchange:7001/v5/private?max=1m'): Side {
  const side = newSide(setup.sim);
  side.socket = from.network.sockets.dial(url, side.handlers);
  return side;
}

async function connected(): Promise<Setup & { here: Side; there: Side }> {
  const setup = await setUp();
  const here = dial(setup);
  await setup.sim.clock.runFor(10);
  const [there] = setup.atServer;
  assert.ok(there !== undefined);
  here.events.length = 0;
  there.events.length = 0;
  return { ...setup, here, there };
}

test('a dial opens both ends; what the server sends at once comes after "opened"', async () => {
  const setup = await setUp('hello');
  const here = dial(setup);
  assert.equal(here.socket.send('too early'), false);
  await setup.sim.clock.runFor(10);
  assert.deepEqual(here.events, ['opened at 4', 'hello at 4']);
  assert.deepEqual(setup.atServer[0]?.events, ['opened at 2']);
  const [request] = setup.requests;
  assert.deepEqual([request?.path, request?.query, request?.remoteAddress], ['/v5/private', 'max=1m', '10.0.0.1']);
  assert.equal(setup.sim.network.openSockets(), 1);
});

test('refusals arrive as closed, once: by status, by nobody there, by an address that is none', async () => {
  const setup = await setUp('hello', 403);
  const refused = dial(setup);
  const nobody = dial(setup, setup.client, 'ws://nowhere:1/');
  const nonsense = dial(setup, setup.client, 'nonsense');
  await setup.sim.clock.runFor(20_000);
  assert.deepEqual(refused.events, ['closed 1006 Unexpected server response: 403 at 4']);
  assert.deepEqual(nobody.events, ['closed 1006 connect ECONNREFUSED nowhere:1 at 4']);
  assert.deepEqual(nonsense.events, ['closed 1006 Invalid URL: nonsense at 0']);
  assert.equal(setup.sim.network.openSockets(), 0);
});

test('messages keep their order in each direction, whatever the latency', async () => {
  const setup = await connected();
  setup.sim.network.wire.setLatency({}, (rng) => (rng.uint32() % 100) / 10);
  for (let i = 0; i < 50; i += 1) {
    assert.equal(setup.here.socket.send(`c${i}`), true);
    setup.there.socket.send(`s${i}`);
    await setup.sim.clock.runFor(0.1);
  }
  await setup.sim.clock.runFor(50);
  const texts = (side: Side): string[] => side.events.map((event) => event.split(' ')[0] ?? '');
  assert.deepEqual(
    texts(setup.there),
    Array.from({ length: 50 }, (_, i) => `c${i}`),
  );
  assert.deepEqual(
    texts(setup.here),
    Array.from({ length: 50 }, (_, i) => `s${i}`),
  );
});

test('closing reaches the other side after what was sent, and comes back', async () => {
  const setup = await connected();
  setup.here.socket.send('last');
  setup.here.socket.close(4001, 'enough');
  assert.equal(setup.here.socket.send('late'), false);
  setup.there.socket.send('on its way');
  await setup.sim.clock.runFor(10_000);
  assert.deepEqual(setup.there.events, ['last at 12', 'closed 4001 enough clean at 12']);
  assert.deepEqual(setup.here.events, ['on its way at 12', 'closed 4001 enough clean at 14']);
  assert.equal(setup.there.socket.send('x'), false);
  assert.equal(setup.sim.network.openSockets(), 0);
});

test('terminating is heard at once here and later there; closing before it is open ends the dial', async () => {
  const setup = await connected();
  setup.there.socket.terminate();
  setup.there.socket.terminate();
  const early = dial(setup);
  early.socket.close(1000, '');
  await setup.sim.clock.runFor(20_000);
  assert.deepEqual(setup.there.events, ['closed 1006  at 10']);
  assert.deepEqual(setup.here.events, ['closed 1006  at 12']);
  assert.deepEqual(early.events, ['closed 1006 closed before the connection was established at 10']);
  assert.equal(setup.atServer.length, 1, 'the server never saw the second dial');
});

test('a dropped socket is noticed on both sides and counted', async () => {
  const setup = await connected();
  assert.equal(setup.sim.network.dropSockets({ from: 'other' }, 'C01'), 0);
  assert.equal(setup.sim.network.dropSockets({ to: 'exchange' }, 'C01'), 1);
  await setup.sim.clock.runFor(10);
  assert.deepEqual(setup.here.events, ['closed 1006  at 12']);
  assert.deepEqual(setup.there.events, ['closed 1006  at 12']);
  assert.equal(setup.sim.network.faults.counts.of('C01'), 1);
});

test('a half-open socket takes what is sent and delivers nothing; only its own timeout ends it', async () => {
  const setup = await connected();
  assert.equal(setup.sim.network.halfOpenSockets({}, 'C02'), 1);
  assert.equal(setup.here.socket.send('x'.repeat(100_000)), true);
  setup.there.socket.send('y');
  await setup.sim.clock.runFor(60_000);
  assert.equal(setup.here.events.length + setup.there.events.length, 0);
  assert.equal(setup.here.socket.buffered(), 100_000 - 65_536);
  setup.here.socket.close(1000, 'no pong');
  await setup.sim.clock.runFor(60_000);
  assert.deepEqual(setup.here.events, ['closed 1006  at 65010']);
  assert.deepEqual(setup.there.events, []);
  const fresh = dial(setup);
  await setup.sim.clock.runFor(10);
  assert.equal(fresh.events.length, 1, 'a new socket works');
});

test('message faults: drop, delay, late, duplicate, replace, cut; each counted when it took effect', async () => {
  const setup = await connected();
  const { faults } = setup.sim.network;
  const on =
    (text: string) =>
    (subject: { text: string; direction: string }): boolean =>
      subject.text === text && subject.direction === 'push';
  faults.onMessage({ id: 'drop', when: on('b'), fault: { type: 'drop' } });
  faults.onMessage({ id: 'late', when: on('c'), fault: { type: 'late', ms: 5 } });
  faults.onMessage({ id: 'dup', when: on('d'), fault: { type: 'duplicate', afterMs: 20 } });
  faults.onMessage({ id: 'replace', when: on('e'), fault: { type: 'replace', text: (text) => `${text}!` } });
  faults.onMessage({ id: 'delay', when: on('f'), fault: { type: 'delay', ms: 3 } });
  for (const text of 'abcdefg') setup.there.socket.send(text);
  setup.here.socket.send('b');
  await setup.sim.clock.runFor(50);
  assert.deepEqual(setup.here.events, ['a at 12', 'd at 12', 'e! at 12', 'f at 15', 'g at 15', 'c at 17', 'd at 32']);
  assert.deepEqual(setup.there.events, ['b at 12']);
  faults.onMessage({ id: 'cut', fault: { type: 'cut' }, times: 1 });
  setup.there.socket.send('h');
  await setup.sim.clock.runFor(50);
  assert.deepEqual(setup.here.events.slice(7), ['closed 1006  at 62']);
  assert.deepEqual([...faults.counts.all()].sort(), [
    ['cut', 1],
    ['delay', 1],
    ['drop', 1],
    ['dup', 1],
    ['late', 1],
    ['replace', 1],
  ]);
});

test('dial faults: refused, hanging until the handshake times out, answered with a status', async () => {
  const setup = await setUp();
  const { faults } = setup.sim.network;
  faults.onDial({ id: 'r', fault: { type: 'refuse' }, times: 1 });
  faults.onDial({ id: 'h', fault: { type: 'hang' }, times: 1 });
  faults.onDial({ id: 's', fault: { type: 'status', status: 429 }, times: 1 });
  const sides = [dial(setup), dial(setup), dial(setup), dial(setup)];
  await setup.sim.clock.runFor(11_000);
  assert.deepEqual(
    sides.map(({ events }) => events[0]),
    [
      'closed 1006 connect ECONNREFUSED exchange:7001 at 2',
      'closed 1006 Opening handshake has timed out at 10000',
      'closed 1006 Unexpected server response: 429 at 2',
      'opened at 4',
    ],
  );
});

test('during an outage sockets stall; afterwards everything arrives in order', async () => {
  const setup = await connected();
  const outage = setup.sim.network.breakOff({}, 'C05');
  for (let i = 0; i < 5; i += 1) setup.there.socket.send(`m${i}`);
  await setup.sim.clock.runFor(1_000);
  assert.equal(setup.here.events.length, 0);
  outage.heal();
  setup.there.socket.send('m5');
  await setup.sim.clock.runFor(10);
  assert.deepEqual(
    setup.here.events.map((event) => event.slice(0, 2)),
    ['m0', 'm1', 'm2', 'm3', 'm4', 'm5'],
  );
});

test('a killed process: its peer notices, it hears and sends nothing any more', async () => {
  const setup = await connected();
  setup.here.socket.send('sent before');
  setup.there.socket.send('too late');
  setup.client.process.kill();
  assert.equal(setup.here.socket.send('sent after'), false);
  setup.here.socket.close(1000, '');
  setup.here.socket.terminate();
  const dead = dial(setup);
  await setup.sim.clock.runFor(20_000);
  assert.deepEqual(setup.there.events, ['sent before at 12', 'closed 1006  at 12']);
  assert.deepEqual([...setup.here.events, ...dead.events], []);
  assert.equal(setup.sim.network.openSockets(), 0);
});

test('a machine that vanishes leaves its sockets half-open', async () => {
  const setup = await connected();
  setup.server.process.vanish();
  setup.here.socket.send('anybody?');
  const dialled = dial(setup);
  await setup.sim.clock.runFor(60_000);
  assert.deepEqual(setup.here.events, []);
  assert.match(dialled.events[0] ?? '', /timed out/);
});

test('a paused process lets the buffer of its peer grow, and reads on when resumed', async () => {
  const setup = await connected();
  setup.client.process.pause();
  for (let i = 0; i < 20; i += 1) setup.there.socket.send('z'.repeat(10_000));
  await setup.sim.clock.runFor(100);
  assert.equal(setup.there.socket.buffered(), 200_000 - 65_536);
  setup.client.process.resume();
  await setup.sim.clock.runFor(10);
  assert.equal(setup.there.socket.buffered(), 0);
  assert.equal(setup.here.events.length, 20);
});

test('a listener that closes drops its sockets', async () => {
  const sim = new Sim(2);
  const server = sim.start('exchange');
  const client = sim.start('gateway');
  const there = newSide(sim);
  const listener = await server.network.server.listen(
    { host: 'localhost', port: 0 },
    { http: async () => 'reset', socket: () => there.handlers },
  );
  const here = newSide(sim);
  client.network.sockets.dial(`ws://127.0.0.1:${listener.port}/`, here.handlers);
  await sim.clock.runFor(100);
  await listener.close();
  await sim.clock.runFor(100);
  assert.match(here.events[1] ?? '', /^closed 1006/);
  assert.match(there.events[1] ?? '', /^closed 1006/);
});
