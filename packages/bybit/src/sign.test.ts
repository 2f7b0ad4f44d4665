import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { test } from 'node:test';
import { goldenJson, SKIP } from '../test/golden.ts';
import { hmacSigner, rsaSigner } from './node.ts';
import { authHeaders, loginArgs, loginText, restText } from './sign.ts';

type Vector = {
  kind: string;
  timestamp?: string;
  apiKey?: string;
  recvWindow?: string;
  payload?: string;
  expires?: string;
  stringToSign: string;
  hmacSha256Hex: string;
};

test('the documented strings are signed, and give the documented signatures', { skip: SKIP }, () => {
  const { api_secret, vectors } = goldenJson('auth-vectors.json') as { api_secret: string; vectors: Vector[] };
  const signer = hmacSigner(api_secret);
  assert.ok(vectors.length >= 4);
  for (const vector of vectors) {
    const text =
      vector.expires === undefined
        ? restText(Number(vector.timestamp), vector.apiKey!, Number(vector.recvWindow), vector.payload!)
        : loginText(Number(vector.expires));
    assert.equal(text, vector.stringToSign, vector.kind);
    assert.equal(signer.sign(text), vector.hmacSha256Hex, vector.kind);
  }
});

test('headers carry what was signed', () => {
  const signed: string[] = [];
  const signer = { sign: (text: string) => `s${signed.push(text)}` };
  const headers = authHeaders({ apiKey: 'K', signer }, 1_658_384_314_791, 5_000, 'a=1&b=2');
  assert.deepEqual(signed, ['1658384314791K5000a=1&b=2']);
  assert.deepEqual(headers, {
    'X-BAPI-API-KEY': 'K',
    'X-BAPI-TIMESTAMP': '1658384314791',
    'X-BAPI-RECV-WINDOW': '5000',
    'X-BAPI-SIGN': 's1',
  });
  assert.deepEqual(loginArgs({ apiKey: 'K', signer }, 9), ['K', 9, 's2']);
});

test('an RSA signature verifies with the public key', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const text = loginText(1_662_350_400_000);
  const signature = Buffer.from(rsaSigner(pem).sign(text), 'base64');
  assert.ok(verify('sha256', Buffer.from(text), createPublicKey(privateKey), signature));
});

test('printing credentials shows no secret', () => {
  const credentials = { apiKey: 'K', signer: hmacSigner('very-secret') };
  assert.ok(!JSON.stringify(credentials).includes('very-secret'));
});
