import assert from 'node:assert/strict';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { loadNode, openBybit } from './index.ts';
import type { NodeTransportOptions } from './node.ts';
import { nodeTransport, systemClock, systemRng } from './node.ts';
import type { Socket, TransportError } from './ports.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function listening(t: TestContext, handler: Handler, options: Partial<NodeTransportOptions> = {}) {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => handler(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = nodeTransport(options);
  t.after(async () => {
    await transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = (path: string, more: { body?: string; timeoutMs?: number } = {}) =>
    transport.http.request({
      method: more.body === undefined ? 'GET' : 'POST',
      url: `http://${origin}${path}`,
      headers: { 'X-Test': '1' },
      timeoutMs: 2_000,
      ...more,
    });
  return { server, transport, origin, send };
}

const failureOf = (sent: Promise<unknown>): Promise<string> =>
  sent.then(
    () => 'answered',
    (error: TransportError) => error.failure,
  );

test('bytes go out and come back as they are, over kept connections', async (t) => {
  const ports = new Set<number | undefined>();
  const { send } = await listening(t, (request, response, body) => {
    ports.add(request.socket.remotePort);
    response.setHeader('X-Bapi-Limit', '10');
    response.end(`${request.method} ${request.url} ${body} ${request.headers['x-test']}`);
  });
  const get = await send('/v5/x?cursor=a%3D1&b=%2F');
  assert.deepEqual([get.status, get.body, get.headers['x-bapi-limit']], [200, 'GET /v5/x?cursor=a%3D1&b=%2F  1', '10']);
  assert.equal((await send('/p', { body: '{"a": "ü"}' })).body, 'POST /p {"a": "ü"} 1');
  for (let i = 0; i < 6; i++) await send('/');
  // The pool rests a connection for one turn of the event loop: two of them take turns.
  assert.ok(ports.size <= 2);
});

test('any status is an answer', async (t) => {
  const { send } = await listening(t, (_request, response) => {
    response.writeHead(502).end('<html>');
  });
  assert.deepEqual([(await send('/')).status, (await send('/')).body], [502, '<html>']);
});

test('no connection means refused', async (t) => {
  const { server, send, origin } = await listening(t, () => undefined);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(await failureOf(send('/')), 'refused', origin);
});

test('a server that hangs up after it has read the request leaves the outcome open', async (t) => {
  const { send } = await listening(t, (request) => request.socket.destroy());
  assert.equal(await failureOf(send('/', { body: '{}' })), 'reset');
});

test('an answer cut off in the middle is no answer', async (t) => {
  const { send } = await listening(t, (request, response) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('half');
    setImmediate(() => request.socket.destroy());
  });
  assert.equal(await failureOf(send('/')), 'reset');
});

test('no answer in time is a timeout', async (t) => {
  let seen = 0;
  const { send } = await listening(t, () => void seen++);
  assert.equal(await failureOf(send('/', { body: '{}', timeoutMs: 60 })), 'timeout');
  assert.equal(seen, 1);
});

test('a request whose time ran out before it was written is refused, and is never written later', async (t) => {
  const seen: (string | undefined)[] = [];
  let release: () => void = () => undefined;
  const { send } = await listening(
    t,
    (request, response) => {
      seen.push(request.url);
      if (request.url === '/slow') release = () => response.end('done');
      else response.end('quick');
    },
    { connections: 1 },
  );
  const slow = send('/slow');
  assert.equal(await failureOf(send('/late', { body: '{}', timeoutMs: 60 })), 'refused');
  release();
  assert.equal((await slow).body, 'done');
  assert.equal((await send('/after')).body, 'quick');
  assert.deepEqual(seen, ['/slow', '/after']);
});

test('sockets carry text both ways and say how they end', async (t) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  server.on('connection', (peer) => {
    peer.on('message', (bytes, isBinary) => {
      const text = String(bytes);
      if (text === 'bye') peer.close(4_001, 'as you wish');
      else if (text === 'die') peer.terminate();
      else peer.send(isBinary ? bytes : Buffer.from(`echo ${text}`), { binary: text === 'binary' });
    });
  });
  const { sockets } = nodeTransport();
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const converse = (words: string[], end: (socket: Socket) => void = () => undefined): Promise<string[]> =>
    new Promise((resolve) => {
      const heard: string[] = [];
      const socket = sockets.dial(url, {
        opened: () => words.forEach((word) => assert.equal(socket.send(word), true)),
        message: (text) => {
          heard.push(text);
          end(socket);
        },
        closed: (code, reason, clean) => resolve([...heard, `${code} ${reason} ${clean} ${socket.send('x')}`]),
      });
      assert.equal(socket.send('too early'), false);
    });
  assert.deepEqual(await converse(['ü', 'binary', 'bye']), ['echo ü', 'echo binary', '4001 as you wish true false']);
  assert.deepEqual(await converse(['die']), ['1006  false false']);
  assert.deepEqual(await converse(['a'], (socket) => socket.close(1_000, '')), ['echo a', '1000  true false']);
  assert.deepEqual(await converse(['a'], (socket) => socket.terminate()), ['echo a', '1006  false false']);
});

test('a refused dial arrives as closed', async () => {
  const { sockets } = nodeTransport();
  const closed = await new Promise((resolve) => {
    sockets.dial('ws://127.0.0.1:1', {
      opened: () => undefined,
      message: () => undefined,
      closed: (code, reason, clean) => resolve(`${code} ${clean} ${/ECONNREFUSED/.test(reason)}`),
    });
  });
  assert.equal(closed, '1006 false true');
});

test('a client opens over the real network, reads the clock, and closes without leftovers', async (t) => {
  const { origin } = await listening(t, (request, response) => {
    const nanos = `${Date.now() + 3_000}000000`;
    const time = { timeSecond: nanos.slice(0, -9), timeNano: nanos };
    const info = { unifiedMarginStatus: 5, marginMode: 'REGULAR_MARGIN' };
    const result = request.url === '/v5/market/time' ? time : info;
    response.end(JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {} }));
  });
  const bybit = await openBybit({
    environment: { rest: `http://${origin}/`, stream: `ws://${origin}` },
    key: { apiKey: 'K', apiSecret: 'S' },
  });
  assert.ok(Math.abs((bybit.serverClock.skewMs() as number) - 3_000) < 500);
  const read = await bybit.account.info();
  assert.ok(read.ok && read.value.marginMode === 'REGULAR_MARGIN');
  await bybit.close();
});

test('clock and chance are the system’s', async () => {
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 50);
  const begun = systemClock.monotonic();
  await new Promise<void>((resolve) => {
    systemClock.after(0, () => assert.fail('called off')).cancel();
    systemClock.after(-5, resolve);
  });
  assert.ok(systemClock.monotonic() >= begun);
  assert.equal(systemRng.bytes(8).length, 8);
  assert.ok(Number.isInteger(systemRng.uint32()));
  assert.equal(typeof (await loadNode()).hmacSigner, 'function');
});
