import { type ApiError, refusal } from '../../../contract/errors.ts';
import type { UnixMs, UserId } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import type { Rng } from '../../../ports/rng.ts';
import { Lockout } from './lockout.ts';
import type { Passwords, Tokens } from './tokens.ts';
import { normalEmail, type SessionId } from './user-state.ts';
import type { UserStore } from './user-store.ts';

const DAY_MS = 86_400_000;
/** A session ends a week after its last refresh, and a month after its sign-in whatever happens. */
const IDLE_MS = 7 * DAY_MS;
const LONGEST_MS = 30 * DAY_MS;
/** Password checks at once: each takes memory and a thread; it also bounds the guesses that slip through in parallel. */
const MAX_CHECKING = 16;

export type SessionDeps = Readonly<{
  users: UserStore;
  tokens: Tokens;
  passwords: Passwords;
  clock: Clock;
  rng: Rng;
  log: Log;
}>;
export type Opened = Readonly<{
  session: SessionId;
  accessToken: string;
  refreshToken: string;
  expiresInS: number;
  refreshExpiresAt: UnixMs;
}>;

/** Signing in, staying signed in, signing out. */
export class Sessions {
  readonly #deps: SessionDeps;
  readonly #lockout: Lockout;
  #checking = 0;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#lockout = new Lockout(deps.clock);
  }

  /** The same answer, after the same work, for a wrong password, an unknown and a disabled user. */
  async login(address: string, password: string, remote: string): Promise<Result<Opened, ApiError>> {
    const { users, passwords, log } = this.#deps;
    const email = normalEmail(address);
    const retryAfterMs = this.#lockout.waitMs(email, remote);
    if (retryAfterMs > 0) return err(refusal('TOO_MANY_ATTEMPTS', { retryAfterMs }));
    if (this.#checking >= MAX_CHECKING) return err(refusal('RATE_LIMITED', { retryAfterMs: 1000 }));
    const user = users.userByEmail(email);
    this.#checking += 1;
    const matches = await passwords.verify(password, user?.passwordHash ?? passwords.decoy).finally(() => {
      this.#checking -= 1;
    });
    const current = user === null ? null : users.user(user.id);
    if (!matches || current === null || current.disabled || current.passwordHash !== user?.passwordHash) {
      this.#lockout.failed(email, remote);
      log.warn('sign-in failed', { remote });
      return err(refusal('LOGIN_FAILED'));
    }
    this.#lockout.succeeded(email, remote);
    return ok(await this.open(current.id));
  }

  /** Opens a session without a password: for the local administrator, whose right is the file that the caller could read. */
  async open(user: UserId): Promise<Opened> {
    const { users, clock, rng } = this.#deps;
    const session = Buffer.from(rng.bytes(16)).toString('base64url') as SessionId;
    const at = clock.now();
    const expiresAt = (at + IDLE_MS) as UnixMs;
    await users.record({ type: 'session_opened', at, session, user, expiresAt });
    return this.#opened(user, session, 1, expiresAt);
  }

  /** Each refresh token works once. One that was used before ends the session: two parties hold it. */
  async refresh(token: string): Promise<Result<Opened, ApiError>> {
    const { users, tokens, clock, log } = this.#deps;
    const read = tokens.readRefresh(token);
    const session = read === null ? null : users.session(read.session);
    const at = clock.now();
    if (read === null || session === null || session.expiresAt <= at || read.generation > session.generation) {
      return err(refusal('REFRESH_TOKEN_INVALID'));
    }
    if (read.generation < session.generation) {
      log.warn('a used refresh token was presented; the session is closed', { user: session.user });
      await users.record({ type: 'session_closed', at, session: session.id, reason: 'refresh_token_reused' });
      return err(refusal('SESSION_REVOKED'));
    }
    const user = users.user(session.user);
    if (user === null || user.disabled) return err(refusal('REFRESH_TOKEN_INVALID'));
    const generation = session.generation + 1;
    const expiresAt = Math.min(at + IDLE_MS, session.openedAt + LONGEST_MS) as UnixMs;
    await users.record({ type: 'session_refreshed', at, session: session.id, generation, expiresAt });
    return ok(this.#opened(session.user, session.id, generation, expiresAt));
  }

  /** Signs out; a session that is over already is fine. */
  async close(session: SessionId): Promise<void> {
    if (this.#deps.users.session(session) === null) return;
    await this.#deps.users.record({
      type: 'session_closed',
      at: this.#deps.clock.now(),
      session,
      reason: 'signed_out',
    });
  }

  #opened(user: UserId, session: SessionId, generation: number, refreshExpiresAt: UnixMs): Opened {
    const { tokens } = this.#deps;
    return {
      session,
      accessToken: tokens.issueAccess(user, session),
      refreshToken: tokens.issueRefresh(session, generation),
      expiresInS: tokens.accessLifeS,
      refreshExpiresAt,
    };
  }
}
