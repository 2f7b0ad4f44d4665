import type { Role } from '../../../contract/auth.ts';
import type { AccountId, Brand, UnixMs, UserId } from '../../../domain/ids.ts';

/** One sign-in: a chain of refresh tokens of which only the latest works. */
export type SessionId = Brand<string, 'SessionId'>;

export type User = Readonly<{
  id: UserId;
  /** As `normalEmail` spells it. */
  email: string;
  /** As the `Passwords` made it; never the password. */
  passwordHash: string;
  administrator: boolean;
  disabled: boolean;
  /** In the order in which they were granted: the first is the default account. */
  accounts: ReadonlyMap<AccountId, Role>;
}>;

export type Session = Readonly<{
  id: SessionId;
  user: UserId;
  /** Number of the refresh token that works; an older one that turns up was stolen or copied. */
  generation: number;
  openedAt: UnixMs;
  /** Pushed forward by every refresh, up to the longest life. */
  expiresAt: UnixMs;
}>;

/** Facts about users and sessions; whoever stores them replays them. No event holds a secret but a password's hash. */
export type AuthEvent = Readonly<{ at: UnixMs }> &
  Readonly<
    | { type: 'user_created'; user: UserId; email: string; passwordHash: string; administrator: boolean }
    | { type: 'password_changed'; user: UserId; passwordHash: string }
    | { type: 'user_disabled' | 'user_enabled'; user: UserId }
    | { type: 'role_granted'; user: UserId; account: AccountId; role: Role }
    | { type: 'role_revoked'; user: UserId; account: AccountId }
    | { type: 'session_opened'; session: SessionId; user: UserId; expiresAt: UnixMs }
    | { type: 'session_refreshed'; session: SessionId; generation: number; expiresAt: UnixMs }
    | {
        type: 'session_closed';
        session: SessionId;
        reason: 'signed_out' | 'refresh_token_reused' | 'closed_by_administrator';
      }
  >;

export class UserState {
  readonly users = new Map<UserId, User>();
  readonly sessions = new Map<SessionId, Session>();
  readonly #byEmail = new Map<string, UserId>();

  byEmail(email: string): User | null {
    const id = this.#byEmail.get(normalEmail(email));
    return id === undefined ? null : (this.users.get(id) ?? null);
  }

  /** Total: an event about an unknown user or session changes nothing, so that replays of cut logs cannot fail. */
  apply(event: AuthEvent): void {
    switch (event.type) {
      case 'user_created':
        return this.#create(event);
      case 'session_opened':
        this.#dropExpired(event.at);
        this.sessions.set(event.session, newSession(event));
        return;
      case 'session_refreshed': {
        const session = this.sessions.get(event.session);
        if (session !== undefined) {
          this.sessions.set(event.session, { ...session, generation: event.generation, expiresAt: event.expiresAt });
        }
        return;
      }
      case 'session_closed':
        this.sessions.delete(event.session);
        return;
      default:
        return this.#change(event);
    }
  }

  #create(event: AuthEvent & { type: 'user_created' }): void {
    const { user: id, passwordHash, administrator } = event;
    const email = normalEmail(event.email);
    this.users.set(id, { id, email, passwordHash, administrator, disabled: false, accounts: new Map() });
    this.#byEmail.set(email, id);
  }

  #change(
    event: Extract<
      AuthEvent,
      { type: 'password_changed' | 'user_disabled' | 'user_enabled' | 'role_granted' | 'role_revoked' }
    >,
  ): void {
    const user = this.users.get(event.user);
    if (user === undefined) return;
    const accounts = new Map(user.accounts);
    if (event.type === 'role_granted') accounts.set(event.account, event.role);
    if (event.type === 'role_revoked') accounts.delete(event.account);
    const disabled = event.type === 'user_disabled' || (user.disabled && event.type !== 'user_enabled');
    const passwordHash = event.type === 'password_changed' ? event.passwordHash : user.passwordHash;
    this.users.set(user.id, { ...user, accounts, disabled, passwordHash });
    if (event.type === 'password_changed' || event.type === 'user_disabled') this.#dropSessionsOf(user.id);
  }

  #dropSessionsOf(user: UserId): void {
    for (const session of this.sessions.values()) if (session.user === user) this.sessions.delete(session.id);
  }

  #dropExpired(now: UnixMs): void {
    for (const session of this.sessions.values()) if (session.expiresAt <= now) this.sessions.delete(session.id);
  }
}

/** One spelling per address: case and compatibility forms do not make another user. */
export const normalEmail = (email: string): string => email.normalize('NFKC').toLowerCase();

const newSession = (event: AuthEvent & { type: 'session_opened' }): Session => ({
  id: event.session,
  user: event.user,
  generation: 1,
  openedAt: event.at,
  expiresAt: event.expiresAt,
});
