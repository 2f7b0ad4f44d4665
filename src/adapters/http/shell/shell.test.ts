import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import type { UnixMs } from '../../../domain/ids.ts';
import type { Clock } from '../../../ports/clock.ts';
import { ListenError } from '../../../ports/network.ts';
import { type HttpServer, startHttp } from '../index.ts';
import { type Body, harness } from '../testing/harness.ts';
import { type HttpSettings, DEFAULT_HTTP_SETTINGS } from '../settings.ts';

/** The clock of the machine, started at the harness's time. */
function realClock(): Clock {
  const shift = 1_700_000_000_000 - Date.now();
  return {
    now: () => (Date.now() + shift) as UnixMs,
    monotonic: () => performance.now(),
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

const SHELL = { requestTimeoutMs: 300, headersTimeoutMs: 300, checkIntervalMs: 50, pingMs: 100, drainMs: 300 };
const settings: HttpSettings = { ...DEFAULT_HTTP_SETTINGS, allowedOrigins: ['https://desk.example'] };
const h = harness(settings);
let server: HttpServer;
let token = '';
let at = '';

before(async () => {
  server = await startHttp({ ...h.deps, clock: realClock(), listen: { host: '127.0.0.1', port: 0 }, shell: SHELL });
  token = await h.tokenOf('alice');
  at = server.url;
});
after(() => server.close());

const bearer = () => ({ authorization: `Bearer ${token}` });
const json = async (response: Response): Promise<Body> => response.json();
const ORDER = '{"symbol":"BTCUSDT","side":"buy","type":"limit","quantity":1.5,"price":60000}';

/** Sends bytes over a bare connection, waits for the end (or `forMs`), and gives back what came. */
function raw(text: string | Uint8Array, forMs = 2000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
    let received = '';
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(received);
    };
    const timer = setTimeout(end, forMs);
    socket.setEncoding('utf8').on('data', (part: string) => (received += part));
    socket.on('end', end).on('close', end);
    socket.on('error', (error) => (received === '' ? reject(error) : end()));
  });
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    child.on('error', reject).on('close', () => resolve(out));
  });
}

test('curl as documented, without a content type, places an order', async (t) => {
  const out = await run('curl', [
    '-s',
    '-X',
    'POST',
    `${at}/api/trading/order`,
    '-H',
    `Authorization: Bearer ${token}`,
    '-d',
    ORDER,
  ]).catch(() => null);
  if (out === null) return t.skip('curl is not installed');
  assert.equal(JSON.parse(out).data.quantity, 1.5);
});

test('a GET with a JSON body is read like its query', async () => {
  const body = '{"symbol":"BTC/USDT","depth":5}';
  const out = await raw(
    `GET /api/market/orderbook HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  assert.match(out, /^HTTP\/1.1 200 /);
  assert.match(out, /"symbol":"BTCUSDT"/);
});

test('every answer carries the headers that browsers obey, errors included', async () => {
  for (const path of ['/health/live', '/nope', '/docs', '/api/auth/me', '/openapi.json', '/%E0%A4%A']) {
    const { headers } = await fetch(at + path);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(headers.get('content-security-policy') ?? '', /unsafe|\*/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('x-frame-options'), 'DENY');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('strict-transport-security'), null);
    assert.match(headers.get('cache-control') ?? '', /no-store|no-cache/);
    assert.ok(headers.get('x-request-id') || path === '/docs' || path === '/openapi.json');
  }
});

test('404, 405 and 415 have the envelope', async () => {
  const post = (type: string) =>
    fetch(`${at}/api/trading/order`, { method: 'POST', body: ORDER, headers: { ...bearer(), 'content-type': type } });
  const answers: readonly (readonly [number, string, Promise<Response>])[] = [
    [404, 'ROUTE_NOT_FOUND', fetch(`${at}/nope`)],
    [404, 'ROUTE_NOT_FOUND', fetch(`${at}/%E0%A4%A`)],
    [404, 'ROUTE_NOT_FOUND', fetch(`${at}/api/trading/orders/${'x'.repeat(500)}/y`, { headers: bearer() })],
    [405, 'METHOD_NOT_ALLOWED', fetch(`${at}/api/trading/order`)],
    [405, 'METHOD_NOT_ALLOWED', fetch(`${at}/health/live`, { method: 'PUT' })],
    [415, 'UNSUPPORTED_MEDIA_TYPE', post('text/plain')],
    [415, 'UNSUPPORTED_MEDIA_TYPE', post('multipart/form-data')],
  ];
  for (const [status, code, pending] of answers) {
    const answer = await pending;
    const body = await json(answer);
    assert.deepEqual([answer.status, body.success, body.error.code], [status, false, code]);
    assert.equal(body.error.request_id, answer.headers.get('x-request-id'));
  }
  for (const method of ['TRACE', 'PROPFIND', 'FOO']) {
    assert.match(
      await raw(`${method} /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
      /^HTTP\/1.1 (400|404|405) /,
      method,
    );
  }
});

