import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Category, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Credential, Exchange } from '../../ports/exchange.ts';
import type { ServerRequest } from '../../ports/network.ts';
import { REFUSED, refused, type WireRefusal } from './refusals.ts';

/** HMAC-SHA256 of a text, in lower-case hexadecimal. Synchronous and without chance: the simulator runs it too. */
export type Sign = (secret: string, text: string) => string;
export const hmacSha256: Sign = (secret, text) => createHmac('sha256', secret).update(text).digest('hex');

const DEFAULT_RECV_WINDOW_MS = 5_000;
/** How far ahead of the server a request's own time may lie. */
const AHEAD_MS = 1_000;

/** Compares without telling by its duration where two signatures differ. */
function isSame(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A decimal count of milliseconds as clients send it, or null. */
const millis = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

/**
 * "server_time - recv_window <= timestamp < server_time + 1000" (V5 docs, "Integration Guidance").
 * Null when the time is within the window.
 */
export function outsideWindow(timestamp: string, recvWindow: string | undefined, now: UnixMs): WireRefusal | null {
  const at = millis(timestamp);
  const window = recvWindow === undefined || recvWindow === '' ? DEFAULT_RECV_WINDOW_MS : millis(recvWindow);
  if (at !== null && window !== null && now - window <= at && at < now + AHEAD_MS) return null;
  return refused(
    10002,
    'invalid request, please check your server timestamp or recv_window param. ' +
      `req_timestamp[${timestamp}],server_timestamp[${now}],recv_window[${recvWindow ?? DEFAULT_RECV_WINDOW_MS}]`,
  );
}

/** A refusal and the HTTP status that carries it: headers that are not there are 401, all else is 200. */
export type AuthRefusal = Readonly<{ status: 200 | 401; refusal: WireRefusal }>;

/** Who sends this request: headers, window, key, signature over the bytes as they came, address, expiry. */
export function authenticate(exchange: Exchange, sign: Sign, request: ServerRequest): Result<Credential, AuthRefusal> {
  const { headers } = request;
  const apiKey = headers['x-bapi-api-key'] ?? '';
  const timestamp = headers['x-bapi-timestamp'] ?? '';
  const signature = headers['x-bapi-sign'] ?? '';
  const recvWindow = headers['x-bapi-recv-window'];
  if (apiKey === '' || timestamp === '' || signature === '') {
    const retMsg = `empty value: apiTimestamp[${timestamp}] apiKey[${apiKey}] apiSignature[${signature}]`;
    return err({ status: 401, refusal: refused(10001, retMsg) });
  }
  const now = exchange.now();
  const late = outsideWindow(timestamp, recvWindow, now);
  if (late !== null) return err({ status: 200, refusal: late });
  const payload = request.method === 'GET' ? request.query : request.body;
  const signed = `${timestamp}${apiKey}${recvWindow ?? ''}${payload}`;
  const known = usableKey(exchange, apiKey, request.remoteAddress, now, (secret) =>
    isSame(sign(secret, signed), signature),
  );
  if (known.ok) return known;
  if (known.error !== REFUSED.signature) return err({ status: 200, refusal: known.error });
  const retMsg = `${REFUSED.signature.retMsg} origin_string[${signed}]`;
  return err({ status: 200, refusal: refused(REFUSED.signature.retCode, retMsg) });
}

/** A socket's `auth`: the signature is over `GET/realtime` and the time at which it expires. */
export function authenticateSocket(
  exchange: Exchange,
  sign: Sign,
  args: unknown,
  remoteAddress: string,
): Result<Credential, WireRefusal> {
  if (!Array.isArray(args)) return err(refused(10001, 'Params Error'));
  const [apiKey, expires, signature] = args as unknown[];
  const at = typeof expires === 'string' ? millis(expires) : expires;
  const now = exchange.now();
  if (
    typeof apiKey !== 'string' ||
    typeof signature !== 'string' ||
    !Number.isSafeInteger(at) ||
    (at as number) <= now
  ) {
    return err(refused(10001, 'Params Error'));
  }
  const isSigned = (secret: string) => isSame(sign(secret, `GET/realtime${expires}`), signature);
  return usableKey(exchange, apiKey, remoteAddress, now, isSigned);
}

function usableKey(
  exchange: Exchange,
  apiKey: string,
  remoteAddress: string,
  now: UnixMs,
  isSigned: (secret: string) => boolean,
): Result<Credential, WireRefusal> {
  const credential = exchange.credential(apiKey);
  if (credential === null) return err(REFUSED.invalidKey);
  if (!isSigned(credential.apiSecret)) return err(REFUSED.signature);
  if (credential.expiresAt !== null && credential.expiresAt <= now) return err(REFUSED.expiredKey);
  if (credential.ips.length > 0 && !credential.ips.includes(plainAddress(remoteAddress))) return err(REFUSED.address);
  return ok(credential);
}

/** An IPv4 address that a dual-stack socket reports in its IPv6 form. */
const plainAddress = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

export const isLoopback = (address: string): boolean => {
  const plain = plainAddress(address);
  return plain === '::1' || plain.startsWith('127.');
};

/** `open`: any key may. `orders` and `positions` ask for the word of the request's category. */
export type Permission = 'open' | 'orders' | 'positions';

/** Null when the key may do it. A key that may only read is refused whatever writes. */
export function forbidden(
  credential: Credential,
  permission: Permission,
  writes: boolean,
  category: Category | null,
): WireRefusal | null {
  if (writes && credential.readOnly) return REFUSED.permission;
  if (permission === 'open' || category === null) return null;
  const [group, word] = wordFor(permission, category);
  return credential.permissions[group]?.includes(word) === true ? null : REFUSED.permission;
}

function wordFor(permission: 'orders' | 'positions', category: Category): readonly [group: string, word: string] {
  if (category === 'spot') return ['Spot', 'SpotTrade'];
  if (category === 'option') return ['Options', 'OptionsTrade'];
  return ['ContractTrade', permission === 'orders' ? 'Order' : 'Position'];
}
