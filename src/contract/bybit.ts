import * as z from 'zod';
import { count, isoTimeField, oneOf, words, yes } from './answers.ts';
import { flag, optional, strict, text, word } from './fields.ts';

/** The Bybit connection of an account. This family speaks camelCase. */
export const ENVIRONMENTS = ['mainnet', 'testnet', 'demo', 'paper'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

const KEY = { max: 128, pattern: /^[\x21-\x7e]+$/, allowed: '1 to 128 printable ASCII characters without spaces' };
export const connectBody = strict({
  apiKey: text(KEY, 'key of the Bybit API'),
  apiSecret: text(KEY, 'its secret; stored encrypted, never shown again'),
  environment: optional(word(ENVIRONMENTS, "the instance's by default; another one is refused")),
  allowTransfer: optional(flag('accept a key that may transfer between own accounts')),
}).meta({ id: 'ConnectRequest' });

/** The live check happens before anything is stored. */
export type ConnectRequest = Readonly<{
  apiKey: string;
  apiSecret: string;
  environment: Environment | null;
  allowTransfer: boolean;
}>;

const link = z
  .object({
    name: oneOf(['rest', 'publicStream', 'privateStream', 'tradeSocket'], 'which link'),
    state: oneOf(['up', 'down', 'connecting', 'not_available'], 'state'),
    latencyMs: count('last round trip').nullable(),
    lastMessageAt: isoTimeField('last message').nullable(),
    hint: words('what to do when it is down').nullable(),
  })
  .meta({ id: 'BybitLink' });

export const bybitStatus = z
  .object({
    connected: yes('a key is stored'),
    ready: yes('new orders may be sent'),
    environment: oneOf(ENVIRONMENTS, "the instance's environment"),
    keyId: words('masked key').nullable(),
    uid: words('Bybit UID').nullable(),
    permissions: z.array(words('permission')),
    ipBound: yes('the key works from fixed addresses only').nullable(),
    keyExpiresAt: isoTimeField('when the key expires').nullable(),
    connectedAt: isoTimeField('since when').nullable(),
    lastReconciledAt: isoTimeField('last complete comparison').nullable(),
    clockSkewMs: count("Bybit's clock minus ours").nullable(),
    openOrders: count('orders working there'),
    unknownOrders: count('orders whose state is not proven'),
    links: z.array(link),
    hint: words('what to do when it is not ready').nullable(),
  })
  .meta({ id: 'BybitStatus' });
export type BybitStatus = z.infer<typeof bybitStatus>;

export const bybitTest = z
  .object({
    passed: yes('no check failed'),
    checks: z.array(
      z.object({
        name: oneOf(['restTime', 'signedRead', 'privateStream', 'tradeSocket', 'publicStream'], 'what was tried'),
        result: oneOf(['ok', 'failed', 'not_available'], 'not_available: the environment has none'),
        latencyMs: count('round trip').nullable(),
        hint: words('permissions, IP allow-list, rate limit or connectivity').nullable(),
      }),
    ),
  })
  .meta({ id: 'BybitTest' });
export type BybitTest = z.infer<typeof bybitTest>;