test('HEAD answers like GET without a body', async () => {
  const answer = await fetch(`${at}/health/live`, { method: 'HEAD' });
  assert.deepEqual([answer.status, await answer.text()], [200, '']);
});

test('a body of 64 KiB is read, one byte more is refused', async () => {
  const body = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;
  const post = (text: string) =>
    fetch(`${at}/api/trading/order`, {
      method: 'POST',
      body: text,
      headers: { ...bearer(), 'content-type': 'application/json' },
    });
  assert.equal((await json(await post(body(65_536)))).error.code, 'VALIDATION_FAILED');
  const over = await post(body(65_537));
  assert.deepEqual([over.status, (await json(over)).error.code], [413, 'BODY_TOO_LARGE']);
  const chunked = await raw(
    `POST /api/trading/order HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n` +
      `${'4000\r\n'.concat('x'.repeat(0x4000), '\r\n').repeat(5)}0\r\n\r\n`,
  );
  assert.match(chunked, /^HTTP\/1.1 413 /);
});

test('a compressed body is not unpacked, bytes that are no text are refused', async () => {
  const headers = { ...bearer(), 'content-type': 'application/json', 'content-encoding': 'gzip' };
  assert.equal(
    (await fetch(`${at}/api/trading/order`, { method: 'POST', body: new Uint8Array(100), headers })).status,
    415,
  );
  const bytes = await fetch(`${at}/api/trading/order`, {
    method: 'POST',
    body: new Uint8Array([0x7b, 0xff, 0x7d]),
    headers: { ...bearer(), 'content-type': 'application/json' },
  });
  assert.deepEqual([bytes.status, (await json(bytes)).error.code], [400, 'VALIDATION_FAILED']);
});

test('headers beyond 16 KiB are refused', async () => {
  const out = await raw(`GET /health/live HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`);
  assert.match(out, /^HTTP\/1.1 431 .*"code":"HEADERS_TOO_LARGE"/s);
});

test('slow headers and slow bodies are cut off', async () => {
  assert.match(
    await raw('GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: '),
    /^HTTP\/1.1 408 .*"code":"REQUEST_TIMEOUT"/s,
  );
  const begin = performance.now();
  const out = await raw(
    `POST /api/trading/order HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 1000\r\n\r\n{"symbol":`,
  );
  assert.match(out, /^HTTP\/1.1 408 .*"code":"REQUEST_TIMEOUT"/s);
  assert.ok(performance.now() - begin < 1500);
});

