import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { jwtVerify, SignJWT } from 'jose';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import type { UserId } from '../../../domain/ids.ts';
import { jwtTokens, type TokenSettings } from './jwt-tokens.ts';
import type { SigningKey } from './jws.ts';
import type { SessionId } from './user-state.ts';

const USER = 'u-1' as UserId;
const SESSION = 's-1' as SessionId;
const SECRET = new Uint8Array(32).fill(7);
const EDWARDS = generateKeyPairSync('ed25519');
const hs: SigningKey = { id: 'k-hs', algorithm: 'HS256', secret: SECRET };
const ed: SigningKey = { id: 'k-ed', algorithm: 'EdDSA', ...EDWARDS };

function made(more: Partial<TokenSettings> = {}) {
  const clock = new ManualClock(1_700_000_000_000);
  const settings = {
    keys: [hs, ed] as [SigningKey, SigningKey],
    refreshSecret: new Uint8Array(32).fill(8),
    issuer: 'okd:i1',
    clock,
    ...more,
  };
  return { clock, tokens: jwtTokens(settings) };
}

const b64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const NOW = 1_700_000_000;
const HEADER = { alg: 'HS256', kid: 'k-hs', typ: 'at+jwt' };
const CLAIMS = {
  iss: 'okd:i1',
  aud: 'okd-api',
  sub: 'u-1',
  sid: 's-1',
  use: 'access',
  iat: NOW,
  nbf: NOW,
  exp: NOW + 900,
};

