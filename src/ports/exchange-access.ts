import type { UnixMs } from '../domain/ids.ts';

export type Credential = Readonly<{
  uid: string;
  apiKey: string;
  apiSecret: string;
  readOnly: boolean;
  /** Bybit's groups and words, e.g. `{ Spot: ['SpotTrade'], ContractTrade: ['Order', 'Position'] }`. */
  permissions: Readonly<Record<string, readonly string[]>>;
  /** Addresses it may be used from; empty means any. */
  ips: readonly string[];
  createdAt: UnixMs;
  expiresAt: UnixMs | null;
  note: string;
}>;
