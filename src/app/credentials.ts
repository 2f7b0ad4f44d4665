import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AccountId } from '../domain/ids.ts';
import type { SecretBox } from './core/secret-box.ts';

/**
 * Keys of one instance, in a file of the data directory that only its owner may read: the key-encryption key for stored
 * venue keys, the keys of the tokens, and the local administrator's session. It stays outside of the database, so that
 * a copy of the journal holds no usable secret.
 */
export type Credentials = Readonly<{
  version: 1;
  box: string;
  tokenKeyId: string;
  tokenSecret: string;
  refreshSecret: string;
  /** Key of the built-in paper exchange's account. */
  paper: Readonly<{ apiKey: string; apiSecret: string }>;
}>;

export class CredentialError extends Error {
  override readonly name = 'CredentialError';
  readonly code = 'CREDENTIALS_UNSAFE';
}

const FILE = 'credentials.json';
const SECRET_BYTES = 32;

const fresh = (): Credentials => ({
  version: 1,
  box: randomBytes(SECRET_BYTES).toString('base64'),
  tokenKeyId: randomBytes(6).toString('hex'),
  tokenSecret: randomBytes(SECRET_BYTES).toString('base64'),
  refreshSecret: randomBytes(SECRET_BYTES).toString('base64'),
  paper: { apiKey: randomBytes(9).toString('hex'), apiSecret: randomBytes(18).toString('hex') },
});

/** Reads the instance's keys, or makes them at the first start. Refuses a file that others may read. */
export function openCredentials(dir: string): Credentials {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, FILE);
  if (!existsSync(path)) writePrivate(path, fresh());
  return readPrivate<Credentials>(path);
}

/** Writes a file that only its owner can read, whole or not at all. */
export function writePrivate(path: string, content: unknown): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

export function readPrivate<T>(path: string): T {
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new CredentialError(
      `${path} can be read by others: run chmod 600 on it, and change the keys in it if others had access`,
    );
  }
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a data key per secret, itself sealed by the instance's key; the account id is authenticated with
 * both, so that a row copied to another account does not open (NIST SP 800-38D).
 */
export function secretBox(credentials: Credentials): SecretBox {
  const master = Buffer.from(credentials.box, 'base64');
  return {
    seal: (key, account) => {
      const dataKey = randomBytes(SECRET_BYTES);
      const wrapped = encrypt(master, dataKey, account);
      const sealed = encrypt(dataKey, Buffer.from(JSON.stringify(key)), account);
      return `v1.${wrapped.toString('base64')}.${sealed.toString('base64')}`;
    },
    open: (sealed, account) => {
      const [version, wrapped = '', secret = ''] = sealed.split('.');
      const dataKey = version === 'v1' ? decrypt(master, Buffer.from(wrapped, 'base64'), account) : null;
      const plain = dataKey === null ? null : decrypt(dataKey, Buffer.from(secret, 'base64'), account);
      return plain === null ? null : JSON.parse(plain.toString('utf8'));
    },
  };
}

function encrypt(key: Buffer, plain: Buffer, account: AccountId): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(account));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Null when it was changed, or sealed with another key or for another account. */
function decrypt(key: Buffer, sealed: Buffer, account: AccountId): Buffer | null {
  if (sealed.length < IV_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES)).setAAD(Buffer.from(account));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error;
    return null; // the authentication tag does not fit
  }
}
