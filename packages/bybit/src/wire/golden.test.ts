import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goldenFiles, goldenJson, SKIP } from '../../test/golden.ts';
import { accountInfo, apiKey, feeRate, nothing, position, positionPush, wallet } from './account.ts';
import { readEnvelope } from './envelope.ts';
import {
  futuresInstrument,
  futuresTicker,
  listOf,
  optionInstrument,
  optionTicker,
  orderbook,
  publicTrade,
  serverTime,
  spotInstrument,
  spotTicker,
} from './market.ts';
import { cancelAllAck, execution, executionPush, order, orderIds, orderPush } from './order.ts';
import type { Schema } from './schema.ts';
import { object, parse, rows } from './schema.ts';
import { privateEnvelope, tickerMessage, tradeAnswer, tradeMessage } from './stream.ts';

/** Documented examples of every endpoint and topic of this client, by file name. */
const REST: Readonly<Record<string, Schema<unknown>>> = {
  get_v5_market_time__: serverTime,
  'get_v5_market_instruments-info__linear': listOf(futuresInstrument),
  'get_v5_market_instruments-info__option': listOf(optionInstrument),
  'get_v5_market_instruments-info__spot': listOf(spotInstrument),
  get_v5_market_orderbook__: orderbook,
  get_v5_market_tickers__inverse: listOf(futuresTicker),
  get_v5_market_tickers__option: listOf(optionTicker),
  get_v5_market_tickers__spot: listOf(spotTicker),
  'get_v5_market_recent-trade__': listOf(publicTrade),
  post_v5_order_create__: orderIds,
  post_v5_order_amend__: orderIds,
  post_v5_order_cancel__: orderIds,
  'post_v5_order_cancel-all__': cancelAllAck,
  get_v5_order_realtime__: listOf(order),
  get_v5_order_history__: listOf(order),
  get_v5_execution_list__: listOf(execution),
  'get_v5_account_wallet-balance__': listOf(wallet),
  get_v5_account_info__: accountInfo,
  'get_v5_account_fee-rate__': listOf(feeRate),
  get_v5_position_list__: listOf(position),
  'post_v5_position_set-leverage__': nothing,
  'get_v5_user_query-api__': apiKey,
};

const push = (row: Schema<unknown>) => object({ data: rows(row) });
const STREAM: Readonly<Record<string, Schema<unknown>>> = {
  orderbook__snapshot: object({ data: orderbook }),
  orderbook__delta: object({ data: orderbook }),
  trade__snapshot: tradeMessage,
  'ticker__linear-linearfutures-snapshot': tickerMessage,
  'ticker__linear-linearperpetual-snapshot': tickerMessage,
  'ticker__option-snapshot': tickerMessage,
  'ticker__spot-snapshot': tickerMessage,
  order__message: push(orderPush),
  execution__message: push(executionPush),
  position__message: push(positionPush),
  wallet__message: push(wallet),
  'guideline__response-order-create': object({ data: orderIds }),
};

/** Dead or deprecated fields, and envelopes, which are deliberately not read. */
const NOT_READ = new Set(
  (
    'availableToBorrow availableToWithdraw accountLTV bustPrice positionBalance dcpStatus timeWindow smpGroup unified ' +
    'userIDInt64 inviterIDInt64 affiliateIDInt64 secret topic type ts cts id creationTime cs header connId op retCode ' +
    'retMsg retExtInfo reqId'
  ).split(' '),
);

/** Fields of the example that the schema dropped. */
function dropped(original: unknown, checked: unknown, path = ''): string[] {
  if (Array.isArray(original)) {
    const rowsOf = Array.isArray(checked) ? checked : ((checked as { rows?: unknown[] } | null)?.rows ?? []);
    return original.flatMap((item, i) => dropped(item, rowsOf[i], `${path}[${i}]`));
  }
  if (typeof original !== 'object' || original === null) return [];
  return Object.entries(original).flatMap(([key, value]) => {
    if (NOT_READ.has(key)) return [];
    const has = typeof checked === 'object' && checked !== null && key in checked;
    return has ? dropped(value, (checked as Record<string, unknown>)[key], `${path}.${key}`) : [`${path}.${key}`];
  });
}

function check(schema: Schema<unknown>, example: unknown): void {
  const parsed = parse(schema, example);
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error);
  assert.deepEqual(parsed.value.unrecognised, []);
  assert.ok(!JSON.stringify(parsed.value.value).includes('"reason":'), 'a row is unreadable');
  assert.deepEqual(dropped(example, parsed.value.value), []);
}

test('every documented REST example of these endpoints is read whole', { skip: SKIP }, async (t) => {
  const files = goldenFiles('docs/rest');
  for (const [prefix, schema] of Object.entries(REST)) {
    const matching = files.filter((file) => file.startsWith(prefix));
    assert.ok(matching.length > 0, `no example for ${prefix}`);
    for (const file of matching) {
      await t.test(file, () => {
        const { response } = goldenJson(`docs/rest/${file}`) as { response: unknown };
        const envelope = readEnvelope(JSON.stringify(response));
        assert.ok(envelope.ok);
        assert.equal(envelope.value.retCode, 0);
        check(schema, envelope.value.result);
      });
    }
  }
});

test('every documented push of these topics is read whole', { skip: SKIP }, async (t) => {
  for (const [file, schema] of Object.entries(STREAM)) {
    await t.test(file, () => {
      const { message } = goldenJson(`docs/ws/${file}.json`) as { message: Record<string, unknown> };
      check(schema, message);
      if (/^(order|execution|position|wallet)__/.test(file)) assert.ok(parse(privateEnvelope, message).ok);
      if (file.startsWith('guideline')) assert.ok(parse(tradeAnswer, message).ok);
    });
  }
});

test('an answer that is not the V5 envelope is an error, not an answer', () => {
  for (const body of [
    '',
    '<html>',
    '{"retCode":0,"result"',
    'null',
    '[]',
    '{}',
    '{"retCode":"0"}',
    '{"retCode":1.5}',
  ]) {
    assert.ok(!readEnvelope(body).ok, body);
  }
});

test('samples without retExtInfo and time are read', () => {
  const envelope = readEnvelope('{"retCode":0,"retMsg":"OK","result":{}}');
  assert.ok(envelope.ok);
  assert.equal(envelope.value.time, null);
});
