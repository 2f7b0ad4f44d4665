import { randomBytes } from 'node:crypto';
import { argonPasswords, type Passwords } from '../adapters/http/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import { journalledUsers } from './core/users.ts';
import { CommandError } from './exit.ts';
import { wasStarted } from './serve/local-token.ts';
import { withStopped } from './stopped.ts';

const PASSWORD_BYTES = 12;

export type Reset = Readonly<{ dir: string; email: string; clock: Clock; passwords?: Passwords }>;

/**
 * Gives a user of an instance that does not run a made password, and ends every session of theirs. Who may do that is
 * who can write the data directory. Resolves with the password when the change is durable; it is kept nowhere.
 */
export function resetPassword({ dir, email, clock, passwords = argonPasswords() }: Reset): Promise<string> {
  return withStopped(dir, async (journal) => {
    const users = journalledUsers(journal);
    const user = users.userByEmail(email);
    if (user === null) throw new CommandError('USER_NOT_FOUND', `the instance in ${dir} has no user ${email}`);
    if (!wasStarted(dir)) {
      throw new CommandError('NO_INSTANCE', `${dir} was never started to its end: the next start shows a password`);
    }
    const password = randomBytes(PASSWORD_BYTES).toString('base64url');
    const passwordHash = await passwords.hash(password);
    const recorded = users.record({ type: 'password_changed', at: clock.now(), user: user.id, passwordHash });
    await Promise.race([recorded, failureOf(journal)]);
    return password;
  });
}

/** Rejects when nothing can be written any more: what waits to be durable then waits for ever. */
const failureOf = (journal: Journal): Promise<never> =>
  new Promise((_resolve, reject) => {
    journal.onFailure(reject);
  });
