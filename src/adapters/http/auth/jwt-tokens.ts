import { createHmac, timingSafeEqual } from 'node:crypto';
import { JsonNumber, type JsonObject, type JsonValue } from '../../../contract/exact-json.ts';
import type { UserId } from '../../../domain/ids.ts';
import { err, invariant, ok, type Result } from '../../../domain/result.ts';
import type { Clock } from '../../../ports/clock.ts';
import { readJws, type SigningKey, signJws } from './jws.ts';
import type { AccessClaims, TokenProblem, Tokens } from './tokens.ts';
import type { SessionId } from './user-state.ts';

const ACCESS_TYPE = 'at+jwt'; // RFC 9068
const AUDIENCE = 'okd-api';
const MAX_ACCESS_LIFE_S = 900;
/** How far a clock that was set back may leave `iat` and `nbf` in the future. Expiry has no tolerance. */
const SKEW_S = 5;
/** Tokens whose signature is remembered; each is at most 2 KiB. */
const MAX_REMEMBERED = 2000;
const REFRESH = /^okdr1\.([A-Za-z0-9_-]{1,64})\.([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})$/;

export type TokenSettings = Readonly<{
  /** The first signs; the others are still read, so that keys can be changed without signing anybody out. */
  keys: readonly [SigningKey, ...SigningKey[]];
  /** Of at least 32 random bytes; authenticates refresh tokens. */
  refreshSecret: Uint8Array;
  /** Names the instance, so that a token of another one is refused even where keys were copied. */
  issuer: string;
  accessLifeS?: number;
  clock: Clock;
}>;

export function jwtTokens(settings: TokenSettings): Tokens {
  const { keys, refreshSecret, issuer, clock, accessLifeS = MAX_ACCESS_LIFE_S } = settings;
  invariant(accessLifeS > 0 && accessLifeS <= MAX_ACCESS_LIFE_S, 'an access token lives at most 15 minutes');
  invariant(refreshSecret.length >= 32, 'the refresh secret has at least 32 bytes');
  invariant(
    keys.every((key) => key.algorithm === 'EdDSA' || key.secret.length >= 32),
    'an HS256 key has at least 32 bytes',
  );
  const signed = new Map<string, JsonObject>();
  const seconds = (): number => Math.floor(clock.now() / 1000);
  const refreshMac = (session: string, generation: string): Buffer =>
    createHmac('sha256', refreshSecret).update(`okd-refresh\n${issuer}\n${session}\n${generation}`).digest();
  return {
    accessLifeS,
    issueAccess: (user, session) => {
      const now = seconds();
      const times = { iat: now, nbf: now, exp: now + accessLifeS };
      return signJws(keys[0], ACCESS_TYPE, {
        iss: issuer,
        aud: AUDIENCE,
        sub: user,
        sid: session,
        use: 'access',
        ...times,
      });
    },
    readAccess: (text) => {
      const claims = signed.get(text) ?? readJws(keys, ACCESS_TYPE, text);
      if (claims === null) return err('invalid');
      remember(signed, text, claims);
      return checkClaims(claims, issuer, seconds());
    },
    issueRefresh: (session, generation) =>
      `okdr1.${session}.${generation}.${refreshMac(session, String(generation)).toString('base64url')}`,
    readRefresh: (text) => {
      const [, session = '', generation = '', mac = ''] = REFRESH.exec(text) ?? [];
      if (session === '') return null;
      const given = Buffer.from(mac, 'base64url');
      const expected = refreshMac(session, generation);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      return { session: session as SessionId, generation: Number(generation) };
    },
  };
}

/** Signatures found good are not computed again: a token is used for hundreds of requests. Everything else is checked each time. */
function remember(signed: Map<string, JsonObject>, text: string, claims: JsonObject): void {
  if (signed.has(text)) return;
  signed.set(text, claims);
  const [oldest] = signed.size > MAX_REMEMBERED ? signed.keys() : [];
  if (oldest !== undefined) signed.delete(oldest);
}

function checkClaims(claims: JsonObject, issuer: string, now: number): Result<AccessClaims, TokenProblem> {
  const { iss, aud, sub, sid, use } = claims;
  const [iat, nbf, exp] = [claims['iat'], claims['nbf'], claims['exp']].map(wholeSeconds);
  if (iss !== issuer || aud !== AUDIENCE || use !== 'access') return err('invalid');
  if (typeof sub !== 'string' || sub === '' || typeof sid !== 'string' || sid === '') return err('invalid');
  if (iat == null || nbf == null || exp == null || exp - iat > MAX_ACCESS_LIFE_S) return err('invalid');
  if (iat > now + SKEW_S || nbf > now + SKEW_S) return err('invalid');
  if (exp <= now) return err('expired');
  return ok({ user: sub as UserId, session: sid as SessionId, expiresAtS: exp });
}

const wholeSeconds = (value: JsonValue | undefined): number | null =>
  value instanceof JsonNumber && /^[0-9]{1,12}$/.test(value.text) ? Number(value.text) : null;
