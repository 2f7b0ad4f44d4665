import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../ports/log.ts';
import { systemLog } from './log.ts';
import { redact, redactText } from './redact.ts';

function logged(write: (log: Log) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(systemLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line has level, time, event and fields', () => {
  const [line] = logged((log) => log.warn('venue_link_down', { venue: 'bybit', attempt: 3, at: 12n }));
  assert.equal(line?.level, 'warn');
  assert.match(String(line?.time), /^\d{4}-\d\d-\d\dT/);
  assert.deepEqual([line?.event, line?.venue, line?.attempt, line?.at], ['venue_link_down', 'bybit', 3, '12']);
});

test('levels below the one that is set are left out', () => {
  const lines: string[] = [];
  const log = systemLog({ level: 'error', destination: { write: (line) => void lines.push(line) } });
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  assert.equal(lines.length, 1);
});

test('secrets are hidden by key name at any depth', () => {
  const canary = 'CANARY';
  const fields = {
    apiSecret: canary,
    api_key: canary,
    headers: { 'X-BAPI-SIGN': canary, 'X-BAPI-API-KEY': canary, authorization: canary, Cookie: canary },
    list: [{ refreshToken: canary, nested: new Map([['password', canary]]) }],
    privateKey: canary,
  };
  assert.doesNotMatch(JSON.stringify(logged((log) => log.info('x', fields))), /CANARY/);
});

test('secrets are hidden by shape inside texts and errors', () => {
  for (const text of [
    'GET /v5/order?api_key=CANARY&sign=CANARY&symbol=X',
    'Authorization: Bearer CANARY.abc',
    'https://api.telegram.org/bot123456:CANARY/sendMessage',
    'token eyJhbGciOi.CANARY.sig',
    '{"password":"CANARY","x":1}',
  ]) {
    assert.doesNotMatch(redactText(text), /CANARY/, text);
  }
  const error = new Error('refused: token=CANARY', { cause: new Error('bot1:CANARY') });
  assert.doesNotMatch(JSON.stringify(redact({ error })), /CANARY/);
  assert.match(JSON.stringify(redact({ error })), /refused/);
});

test('ordinary words stay', () => {
  const fields = {
    signal: 'buy',
    assigned: 1,
    design: 'a',
    keyCount: 2,
    text: 'symbol=BTCUSDT&side=Buy',
    signal_id: 7,
  };
  assert.deepEqual(redact(fields), fields);
});

test('circles, depth, bytes and functions do not break a line', () => {
  const circle: Record<string, unknown> = { bytes: new Uint8Array(5), run: () => 1, none: undefined, nothing: null };
  circle.self = circle;
  assert.deepEqual(redact(circle), {
    bytes: '[5 bytes]',
    run: 'function',
    none: undefined,
    nothing: null,
    self: '[circular]',
  });
  let deep: unknown = 1;
  for (let i = 0; i < 20; i += 1) deep = { deep };
  assert.match(JSON.stringify(redact(deep)), /\[deep\]/);
});
