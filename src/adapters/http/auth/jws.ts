import { createHmac, type KeyObject, sign as signWith, timingSafeEqual, verify as verifyWith } from 'node:crypto';
import { isJsonObject, type JsonObject, parseJson } from '../../../contract/exact-json.ts';

/**
 * JSON Web Signatures (RFC 7515, compact form) for the tokens that this gateway makes itself. jose works on WebCrypto,
 * which answers from a thread pool: it would neither run in the simulator nor be as quick as a synchronous HMAC
 * (3 µs). What is left out makes it safe to keep small: no encryption, no key in the token, no key by address. A key
 * has exactly one algorithm, chosen here and never by the token's header.
 */
export type SigningKey = Readonly<
  | { id: string; algorithm: 'HS256'; secret: Uint8Array }
  | { id: string; algorithm: 'EdDSA'; privateKey: KeyObject; publicKey: KeyObject }
>;

/** More than any token of ours; checked before anything is decoded. */
const MAX_TOKEN = 2048;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
/** The only header fields that our tokens have: one more (`jwk`, `jku`, `x5u`, `crit`, `b64`) and it is not ours. */
const HEADER_FIELDS = ['alg', 'kid', 'typ'];

const encode = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url');

export function signJws(key: SigningKey, type: string, claims: Readonly<Record<string, string | number>>): string {
  const header = encode(JSON.stringify({ alg: key.algorithm, kid: key.id, typ: type }));
  const signed = `${header}.${encode(JSON.stringify(claims))}`;
  return `${signed}.${encode(signatureOf(key, signed))}`;
}

function signatureOf(key: SigningKey, signed: string): Uint8Array {
  if (key.algorithm === 'HS256') return createHmac('sha256', key.secret).update(signed).digest();
  return signWith(null, Buffer.from(signed), key.privateKey);
}

/** The claims of a token with a good signature and the given type; null for anything else. */
export function readJws(keys: readonly SigningKey[], type: string, token: string): JsonObject | null {
  if (token.length > MAX_TOKEN) return null;
  const parts = token.split('.');
  const [header = '', claims = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => BASE64URL.test(part))) return null;
  const fields = readObject(header);
  if (fields === null || Object.keys(fields).length !== HEADER_FIELDS.length || fields['typ'] !== type) return null;
  const key = keys.find((one) => one.id === fields['kid']);
  if (key === undefined || fields['alg'] !== key.algorithm) return null;
  return isSigned(key, `${header}.${claims}`, signature) ? readObject(claims) : null;
}

function isSigned(key: SigningKey, signed: string, signature: string): boolean {
  const given = Buffer.from(signature, 'base64url');
  if (encode(given) !== signature) return false; // one spelling per signature
  if (key.algorithm === 'EdDSA') return verifyWith(null, Buffer.from(signed), key.publicKey, given);
  const expected = signatureOf(key, signed);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Parsed strictly: duplicate claims, which two readers could choose from differently, are refused. */
function readObject(part: string): JsonObject | null {
  const parsed = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
}
