import { type AuthEvent, eventedUserStore, type UserStore } from '../../adapters/http/index.ts';
import type { PartitionId } from '../../domain/ids.ts';
import { decodeText, encodeText } from '../../kernel/codec.ts';
import type { Journal } from '../../ports/journal.ts';

const PARTITION = 'users' as PartitionId;

/** Users and sessions, kept in the instance's journal like everything else that must survive. */
export function journalledUsers(journal: Journal): UserStore {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const past = [...journal.read(PARTITION, 1)].map(({ payload }) => decodeText(decoder.decode(payload)) as AuthEvent);
  const append = (event: AuthEvent): Promise<void> => {
    journal.append(PARTITION, [encoder.encode(encodeText(event))]);
    return new Promise((resolve) => {
      journal.whenDurable(resolve);
    });
  };
  return eventedUserStore(append, past);
}
