import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AccountConfig, makeAccount } from '../../paper/index.ts';
import type { Rng } from '../../ports/rng.ts';
import { CredentialError, readPrivate, writePrivate } from '../credentials.ts';
import { CommandError } from '../exit.ts';

const UID = '1001';
const FILE = 'paper-account.json';

type StoredKey = Readonly<{ uid: string; apiKey: string; apiSecret: string }>;

/** The account of an exchange that was given none. */
export type MadeAccount = Readonly<{
  account: AccountConfig;
  /** Its secret has never been told. */
  isNew: boolean;
  /** Where the key is kept for the next start; null where nothing outlives the process. */
  file: string | null;
  /** Keeps it: once the exchange is open, so that a start that fails has not used up the one telling. */
  keep(): void;
}>;

/** Makes the account, or finds it in the data directory. Throws CommandError where others may read the file. */
export function madeAccount(dataDir: string | null, rng: Rng): MadeAccount {
  const made = makeAccount(rng, UID);
  const file = dataDir === null ? null : join(dataDir, FILE);
  const known = file === null ? null : knownKey(file);
  if (known !== null) return { account: { ...made, ...known }, isNew: false, file, keep: () => {} };
  const { uid, apiKey, apiSecret } = made;
  const keep = (): void => {
    if (file !== null) writePrivate(file, { uid, apiKey, apiSecret } satisfies StoredKey);
  };
  return { account: made, isNew: true, file, keep };
}

function knownKey(file: string): StoredKey | null {
  if (!existsSync(file)) return null;
  try {
    return readPrivate<StoredKey>(file);
  } catch (error) {
    if (error instanceof CredentialError) throw new CommandError(error.code, error.message);
    throw new CommandError('CREDENTIALS_UNREADABLE', `${file}: ${error instanceof Error ? error.message : error}`);
  }
}
