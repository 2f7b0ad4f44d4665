import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jwtTokens, type SessionId, type Tokens, type UserStore } from '../../adapters/http/index.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import type { UnixMs, UserId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Credentials, openCredentials, readPrivate, writePrivate } from '../credentials.ts';
import { CommandError, EXIT } from '../exit.ts';
import { administrator } from './first-start.ts';

/**
 * The local administrator proves who they are by being able to read the data directory: a session of theirs is kept
 * open there, and `okd token` makes access tokens for it. Whoever can read these files can read the journal too.
 */
const FILE = 'local.json';
type LocalSession = Readonly<{ user: UserId; session: SessionId; issuer: string; url: string }>;

const SESSION = 'local-administrator' as SessionId;
const FAR: UnixMs = 253_402_300_799_000 as UnixMs;

export const tokensOf = (credentials: Credentials, issuer: string, clock: Clock): Tokens =>
  jwtTokens({
    keys: [{ id: credentials.tokenKeyId, algorithm: 'HS256', secret: Buffer.from(credentials.tokenSecret, 'base64') }],
    refreshSecret: Buffer.from(credentials.refreshSecret, 'base64'),
    issuer,
    clock,
  });

/** Opens the local administrator's session, and says in the data directory where the gateway runs. */
export async function openLocalSession(
  dir: string,
  users: UserStore,
  issuer: string,
  url: string,
  clock: Clock,
): Promise<void> {
  if (users.session(SESSION) === null) {
    await users.record({
      type: 'session_opened',
      at: clock.now(),
      session: SESSION,
      user: administrator,
      expiresAt: FAR,
    });
  }
  const local: LocalSession = { user: administrator, session: SESSION, issuer, url };
  writePrivate(join(dir, FILE), local);
}

/** Whether an instance in this directory has ever got as far as being ready. */
export const wasStarted = (dir: string): boolean => existsSync(join(dir, FILE));

/** An access token for the local administrator, good for 15 minutes. */
export function localToken(dir: string): string {
  if (!wasStarted(dir)) {
    throw new CommandError(
      'NO_INSTANCE',
      `${dir} holds no instance that was ever started; name its directory with --data`,
      EXIT.authentication,
    );
  }
  const local = readPrivate<LocalSession>(join(dir, FILE));
  return tokensOf(openCredentials(dir), local.issuer, systemClock({ keepAlive: false })).issueAccess(
    local.user,
    local.session,
  );
}
