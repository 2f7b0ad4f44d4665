import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argonPasswords, DEFAULT_COST, sha256 } from './passwords.ts';

const quick = argonPasswords({ memoryKib: 64, passes: 1 });

test('a password fits its own hash and no other', async () => {
  const hash = await quick.hash('correct horse');
  assert.match(hash, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.equal(await quick.verify('correct horse', hash), true);
  assert.equal(await quick.verify('correct horsf', hash), false);
  assert.notEqual(await quick.hash('correct horse'), hash);
});

test('a hash keeps its own cost, so that the cost can be raised later', async () => {
  const hash = await quick.hash('x');
  assert.equal(await argonPasswords({ memoryKib: 128, passes: 2 }).verify('x', hash), true);
  assert.deepEqual(DEFAULT_COST, { memoryKib: 19_456, passes: 2 });
});

test('the decoy is a hash of the full cost that nobody knows', async () => {
  assert.match(argonPasswords().decoy, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await quick.verify('', quick.decoy), false);
});

test('a tampered record is refused instead of eating memory', async () => {
  const hash = await quick.hash('x');
  const bad = [
    '',
    'plain:x',
    hash.replace('m=64', 'm=9999999'),
    hash.replace('m=64', 'm=1'),
    hash.replace('t=1', 't=0'),
    hash.replace('argon2id', 'argon2i'),
    hash.slice(0, -30),
    `${hash}\n`,
  ];
  for (const one of bad) assert.equal(await quick.verify('x', one), false, one);
});

test('equal texts share a digest', () => {
  assert.equal(sha256('a'), sha256('a'));
  assert.notEqual(sha256('a'), sha256('b'));
  assert.equal(sha256('a').length, 43);
});
