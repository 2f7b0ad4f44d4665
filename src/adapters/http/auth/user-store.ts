import type { UserId } from '../../../domain/ids.ts';
import { type AuthEvent, type Session, type SessionId, type User, UserState } from './user-state.ts';

/** Users and sessions as the server needs them. Reads come from memory. */
export interface UserStore {
  userByEmail(email: string): User | null;
  user(id: UserId): User | null;
  /** Null when it never was, was closed, or its user was disabled. */
  session(id: SessionId): Session | null;
  /** Takes effect at once, in the same turn; resolves when durable. Rejects when it cannot be stored. */
  record(event: AuthEvent): Promise<void>;
  /** Told after an event took effect, so that a revoked session also ends on open sockets. */
  onChange(listener: (event: AuthEvent) => void): void;
}

/**
 * A store over any durable log: `append` writes one event and resolves when it is durable. At start-up the owner
 * replays what the log holds.
 */
export function eventedUserStore(
  append: (event: AuthEvent) => Promise<void>,
  past: Iterable<AuthEvent> = [],
): UserStore {
  const state = new UserState();
  const listeners: ((event: AuthEvent) => void)[] = [];
  for (const event of past) state.apply(event);
  return {
    userByEmail: (email) => state.byEmail(email),
    user: (id) => state.users.get(id) ?? null,
    session: (id) => state.sessions.get(id) ?? null,
    record: (event) => {
      const durable = append(event);
      state.apply(event);
      for (const listener of listeners) listener(event);
      return durable;
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

/** Without a log: for tests and simulations. */
export const memoryUserStore = (past: Iterable<AuthEvent> = []): UserStore =>
  eventedUserStore(() => Promise.resolve(), past);
