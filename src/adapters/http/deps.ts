import type { GatewayService } from '../../contract/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Rng } from '../../ports/rng.ts';
import type { Digest, Passwords, Tokens } from './auth/tokens.ts';
import type { UserStore } from './auth/user-store.ts';
import type { HttpSettings } from './settings.ts';

/** Everything that the API stands on. All of it can be simulated. */
export type ApiDeps = Readonly<{
  service: GatewayService;
  users: UserStore;
  tokens: Tokens;
  passwords: Passwords;
  digest: Digest;
  clock: Clock;
  rng: Rng;
  log: Log;
  settings: HttpSettings;
  /** Told of an error that cannot happen (`InvariantError`): the process should stop. The client gets a 500. */
  onBug(error: unknown): void;
}>;