/** A token signed with a given key, whatever its header says. */
function forge(header: unknown, claims: unknown, key: Uint8Array | string = SECRET): string {
  const signed = `${b64(header)}.${b64(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

test('a token says who it speaks for, until it expires', async () => {
  const { clock, tokens } = made();
  const token = tokens.issueAccess(USER, SESSION);
  assert.deepEqual(tokens.readAccess(token), {
    ok: true,
    value: { user: USER, session: SESSION, expiresAtS: NOW + 900 },
  });
  await clock.advance(899_999);
  assert.equal(tokens.readAccess(token).ok, true);
  await clock.advance(1);
  assert.deepEqual(tokens.readAccess(token), { ok: false, error: 'expired' });
});

test('jose reads our tokens, and we read those that jose makes', async () => {
  for (const keys of [[hs], [ed]] as [SigningKey][]) {
    const { tokens } = made({ keys });
    const key: Uint8Array | KeyObject = keys[0].algorithm === 'HS256' ? keys[0].secret : keys[0].publicKey;
    const options = {
      issuer: 'okd:i1',
      audience: 'okd-api',
      typ: 'at+jwt',
      algorithms: [keys[0].algorithm],
      currentDate: new Date(NOW * 1000),
    };
    const read = await jwtVerify(tokens.issueAccess(USER, SESSION), key, options);
    assert.equal(read.payload.sub, USER);
    const signing = keys[0].algorithm === 'HS256' ? keys[0].secret : keys[0].privateKey;
    const theirs = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: keys[0].algorithm, kid: keys[0].id, typ: 'at+jwt' })
      .sign(signing);
    assert.equal(tokens.readAccess(theirs).ok, true);
  }
});

test('the forge of this test makes good tokens when nothing is changed', () => {
  assert.equal(made().tokens.readAccess(forge(HEADER, CLAIMS)).ok, true);
});

const publicPem = EDWARDS.publicKey.export({ type: 'spki', format: 'pem' }) as string;
const publicDer = EDWARDS.publicKey.export({ type: 'spki', format: 'der' });
const publicRaw = Buffer.from(String(EDWARDS.publicKey.export({ format: 'jwk' }).x), 'base64url');
const good = forge(HEADER, CLAIMS);
const [goodHeader = '', goodClaims = '', goodSignature = ''] = good.split('.');
const unsigned = (header: object): string => `${b64(header)}.${b64(CLAIMS)}.`;
const without = (name: string): object => Object.fromEntries(Object.entries(CLAIMS).filter(([key]) => key !== name));

const FORGED: Readonly<Record<string, string>> = {
  'alg none': unsigned({ ...HEADER, alg: 'none' }),
  'alg None': unsigned({ ...HEADER, alg: 'None' }),
  'alg nOnE': unsigned({ ...HEADER, alg: 'nOnE' }),
  'alg none, signed': forge({ ...HEADER, alg: 'none' }, CLAIMS),
  'alg empty': forge({ ...HEADER, alg: '' }, CLAIMS),
  'alg missing': forge({ kid: 'k-hs', typ: 'at+jwt' }, CLAIMS),
  'alg null': forge({ ...HEADER, alg: null }, CLAIMS),
  'alg a list': forge({ ...HEADER, alg: ['HS256'] }, CLAIMS),
  'alg lower case': forge({ ...HEADER, alg: 'hs256' }, CLAIMS),
  'alg HS384': forge({ ...HEADER, alg: 'HS384' }, CLAIMS),
  'alg RS256': forge({ ...HEADER, alg: 'RS256' }, CLAIMS),
  'alg ES256': forge({ ...HEADER, alg: 'ES256' }, CLAIMS),
  'empty signature': `${goodHeader}.${goodClaims}.`,
  'no signature': `${goodHeader}.${goodClaims}`,
  'cut signature': good.slice(0, -2),
  'padded signature': `${good}=`,
  'signature of other bits': `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`,
  'signature with unused bits set': `${goodHeader}.${goodClaims}.${goodSignature.slice(0, -1)}${nextSpelling(goodSignature.at(-1) ?? '')}`,
  'four parts': `${good}.x`,
  'five parts (JWE)': `${goodHeader}.x.y.${goodClaims}.z`,
  'other secret': forge(HEADER, CLAIMS, new Uint8Array(32).fill(9)),
  'empty secret': forge(HEADER, CLAIMS, ''),
  'HS256 over the public key, PEM': forge({ ...HEADER, kid: 'k-ed' }, CLAIMS, publicPem),
  'HS256 over the public key, DER': forge({ ...HEADER, kid: 'k-ed' }, CLAIMS, publicDer),
  'HS256 over the public key, raw': forge({ ...HEADER, kid: 'k-ed' }, CLAIMS, publicRaw),
  'EdDSA named, HS256 signed': forge({ ...HEADER, alg: 'EdDSA', kid: 'k-ed' }, CLAIMS, publicRaw),
  'EdDSA named over the HS256 key': forge({ ...HEADER, alg: 'EdDSA' }, CLAIMS),
  'kid missing': forge({ alg: 'HS256', typ: 'at+jwt' }, CLAIMS),
  'kid unknown': forge({ ...HEADER, kid: 'k-x' }, CLAIMS),
  'kid null': forge({ ...HEADER, kid: null }, CLAIMS),
  'kid path traversal': forge({ ...HEADER, kid: '../../../../dev/null' }, CLAIMS, ''),
  'kid SQL': forge({ ...HEADER, kid: "x' UNION SELECT 'k' --" }, CLAIMS, 'k'),
  'kid __proto__': forge({ ...HEADER, kid: '__proto__' }, CLAIMS),
  'kid a list': forge({ ...HEADER, kid: ['k-hs'] }, CLAIMS),
  'jwk in the header': forge({ ...HEADER, jwk: { kty: 'oct', k: b64('k') } }, CLAIMS, 'k'),
  'jwk beside a good signature': forge({ ...HEADER, jwk: {} }, CLAIMS),
  jku: forge({ ...HEADER, jku: 'https://evil.example/jwks' }, CLAIMS),
  x5u: forge({ ...HEADER, x5u: 'https://evil.example/x5u' }, CLAIMS),
  x5c: forge({ ...HEADER, x5c: ['MII'] }, CLAIMS),
  crit: forge({ ...HEADER, crit: ['exp'] }, CLAIMS),
  'b64 false': forge({ ...HEADER, b64: false }, CLAIMS),
  zip: forge({ ...HEADER, zip: 'DEF' }, CLAIMS),
  'typ missing': forge({ alg: 'HS256', kid: 'k-hs' }, CLAIMS),
  'typ JWT': forge({ ...HEADER, typ: 'JWT' }, CLAIMS),
  'header twice alg': forge('{"alg":"none","alg":"HS256","kid":"k-hs","typ":"at+jwt"}', CLAIMS),
  'claims twice sub': forge(HEADER, JSON.stringify(CLAIMS).replace('"sub":"u-1"', '"sub":"u-2","sub":"u-1"')),
  'claims not JSON': forge(HEADER, '{'),
  'claims a list': forge(HEADER, [CLAIMS]),
  'claims a text': forge(HEADER, '"u-1"'),
  'issuer of another instance': forge(HEADER, { ...CLAIMS, iss: 'okd:i2' }),
  'audience other': forge(HEADER, { ...CLAIMS, aud: 'other' }),
  'audience a list': forge(HEADER, { ...CLAIMS, aud: ['okd-api', 'other'] }),
  'use refresh': forge(HEADER, { ...CLAIMS, use: 'refresh' }),
  'sub empty': forge(HEADER, { ...CLAIMS, sub: '' }),
  'sub a number': forge(HEADER, { ...CLAIMS, sub: 1 }),
  'sub an object': forge(HEADER, { ...CLAIMS, sub: { id: 'u-1' } }),
  'exp a text': forge(HEADER, { ...CLAIMS, exp: String(NOW + 900) }),
  'exp in milliseconds': forge(HEADER, { ...CLAIMS, exp: (NOW + 900) * 1000 }),
  'exp far away': forge(HEADER, { ...CLAIMS, exp: NOW + 901 }),
  'exp with a fraction': forge(HEADER, JSON.stringify(CLAIMS).replace(`"exp":${NOW + 900}`, `"exp":${NOW + 800}.5`)),
  'exp 1e99': forge(HEADER, JSON.stringify(CLAIMS).replace(`"exp":${NOW + 900}`, '"exp":1e99')),
  'iat in the future': forge(HEADER, { ...CLAIMS, iat: NOW + 61, nbf: NOW }),
  'nbf in the future': forge(HEADER, { ...CLAIMS, nbf: NOW + 61 }),
  ...Object.fromEntries(Object.keys(CLAIMS).map((name) => [`without ${name}`, forge(HEADER, without(name))])),
  empty: '',
  dots: '..',
  spaces: ' . . ',
  'very long': `${'A'.repeat(3000)}.${goodClaims}.${goodSignature}`,
  'standard base64': good.replaceAll('-', '+').replaceAll('_', '/').concat('/+'),
};

/** Another last character with the same decoded bytes: 256 bits leave 2 of the last 6 unused. */
function nextSpelling(last: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(last) + 1] ?? '';
}

test(`none of ${Object.keys(FORGED).length} forged tokens is read`, () => {
  const { tokens } = made();
  for (const [name, token] of Object.entries(FORGED))
    assert.deepEqual(tokens.readAccess(token), { ok: false, error: 'invalid' }, name);
});

test('a token that expired a second ago is expired, not invalid', () => {
  const { tokens } = made();
  const old = forge(HEADER, { ...CLAIMS, iat: NOW - 901, nbf: NOW - 901, exp: NOW - 1 });
  assert.deepEqual(tokens.readAccess(old), { ok: false, error: 'expired' });
});

test('a refresh token is no access token and cannot be altered', () => {
  const { tokens } = made();
  const token = tokens.issueRefresh(SESSION, 3);
  assert.deepEqual(tokens.readRefresh(token), { session: SESSION, generation: 3 });
  assert.equal(tokens.readAccess(token).ok, false);
  assert.equal(tokens.readRefresh(tokens.issueAccess(USER, SESSION)), null);
  const mac = token.split('.').at(-1) ?? '';
  for (const bad of [
    '',
    `okdr1.s-1.4.${mac}`,
    `okdr1.s-2.3.${mac}`,
    `okdr1.s-1.03.${mac}`,
    `okdr1.s-1.3.${mac.slice(1)}`,
    `okdr1.s-1.3.${mac}A`,
    `${token} `,
    `okdr1..3.${mac}`,
  ]) {
    assert.equal(tokens.readRefresh(bad), null, bad);
  }
  assert.equal(made({ issuer: 'okd:i2' }).tokens.readRefresh(token), null);
  assert.equal(made({ refreshSecret: new Uint8Array(32).fill(1) }).tokens.readRefresh(token), null);
});

test('keys can be changed: the old one is still read, the new one signs', () => {
  const older = made({ keys: [hs] }).tokens.issueAccess(USER, SESSION);
  const { tokens } = made({ keys: [{ id: 'k-new', algorithm: 'HS256', secret: new Uint8Array(32).fill(1) }, hs] });
  assert.equal(tokens.readAccess(older).ok, true);
  assert.match(Buffer.from(tokens.issueAccess(USER, SESSION).split('.')[0] ?? '', 'base64url').toString(), /k-new/);
});

test('weak settings do not start', () => {
  assert.throws(() => made({ accessLifeS: 901 }));
  assert.throws(() => made({ refreshSecret: new Uint8Array(16) }));
  assert.throws(() => made({ keys: [{ id: 'k', algorithm: 'HS256', secret: new Uint8Array(16) }] }));
});
