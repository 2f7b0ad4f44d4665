import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { classOf } from './error-codes.ts';
import { venueError } from './errors.ts';
import type { Command, WriteOutcome } from './outcome.ts';
import { judgeAck, judgeCode, judgeFailure, judgeSettingCode } from './outcome.ts';

const judge = (command: Command, code: number): WriteOutcome<unknown> => judgeCode(command, code, venueError(code, ''));
const brief = (outcome: WriteOutcome<unknown>): string =>
  outcome.type === 'acknowledged' ? outcome.type : `${outcome.type} ${outcome.cause}`;

const REFUSED = [
  10001, 110003, 110004, 110007, 110017, 110020, 110074, 110094, 110120, 110121, 110123, 170121, 170124, 170130, 170131,
  170132, 170133, 170134, 170136, 170137, 170140, 170192, 170193, 170194, 170371, 170372, 170810, 30208, 30209, 30228,
];
const AMBIGUOUS = [429, 10429, 10000, 10006, 10016, 10019, 10403, 20003, 20006, 170001, 170007, 170032, 170146, 170147];

test('only documented proofs refuse an order', () => {
  for (const code of REFUSED) assert.equal(brief(judge('create', code)), 'refused rejected', String(code));
  for (const code of [10002, 10004]) assert.equal(brief(judge('create', code)), 'refused repairable');
  for (const code of [10003, 10005, 10009, 10010, 10024, 10027, 10028, 33004, -2015]) {
    assert.equal(brief(judge('create', code)), 'refused account', String(code));
  }
  for (const code of AMBIGUOUS) assert.equal(brief(judge('create', code)), 'unknown code', String(code));
});

test('an order that exists already is no refusal: it may be ours', () => {
  for (const code of [10014, 110072, 170141]) assert.equal(brief(judge('create', code)), 'unknown already_exists');
});

test('a cancel that meets a finished order did nothing, which does not say what was filled', () => {
  for (const code of [110001, 110008, 110010, 170213, 170139, 170142]) {
    assert.equal(brief(judge('cancel', code)), 'refused order_state', String(code));
    assert.equal(brief(judge('amend', code)), 'refused order_state', String(code));
    assert.equal(brief(judge('create', code)), 'unknown code', String(code));
  }
});

test('a code that nobody has seen is ambiguous for every order command', () => {
  const known = new Set([...REFUSED, 10002, 10004, 10003, 10005, 10009, 10010, 10024, 10027, 10028, 33004, -2015]);
  const commands = fc.constantFrom<Command>('create', 'cancel_all');
  fc.assert(
    fc.property(commands, fc.integer({ min: -3_000, max: 4_000_000 }), (command, code) => {
      if (code === 0 || known.has(code)) return;
      assert.equal(judge(command, code).type, 'unknown');
    }),
    { numRuns: 2_000 },
  );
});

test('of failures without an answer only "no connection" and "never sent" prove anything', () => {
  const failures = {
    refused: 'refused not_sent',
    timeout: 'unknown transport',
    reset: 'unknown transport',
    aborted: 'unknown transport',
  } as const;
  for (const [failure, expected] of Object.entries(failures)) {
    const error = { type: 'transport', failure: failure as keyof typeof failures, message: '' } as const;
    assert.equal(brief(judgeFailure(error)), expected);
  }
  assert.equal(brief(judgeFailure({ type: 'http', status: 502, message: '' })), 'unknown http');
  assert.equal(brief(judgeFailure({ type: 'unreadable', message: '' })), 'unknown unreadable');
  assert.equal(brief(judgeFailure({ type: 'unanswered', reason: 'link_lost' })), 'unknown unanswered');
  assert.equal(brief(judgeFailure({ type: 'held', reason: 'expired', retryAt: null })), 'refused not_sent');
  assert.equal(brief(judgeFailure({ type: 'invalid', message: '' })), 'refused not_sent');
});

test('an acknowledgement must name the order that was asked for', () => {
  const ack = { orderId: 'o1', orderLinkId: 'l1' };
  assert.equal(brief(judgeAck(ack, { orderLinkId: 'l1' })), 'acknowledged');
  assert.equal(brief(judgeAck({ ...ack, orderLinkId: null }, { orderLinkId: 'l1' })), 'acknowledged');
  assert.equal(brief(judgeAck({ ...ack, orderId: null }, { orderLinkId: 'l1' })), 'unknown unreadable');
  assert.equal(brief(judgeAck({ ...ack, orderLinkId: 'l' }, { orderLinkId: 'l1' })), 'unknown mismatch');
  assert.equal(brief(judgeAck(ack, { orderId: 'o2', orderLinkId: 'l1' })), 'unknown mismatch');
  assert.equal(
    brief(judgeAck(ack, { orderId: 'o1', orderLinkId: 'other' })),
    'acknowledged',
    'the order id goes first',
  );
});

test('a setting that is already so is done; documented refusals are refusals', () => {
  const setting = (code: number) => judgeSettingCode(code, venueError(code, ''));
  assert.deepEqual(setting(110043), { type: 'acknowledged', value: { changed: false } });
  assert.equal(brief(setting(110013)), 'refused rejected');
  assert.equal(brief(setting(10005)), 'refused account');
  assert.equal(brief(setting(10002)), 'refused repairable');
  assert.equal(brief(setting(10016)), 'unknown code');
  assert.equal(brief(setting(987_654)), 'unknown code');
});

test('every documented code has its class; others have none', () => {
  const samples = {
    10006: 'retry',
    10016: 'retry',
    10000: 'resync',
    110001: 'resync',
    110072: 'resync',
    110043: 'no_op',
    34040: 'no_op',
    110010: 'no_op',
    10001: 'never',
    110115: 'never',
    131205: 'never',
    131214: 'no_op',
    131230: 'retry',
    777: 'unlisted',
  } as const;
  for (const [code, expected] of Object.entries(samples)) assert.equal(classOf(Number(code)), expected, code);
});
