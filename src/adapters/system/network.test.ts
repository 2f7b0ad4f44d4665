import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket as NetSocket, type Server } from 'node:net';
import { after, test } from 'node:test';
import {
  type HttpRequest,
  ListenError,
  type Listener,
  type ServerHandlers,
  type Socket,
  type SocketHandlers,
  TransportError,
} from '../../ports/network.ts';
import { systemNetwork } from './network.ts';

const network = systemNetwork({ server: { maxBodyBytes: 1_000 }, http: { connections: 2, connectTimeoutMs: 300 } });
const closing: (() => Promise<void>)[] = [() => network.close()];
after(async () => {
  for (const close of closing) await close();
});

const nothing: ServerHandlers = {
  http: async () => ({ status: 404, headers: {}, body: '' }),
  socket: () => ({ refuse: 404 }),
};
async function listen(handlers: Partial<ServerHandlers>): Promise<Listener & { url: string; ws: string }> {
  const listener = await network.server.listen({ host: '127.0.0.1', port: 0 }, { ...nothing, ...handlers });
  closing.push(() => listener.close());
  return { ...listener, url: `http://127.0.0.1:${listener.port}`, ws: `ws://127.0.0.1:${listener.port}` };
}
/** A raw TCP server, to misbehave with. */
async function listenRaw(serve: (link: NetSocket) => void): Promise<string> {
  const links: NetSocket[] = [];
  const server: Server = createServer((link) => {
    links.push(link);
    link.on('error', () => link.destroy());
    serve(link);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    for (const link of links) link.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}
const get = (url: string, timeoutMs = 2_000): HttpRequest => ({ method: 'GET', url, headers: {}, timeoutMs });
const failureOf = (request: HttpRequest): Promise<string> =>
  network.http.request(request).then(
    () => 'answered',
    (error: unknown) => {
      assert.ok(error instanceof TransportError);
      return error.failure;
    },
  );

test('request and answer arrive byte for byte: query as it was, names in lower case, repeated headers joined', async () => {
  const server = await listen({
    http: async ({ method, path, query, headers, body, remoteAddress }) => ({
      status: 201,
      headers: { 'X-Echo': headers['x-sign'] ?? '', 'content-type': 'application/json' },
      body: JSON.stringify({ method, path, query, body, remoteAddress }),
    }),
  });
  const answer = await network.http.request({
    method: 'POST',
    url: `${server.url}/v5/order/create?b=%20x+y&a=1&a=%2f`,
    headers: { 'X-Sign': 'abc', 'content-type': 'application/json' },
    body: '{"qty":"1.50","name":"Жук"}',
    timeoutMs: 2_000,
  });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['x-echo'], 'abc');
  assert.deepEqual(JSON.parse(answer.body), {
    method: 'POST',
    path: '/v5/order/create',
    query: 'b=%20x+y&a=1&a=%2f',
    body: '{"qty":"1.50","name":"Жук"}',
    remoteAddress: '127.0.0.1',
  });
});

test('any status is an answer', async () => {
  const server = await listen({ http: async () => ({ status: 503, headers: {}, body: '<html>' }) });
  const answer = await network.http.request(get(server.url));
  assert.deepEqual([answer.status, answer.body], [503, '<html>']);
});

test('only a failure before anything was sent is refused', async () => {
  const server = await listen({});
  await server.close();
  assert.equal(await failureOf(get(server.url)), 'refused');
  assert.equal(await failureOf(get('http://no-such-host.invalid/')), 'refused');
  assert.equal(await failureOf(get('not a url')), 'refused');
  const silent = await listenRaw(() => {}); // TCP is there, TLS never answers
  assert.equal(await failureOf(get(silent.replace('http:', 'https:'))), 'refused');
});

test('a request that waited for a free connection and never got one is refused, and is never sent later', async () => {
  let served = 0;
  const server = await listen({
    http: async () => {
      served += 1;
      await new Promise((resolve) => setTimeout(resolve, 60));
      return { status: 200, headers: {}, body: '' };
    },
  });
  const busy = [failureOf(get(server.url)), failureOf(get(server.url))]; // both connections of this client
  assert.equal(await failureOf(get(server.url, 30)), 'refused');
  assert.deepEqual(await Promise.all(busy), ['answered', 'answered']);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(served, 2);
});

test('the timeout covers the whole answer, not only its head', async () => {
  const mute = await listenRaw(() => {});
  assert.equal(await failureOf(get(mute, 40)), 'timeout');
  const slow = await listenRaw((link) => {
    link.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n');
    const drip = setInterval(() => link.write('x'), 10);
    link.on('close', () => clearInterval(drip));
  });
  assert.equal(await failureOf(get(slow, 80)), 'timeout');
});

test('a link that breaks after the request was sent is a reset: the outcome is unknown', async () => {
  const rst = await listen({ http: async () => 'reset' });
  assert.equal(await failureOf(get(rst.url)), 'reset');
  const eof = await listenRaw((link) => link.on('data', () => link.end()));
  assert.equal(await failureOf(get(eof)), 'reset');
  const cut = await listenRaw((link) =>
    link.on('data', () => link.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')),
  );
  assert.equal(await failureOf(get(cut)), 'reset');
  const noise = await listenRaw((link) => link.on('data', () => link.end('SSH-2.0-OpenSSH\r\n')));
  assert.equal(await failureOf(get(noise)), 'reset');
});

test('closing the client aborts what is under way', async () => {
  const mute = await listenRaw(() => {});
  const own = systemNetwork();
  const pending = own.http.request(get(mute)).catch((error: TransportError) => error.failure);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await own.close();
  assert.equal(await pending, 'aborted');
});

test('a body that is too long is answered 413, whatever its length was said to be', async () => {
  const server = await listen({ http: async () => assert.fail('reached the handler') });
  const post = (body: string): HttpRequest => ({ ...get(server.url), method: 'POST', body });
  assert.equal((await network.http.request(post('x'.repeat(1_001)))).status, 413);
  const link = connect(server.port, '127.0.0.1');
  link.write(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2_000)}\r\n`);
  const [head] = (await once(link, 'data')) as [Buffer];
  assert.match(head.toString(), /^HTTP\/1.1 413 /);
  link.destroy();
});

test('a handler that throws is a 500 without a word of it', async () => {
  const server = await listen({ http: () => Promise.reject(new Error('internal detail')) });
  const answer = await network.http.request(get(server.url));
  assert.deepEqual([answer.status, answer.body], [500, '']);
});

test('a busy port names itself and the option that changes it', async () => {
  const server = await listen({});
  await assert.rejects(
    network.server.listen({ host: '127.0.0.1', port: server.port }, nothing),
    (error: unknown) =>
      error instanceof ListenError &&
      error.code === 'PORT_IN_USE' &&
      error.message.includes(String(server.port)) &&
      error.message.includes('--port'),
  );
  await assert.rejects(
    network.server.listen({ host: '203.0.113.1', port: 0 }, nothing),
    (error: unknown) => error instanceof ListenError && error.code === 'ADDRESS_NOT_AVAILABLE',
  );
});

type Seen = { events: string[]; handlers: SocketHandlers; closed: Promise<void> };
function watch(onMessage: (text: string) => void = () => {}): Seen {
  const events: string[] = [];
  let ended: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const handlers: SocketHandlers = {
    opened: () => events.push('opened'),
    message: (text) => {
      events.push(text);
      onMessage(text);
    },
    closed: (code, reason, clean) => {
      events.push(`closed ${code} ${reason} ${clean}`);
      ended();
    },
  };
  return { events, handlers, closed };
}

test('sockets carry texts both ways and close with code and reason on both sides', async () => {
  const atServer = watch();
  const server = await listen({
    socket: ({ path, query }, socket) => {
      assert.equal(socket.send(`hello ${path}?${query}`), true, 'it is open when it is handed over');
      return {
        ...atServer.handlers,
        message: (text) => {
          atServer.events.push(text);
          if (text === 'bye') socket.close(4001, 'enough');
        },
      };
    },
  });
  const atClient = watch();
  const socket = network.sockets.dial(`${server.ws}/v5/private?max=1m`, atClient.handlers);
  assert.equal(socket.send('too early'), false);
  await until(() => atClient.events.length === 2);
  assert.equal(socket.send('жук'), true);
  socket.send('bye');
  await Promise.all([atClient.closed, atServer.closed]);
  assert.deepEqual(atClient.events, ['opened', 'hello /v5/private?max=1m', 'closed 4001 enough true']);
  assert.deepEqual(atServer.events, ['opened', 'жук', 'bye', 'closed 4001 enough true']);
  assert.equal(socket.send('late'), false);
});

test('a long text reaches every socket as it was, in both directions, as often as it is sent', async () => {
  const long = `жук ${'x'.repeat(5_000)}`;
  const heard: string[] = [];
  const peers: Socket[] = [];
  const server = await listen({
    socket: (_request, socket) => {
      peers.push(socket);
      return watch((text) => heard.push(text)).handlers;
    },
  });
  const clients = [watch(), watch()];
  const sockets = clients.map(({ handlers }) => network.sockets.dial(server.ws, handlers));
  await until(() => clients.every(({ events }) => events.length === 1));
  for (const text of [long, `${long}!`, long]) {
    for (const peer of peers) peer.send(text);
    for (const socket of sockets) socket.send(text);
  }
  await until(() => heard.length === 6 && clients.every(({ events }) => events.length === 4));
  for (const { events } of clients) assert.deepEqual(events.slice(1), [long, `${long}!`, long]);
  assert.deepEqual([...heard].sort(), [long, long, long, long, `${long}!`, `${long}!`].sort());
});

test('a refused socket, a refused dial and an address that is none arrive as closed, once', async () => {
  const server = await listen({ socket: () => ({ refuse: 403 }) });
  for (const [url, reason] of [
    [`${server.ws}/x`, /403/],
    ['ws://127.0.0.1:1/', /ECONNREFUSED/],
    ['nonsense', /Invalid URL/],
  ] as const) {
    const seen = watch();
    network.sockets.dial(url, seen.handlers);
    await seen.closed;
    assert.equal(seen.events.length, 1);
    assert.match(seen.events[0] ?? '', /^closed 1006 .* false$/);
    assert.match(seen.events[0] ?? '', reason);
  }
});

test('a terminated socket closes unclean on both sides', async () => {
  const atServer = watch();
  const server = await listen({ socket: () => atServer.handlers });
  const atClient = watch();
  const socket: Socket = network.sockets.dial(server.ws, atClient.handlers);
  await until(() => atClient.events.length === 1);
  socket.terminate();
  await Promise.all([atClient.closed, atServer.closed]);
  assert.deepEqual(atClient.events, ['opened', 'closed 1006  false']);
  assert.deepEqual(atServer.events, ['opened', 'closed 1006  false']);
});

test('a plain request to upgrade that is no WebSocket handshake ends its handlers', async () => {
  const atServer = watch();
  const server = await listen({ socket: () => atServer.handlers });
  const link = connect(server.port, '127.0.0.1');
  link.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  link.resume();
  await atServer.closed;
  assert.deepEqual(atServer.events, ['closed 1006 not a WebSocket handshake false']);
});

test('closing a listener drops idle connections and sockets', async () => {
  const server = await listen({ socket: () => watch().handlers });
  await network.http.request(get(server.url));
  const seen = watch();
  network.sockets.dial(server.ws, seen.handlers);
  await until(() => seen.events.length === 1);
  await server.close();
  await seen.closed;
  assert.equal(await failureOf(get(server.url)), 'refused');
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(condition());
}
