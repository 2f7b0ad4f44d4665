import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Digest, Passwords } from './tokens.ts';

/** Memory in KiB and passes; OWASP's first choice for argon2id (19 MiB, 2 passes, 1 lane). */
export type PasswordCost = Readonly<{ memoryKib: number; passes: number }>;
export const DEFAULT_COST: PasswordCost = { memoryKib: 19_456, passes: 2 };

const TAG_BYTES = 32;
const SALT_BYTES = 16;
/** PHC string format. The bounds keep a tampered record from asking for gigabytes. */
const PHC = /^\$argon2id\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=1\$([A-Za-z0-9+/]{16,64})\$([A-Za-z0-9+/]{22,128})$/;
const MAX_MEMORY_KIB = 1_048_576;

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

function derive(password: string, salt: Uint8Array, cost: PasswordCost, bytes: number): Promise<Buffer> {
  const parameters = {
    message: password.normalize('NFKC'),
    nonce: salt,
    parallelism: 1,
    tagLength: bytes,
    memory: cost.memoryKib,
    passes: cost.passes,
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)));
  });
}

const phc = (cost: PasswordCost, salt: Uint8Array, tag: Uint8Array): string =>
  `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=1$${unpadded(salt)}$${unpadded(tag)}`;

/** argon2id of `node:crypto`, computed in the thread pool. */
export function argonPasswords(cost: PasswordCost = DEFAULT_COST): Passwords {
  return {
    decoy: phc(cost, randomBytes(SALT_BYTES), randomBytes(TAG_BYTES)),
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      return phc(cost, salt, await derive(password, salt, cost, TAG_BYTES));
    },
    verify: async (password, hash) => {
      const [, memory = '', passes = '', salt = '', tag = ''] = PHC.exec(hash) ?? [];
      const stored = { memoryKib: Number(memory), passes: Number(passes) };
      if (tag === '' || stored.memoryKib < 8 || stored.memoryKib > MAX_MEMORY_KIB || stored.passes < 1) return false;
      const expected = Buffer.from(tag, 'base64');
      return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), stored, expected.length), expected);
    },
  };
}

export const sha256: Digest = (text) => createHash('sha256').update(text).digest('base64url');
