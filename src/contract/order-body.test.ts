import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../domain/decimal.ts';
import { type JsonValue, parseJson } from './exact-json.ts';
import { orderBody } from './order-body.ts';
import { type FieldProblem, schemaRefusal } from './problems.ts';
import { BAD_AMOUNT_LITERALS, BAD_AMOUNT_TEXTS } from './testing/bad-numbers.ts';

const json = (text: string): JsonValue => {
  const parsed = parseJson(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
};
const read = (text: string) => {
  const parsed = orderBody.safeParse(json(text));
  assert.ok(parsed.success, JSON.stringify(parsed.error?.issues));
  return parsed.data;
};
const refused = (text: string): { code: string; fields: readonly FieldProblem[] } => {
  const parsed = orderBody.safeParse(json(text));
  assert.equal(parsed.success, false, text.slice(0, 200));
  const error = schemaRefusal(parsed.error as NonNullable<typeof parsed.error>);
  return { code: error.code, fields: error.details?.['fields'] as readonly FieldProblem[] };
};
const paths = (text: string) => refused(text).fields.map((one) => one.path);

const MARKET = '"symbol":"BTCUSDT","side":"buy","type":"market"';
const LIMIT = '"symbol":"BTCUSDT","side":"sell","type":"limit","price":60000';

test('a limit order is read into exact domain values', () => {
  assert.deepEqual(
    read(
      `{${LIMIT},"quantity":"0.10","client_order_id":"a-1","routing":{"strategy":"best_price","max_bybit_percentage":80}}`,
    ),
    {
      instrument: 'spot:BTCUSDT',
      category: 'spot',
      symbol: 'BTCUSDT',
      side: 'sell',
      type: 'limit',
      quantity: money('0.1'),
      quoteQuantity: null,
      price: money('60000'),
      timeInForce: 'gtc',
      reduceOnly: false,
      maxSlippage: null,
      routing: { strategy: 'best_price', venues: null, maxBybitPercentage: money('80'), preferInternal: null },
      clientOrderId: 'a-1',
    },
  );
});

test('words are read in any case, and a slash in the symbol says nothing', () => {
  const spelled = read(
    '{"symbol":"btc/usdt","category":"LINEAR","side":"Buy","type":"Market","quantity":10.0,"reduce_only":"TRUE","time_in_force":"IOC"}',
  );
  assert.deepEqual(
    spelled,
    read(`{${MARKET},"category":"linear","quantity":"10","reduce_only":true,"time_in_force":"ioc"}`),
  );
});

test('null is as good as absent', () => {
  assert.deepEqual(
    read(`{${MARKET},"quantity":1,"price":null,"stop_loss":null,"routing":null}`),
    read(`{${MARKET},"quantity":1}`),
  );
});

test('the documented algorithmic orders are known, and refused as not supported yet, field by field', () => {
  const twap = `{"symbol":"BNBETH","side":"buy","type":"twap","quantity":10.0,"duration":3600,
    "routing":{"strategy":"smart","venues":["okd_internal","bybit"],"max_bybit_percentage":80}}`;
  assert.deepEqual(refused(twap), {
    code: 'NOT_SUPPORTED',
    fields: [
      { path: 'type', problem: 'twap is not supported yet', allowed: 'market, limit' },
      { path: 'duration', problem: 'is not supported yet', allowed: 'leave it out' },
    ],
  });
  const vwap = `{"symbol":"BNBETH","side":"sell","type":"vwap","quantity":5.0,"participation_rate":0.1,
    "routing":{"strategy":"minimize_impact","prefer_internal":true}}`;
  assert.equal(refused(vwap).code, 'NOT_SUPPORTED');
  assert.deepEqual(paths(vwap), ['type', 'participation_rate']);
});

test('every field without behaviour is refused by name, never ignored', () => {
  const values: Readonly<Record<string, string>> = {
    stop_price: '1', trigger_by: '"last"', trail: '1', expire_time: '"2030-01-01"', position_side: '"long"', leverage: '5', margin_mode: '"cross"',
    take_profit: '{"trigger_price":1}', stop_loss: '{"trigger_price":1,"price":2,"trigger_by":"mark"}', duration: '60', slices: '4', randomize: 'true',
    participation_rate: '0.1', risk_aversion: '0.5', venue_options: '{"bybit":{"smpType":"CancelMaker"}}',
  }; // biome-ignore format: a table
  for (const [name, value] of Object.entries(values)) {
    const found = refused(`{${LIMIT},"quantity":1,"${name}":${value}}`);
    assert.equal(found.code, 'NOT_SUPPORTED', name);
    assert.deepEqual(
      found.fields.map((one) => one.path),
      [name],
    );
  }
  assert.deepEqual(paths(`{${LIMIT},"quantity":1,"time_in_force":"gtd"}`), ['time_in_force']);
  assert.deepEqual(paths(`{${LIMIT},"quantity":1,"category":"option"}`), ['category']);
  assert.deepEqual(paths(`{${LIMIT},"quantity":1,"routing":{"allow_opposite_legs":true}}`), [
    'routing.allow_opposite_legs',
  ]);
  read(`{${LIMIT},"quantity":1,"randomize":false,"routing":{"allow_opposite_legs":false}}`);
});

test('fields that contradict each other are refused', () => {
  const cases: readonly (readonly [string, string])[] = [
    [`{${MARKET}}`, 'quantity'],
    [`{${MARKET},"quantity":1,"quote_quantity":100}`, 'quote_quantity'],
    [`{${LIMIT},"quote_quantity":100}`, 'quote_quantity'],
    ['{"symbol":"BTCUSDT","side":"sell","type":"market","quote_quantity":100}', 'quote_quantity'],
    [`{${MARKET},"quantity":1,"price":5}`, 'price'],
    ['{"symbol":"BTCUSDT","side":"buy","type":"limit","quantity":1}', 'price'],
    [`{${LIMIT},"quantity":1,"max_slippage":1}`, 'max_slippage'],
    [`{${MARKET},"quantity":1,"time_in_force":"post_only"}`, 'time_in_force'],
    [`{${MARKET},"quantity":1,"reduce_only":true}`, 'reduce_only'],
  ];
  for (const [text, path] of cases) {
    assert.equal(refused(text).code, 'VALIDATION_FAILED', text);
    assert.ok(paths(text).includes(path), text);
  }
});

test('unknown fields are refused with their name and the names that exist', () => {
  for (const name of [
    'qty',
    'status',
    'filled_quantity',
    'account',
    'tenantId',
    'role',
    'constructor',
    'toString',
    '',
    ' price',
  ]) {
    const { code, fields } = refused(`{${LIMIT},"quantity":1,${JSON.stringify(name)}:1}`);
    assert.equal(code, 'VALIDATION_FAILED');
    assert.equal(fields[0]?.path, name);
    assert.match(fields[0]?.allowed ?? '', /^known fields: symbol, category, side/);
  }
  assert.deepEqual(paths(`{${LIMIT},"quantity":1,"routing":{"strategi":"smart"}}`), ['routing.strategi']);
});

const MONEY_FIELDS = [
  'quantity',
  'quote_quantity',
  'price',
  'stop_price',
  'trail',
  'leverage',
  'max_slippage',
  'participation_rate',
  'risk_aversion',
];

test('no text that only resembles an amount gets through any money field', () => {
  const rest = '"symbol":"BTCUSDT","side":"buy","type":"limit"';
  for (const name of MONEY_FIELDS) {
    for (const text of BAD_AMOUNT_TEXTS) {
      const found = refused(`{${rest},"${name}":${JSON.stringify(text)}}`);
      assert.equal(found.code, 'VALIDATION_FAILED');
      assert.equal(found.fields[0]?.path, name);
    }
  }
  for (const text of BAD_AMOUNT_TEXTS) {
    assert.deepEqual(paths(`{${LIMIT},"quantity":1,"take_profit":{"trigger_price":${JSON.stringify(text)}}}`), [
      'take_profit.trigger_price',
    ]);
    assert.deepEqual(paths(`{${LIMIT},"quantity":1,"routing":{"max_bybit_percentage":${JSON.stringify(text)}}}`), [
      'routing.max_bybit_percentage',
    ]);
  }
});

test('no bad literal gets through any money field', () => {
  for (const name of MONEY_FIELDS) {
    for (const literal of BAD_AMOUNT_LITERALS) {
      const text = `{"symbol":"BTCUSDT","side":"buy","type":"limit","${name}":${literal}}`;
      const parsed = parseJson(text);
      if (parsed.ok) assert.equal(refused(text).fields[0]?.path, name, text);
      else if (!literal.includes(',')) assert.equal(parsed.error.path.split('[')[0]?.split('.')[0], name, text);
    }
  }
});

test('amounts outside their range are refused with the range', () => {
  for (const [name, value] of [
    ['quantity', '0'],
    ['quantity', '-1'],
    ['price', '0.0'],
    ['max_slippage', '101'],
    ['leverage', '0.5'],
    ['participation_rate', '1.1'],
  ] as const) {
    const found = refused(`{"symbol":"BTCUSDT","side":"buy","type":"limit","${name}":${value}}`);
    assert.equal(found.fields[0]?.path, name);
    assert.match(found.fields[0]?.allowed ?? '', /above 0|up to 100|from 1|up to 1/);
  }
});

test('ids, symbols and lists have bounds', () => {
  const bad = [
    `{${LIMIT},"quantity":1,"client_order_id":"${'a'.repeat(37)}"}`, `{${LIMIT},"quantity":1,"client_order_id":"a b"}`, `{${LIMIT},"quantity":1,"client_order_id":""}`,
    `{${LIMIT},"quantity":1,"routing":{"venues":[]}}`, `{${LIMIT},"quantity":1,"routing":{"venues":["bybit","BYBIT"]}}`, `{${LIMIT},"quantity":1,"routing":{"venues":["kraken"]}}`,
    '{"symbol":"BTC USDT","side":"buy","type":"market","quantity":1}', '{"symbol":"BTC//USDT","side":"buy","type":"market","quantity":1}',
    `{"symbol":"${'A'.repeat(61)}","side":"buy","type":"market","quantity":1}`, '{"symbol":["BTCUSDT"],"side":"buy","type":"market","quantity":1}',
    '{"symbol":"BTCUSDT","side":"hold","type":"market","quantity":1}', '{"symbol":"BTCUSDT","side":1,"type":"market","quantity":1}', '[]', '"x"', 'null', '1',
  ]; // biome-ignore format: a table
  for (const text of bad) assert.equal(refused(text).code, 'VALIDATION_FAILED', text);
});
