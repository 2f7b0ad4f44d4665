import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Category, UnixMs } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Credential, Exchange } from '../../ports/exchange.ts';
import type { ServerRequest } from '../../ports/network.ts';
import { REFUSED, refused, type WireRefusal } from './refusals.ts';

/** HMAC-SHA256 of a text, in lower-case hexadecimal. Synchronous and without chance: the simulator runs it too. */
export type Sign = (secret: string, text: string) => string;
export const hmacSha256: Sign = (secret, text) => createHmac('sha256', secret).update(text).digest('hex');

/** Of what was signed a client is shown so much: enough to see what is wrong, and no echo of whatever is sent. */
const LONGEST_ECHO = 1_000;
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
  const retMsg = `${REFUSED.signature.retMsg} origin_string[${signed.slice(0, LONGEST_ECHO)}]`;
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

/**
 * What a key needs for an endpoint. `open`: any key may. `orders` and `positions` ask for the word of the request's
 * category, `spread` for that of futures: every combo has one. The others are words of `Wallet`: `members` any of those that a key for administration has, `transfer`
 * between an account's own wallets, `between_members` the word that a master's key has for it, or a sub-account's.
 */
export type Permission = 'open' | 'orders' | 'spread' | 'positions' | 'members' | 'transfer' | 'between_members';

const WALLET_WORDS: Readonly<Record<'members' | 'transfer', readonly string[]>> = {
  members: ['AccountTransfer', 'SubMemberTransfer', 'SubMemberTransferList', 'Withdraw'],
  transfer: ['AccountTransfer'],
};

/** Null when the key may do it. A key that may only read is refused whatever writes. */
export function forbidden(
  credential: Credential,
  permission: Permission,
  writes: boolean,
  category: Category | null,
  isMaster: (uid: string) => boolean,
): WireRefusal | null {
  if (writes && credential.readOnly) return REFUSED.permission;
  if (permission === 'open') return null;
  const needed = wordsFor(permission, category, () => isMaster(credential.uid));
  if (needed === null) return null;
  const has = credential.permissions[needed.group] ?? [];
  return needed.anyOf.some((word) => has.includes(word)) ? null : REFUSED.permission;
}

type Needed = Readonly<{ group: string; anyOf: readonly string[] }>;

/** Null where the request names no category: its parameters refuse it. */
function wordsFor(
  permission: Exclude<Permission, 'open'>,
  category: Category | null,
  isMaster: () => boolean,
): Needed | null {
  switch (permission) {
    case 'members':
    case 'transfer':
      return { group: 'Wallet', anyOf: WALLET_WORDS[permission] };
    case 'between_members':
      return { group: 'Wallet', anyOf: [isMaster() ? 'SubMemberTransfer' : 'SubMemberTransferList'] };
    case 'spread':
      return { group: 'ContractTrade', anyOf: ['Order'] };
    case 'orders':
    case 'positions':
      return category === null ? null : tradingWord(permission, category);
  }
}

function tradingWord(permission: 'orders' | 'positions', category: Category): Needed {
  if (category === 'spot') return { group: 'Spot', anyOf: ['SpotTrade'] };
  if (category === 'option') return { group: 'Options', anyOf: ['OptionsTrade'] };
  return { group: 'ContractTrade', anyOf: [permission === 'orders' ? 'Order' : 'Position'] };
}
