import type { Brand, UserId } from '../../../domain/ids.ts';
import type { Result } from '../../../domain/result.ts';
import type { SessionId } from './user-state.ts';

/** Who a valid access token speaks for. Roles are not in it: they are looked up, so that a change takes effect at once. */
export type AccessClaims = Readonly<{ user: UserId; session: SessionId; expiresAtS: number }>;

/** `expired` is told apart because the client can do something about it; everything else is one answer for all. */
export type TokenProblem = 'expired' | 'invalid';

export type AccessToken = Brand<string, 'AccessToken'>;

/**
 * Makes and reads the tokens of this gateway. Synchronous: the same code serves Fastify and the simulated network,
 * where nothing but microtasks may run between two events.
 */
export interface Tokens {
  /** Seconds that an access token lives, at most 900. */
  readonly accessLifeS: number;
  issueAccess(user: UserId, session: SessionId): string;
  readAccess(text: string): Result<AccessClaims, TokenProblem>;
  /** A refresh token names its session and its number in the chain, and cannot be made without the key. */
  issueRefresh(session: SessionId, generation: number): string;
  readRefresh(text: string): Readonly<{ session: SessionId; generation: number }> | null;
}

/** Makes and checks password hashes. Slow by design, so asynchronous: the real one computes off the event loop. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes the same time for a hash that nobody knows the password of. False also for a hash that it cannot read. */
  verify(password: string, hash: string): Promise<boolean>;
  /** A well-formed hash of no known password: checked when the user is unknown, so that timing tells nothing. */
  readonly decoy: string;
}

/** A short text that equal texts share and others practically never do (SHA-256 in the real adapter). */
export type Digest = (text: string) => string;
