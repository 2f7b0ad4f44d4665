import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goldenFiles, goldenJson, SKIP } from '../../test/golden.ts';
import type { Json } from './control.ts';
import { readControl } from './control.ts';

const example = (file: string): Json => (goldenJson(`docs/ws/${file}`) as { message: Json }).message;
const filesOf = (kind: RegExp): string[] => goldenFiles('docs/ws').filter((file) => kind.test(file));

test('all five dialects of a pong are pongs', { skip: SKIP }, () => {
  const files = filesOf(/ack-(ping|pong)/);
  assert.equal(files.length, 5);
  for (const file of files) assert.deepEqual(readControl(example(file)), { type: 'pong' }, file);
});

test('both dialects of a login are read', { skip: SKIP }, () => {
  const files = filesOf(/ack-auth/);
  assert.equal(files.length, 2);
  for (const file of files) {
    const control = readControl(example(file));
    assert.ok(control.type === 'login' && control.accepted, file);
  }
});

test('being logged in already counts as logged in; a refusal names its code', () => {
  const already = readControl({ retCode: 20001, retMsg: 'Repeat auth', op: 'auth', connId: 'c' });
  assert.ok(already.type === 'login' && already.accepted);
  const refused = readControl({ retCode: 10004, retMsg: 'Invalid sign', op: 'auth', connId: 'c' });
  assert.deepEqual(refused, { type: 'login', accepted: false, code: 10004, message: 'Invalid sign' });
  const failed = readControl({ success: false, ret_msg: 'Params Error', op: 'auth', conn_id: 'c' });
  assert.deepEqual(failed, { type: 'login', accepted: false, code: null, message: 'Params Error' });
});

test('every dialect of a subscription is acknowledged', { skip: SKIP }, () => {
  const files = filesOf(/ack-(subscribe|COMMAND|command)/);
  assert.equal(files.length, 5);
  for (const file of files) {
    const control = readControl(example(file));
    assert.ok(control.type === 'ack' && control.accepted, file);
  }
});

test('topics that option and spread could not subscribe are named', () => {
  const control = readControl({
    success: true,
    type: 'COMMAND_RESP',
    data: { failTopics: ['orderbook.100.X'], successTopics: ['orderbook.100.Y'] },
  });
  assert.ok(control.type === 'ack');
  assert.equal(control.accepted, false);
  assert.deepEqual(control.failed, ['orderbook.100.X']);
  assert.deepEqual(control.succeeded, ['orderbook.100.Y']);
});

test('answers of the trade socket are told apart by their retCode', { skip: SKIP }, () => {
  for (const file of filesOf(/^guideline__response/)) assert.equal(readControl(example(file)).type, 'answer');
  assert.equal(readControl({ retCode: 10404, retMsg: 'op type is not found', op: '', connId: 'c' }).type, 'answer');
  assert.equal(readControl({ hello: 1 }).type, 'other');
});