test('what two parsers could read differently is no request', async () => {
  const smuggled = [
    `POST /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `POST /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
    `POST /health/live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    `GET /health/live HTTP/1.1\r\n\r\n`,
    `GET /health/live HTTP/1.1\r\nHost: x\r\nX: a\nY: b\r\n\r\n`,
    'not http at all\r\n\r\n',
  ];
  for (const text of smuggled) assert.match(await raw(text), /^HTTP\/1.1 400 /, text);
});

test('pages of other origins get no access unless they are listed', async () => {
  const ask = (origin: string, method = 'GET') =>
    fetch(`${at}/health/live`, {
      method,
      headers: { origin, ...(method === 'OPTIONS' ? { 'access-control-request-method': 'GET' } : {}) },
    });
  for (const origin of ['https://evil.example', 'null', 'https://desk.example.evil.example']) {
    for (const method of ['GET', 'OPTIONS'])
      assert.notEqual((await ask(origin, method)).headers.get('access-control-allow-origin'), origin);
  }
  const listed = await ask('https://desk.example', 'OPTIONS');
  assert.equal(listed.headers.get('access-control-allow-origin'), 'https://desk.example');
  assert.equal(listed.headers.get('access-control-allow-credentials'), null);
});

type Talk = { socket: WebSocket; next(): Promise<Body>; closed: Promise<number> };

function talk(path = '/ws', headers: Record<string, string> = {}): Promise<Talk> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(at.replace('http', 'ws') + path, { headers });
    const queue: Body[] = [];
    const waiting: ((message: Body) => void)[] = [];
    socket.on('message', (text: Buffer) => {
      const message = JSON.parse(text.toString());
      const first = waiting.shift();
      if (first === undefined) queue.push(message);
      else first(message);
    });
    const next = (): Promise<Body> =>
      queue.length > 0 ? Promise.resolve(queue.shift()) : new Promise((done) => waiting.push(done));
    const closed = new Promise<number>((done) => socket.on('close', done));
    socket.on('open', () => resolve({ socket, next, closed }));
    socket.on('unexpected-response', (_request, response) =>
      reject(Object.assign(new Error('refused'), { status: response.statusCode })),
    );
    socket.on('error', reject);
  });
}

test('a real socket authenticates, trades, gets its pushes, and survives pings', async () => {
  const { socket, next } = await talk();
  socket.send(JSON.stringify({ op: 'auth', token }));
  assert.equal((await next()).success, true);
  socket.send(JSON.stringify({ op: 'subscribe', channels: ['orders'] }));
  assert.equal((await next()).op, 'subscribe');
  assert.equal((await next()).type, 'snapshot');
  socket.send(Buffer.from(JSON.stringify({ op: 'order.create', id: '1', data: JSON.parse(ORDER) })));
  const placed = await next();
  assert.deepEqual([placed.id, placed.status], ['1', 201]);
  h.core.pushOrder(placed.data.id, { status: 'filled' });
  assert.equal((await next()).data[0].status, 'filled');
  await new Promise((resolve) => setTimeout(resolve, 350));
  assert.equal(socket.readyState, WebSocket.OPEN);
  socket.close();
});

test('upgrades that are not allowed get an HTTP status', async () => {
  const status = async (path: string, headers: Record<string, string> = {}) =>
    talk(path, headers).then(
      () => 101,
      (error: { status?: number }) => error.status,
    );
  assert.equal(await status('/ws?token=x'), 400);
  assert.equal(await status('/other'), 404);
  assert.equal(await status('/ws', { origin: 'https://evil.example' }), 403);
  assert.equal(await status('/ws', { origin: 'https://desk.example' }), 101);
  assert.match(
    await raw('GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    /^HTTP\/1.1 400/,
  );
});

test('a frame beyond 64 KiB ends the socket', async () => {
  const { socket, closed } = await talk();
  socket.send('x'.repeat(65_537));
  assert.equal(await closed, 1009);
});

test('a peer that no longer answers pings is dropped', async () => {
  const { socket, closed } = await talk();
  socket.pong = () => {};
  (socket as unknown as { _autoPong: boolean })._autoPong = false;
  assert.equal(await closed, 1006);
});

test('a busy port is an error that names it', async () => {
  await assert.rejects(startHttp({ ...h.deps, listen: { host: '127.0.0.1', port: server.port } }), (error) => {
    assert.ok(error instanceof ListenError);
    assert.match(error.message, new RegExp(`port ${server.port} .*--port`));
    return error.code === 'PORT_IN_USE';
  });
});

test('closing says good-bye to sockets and frees the port', async () => {
  const own = harness();
  const second = await startHttp({
    ...own.deps,
    clock: realClock(),
    listen: { host: '127.0.0.1', port: 0 },
    shell: SHELL,
  });
  const socket = new WebSocket(`${second.url.replace('http', 'ws')}/ws`);
  await new Promise((resolve) => socket.on('open', resolve));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await second.close();
  assert.equal(await closed, 1001);
  await assert.rejects(fetch(`${second.url}/health/live`));
});
