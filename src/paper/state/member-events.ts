import type { UnixMs } from '../../domain/ids.ts';
import type { Credential, Member } from '../../ports/exchange.ts';

/** What happens to users and keys. */
export type MemberEvent = Readonly<
  | { type: 'member_created'; at: UnixMs; member: Member }
  | { type: 'member_frozen'; at: UnixMs; uid: string; frozen: boolean }
  /** Its account stays, with what it has; its keys go. */
  | { type: 'member_deleted'; at: UnixMs; uid: string }
  /** A key that was made here, or what was changed of one that the configuration names. */
  | { type: 'key_set'; at: UnixMs; key: StoredKey }
  | { type: 'key_deleted'; at: UnixMs; apiKey: string; uid: string }
>;

/** `apiSecret` null: the configuration has it. */
export type StoredKey = Omit<Credential, 'apiSecret'> & Readonly<{ apiSecret: string | null }>;
