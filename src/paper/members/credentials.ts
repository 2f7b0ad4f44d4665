import type { UnixMs } from '../../domain/ids.ts';
import type { Credential } from '../../ports/exchange.ts';
import type { AccountConfig } from '../config/types.ts';
import type { StoredKey } from '../state/member-events.ts';
import type { PaperState } from '../state/state.ts';

/**
 * The keys that open the exchange: those of the configuration, as they were changed since, and those that were made
 * over the API. A key of a frozen account opens nothing.
 */
export class Credentials {
  readonly #configured: ReadonlyMap<string, Credential>;
  readonly #state: PaperState;
  /** Changes until the next start, by whoever controls the exchange; null: gone. */
  readonly #overrides = new Map<string, Credential | null>();

  constructor(accounts: readonly AccountConfig[], openedAt: UnixMs, state: PaperState) {
    this.#configured = new Map(accounts.map((account) => [account.apiKey, credentialOf(account, openedAt)]));
    this.#state = state;
  }

  get(apiKey: string): Credential | undefined {
    const key = this.#known(apiKey);
    return key !== undefined && this.#state.members.get(key.uid)?.frozen === true ? undefined : key;
  }

  has(apiKey: string): boolean {
    return this.#known(apiKey) !== undefined;
  }

  /** Oldest first; frozen ones included. */
  of(uid: string): readonly Credential[] {
    const names = new Set([...this.#configured.keys(), ...this.#state.keys.keys(), ...this.#overrides.keys()]);
    return [...names]
      .map((apiKey) => this.#known(apiKey))
      .filter((key): key is Credential => key !== undefined && key.uid === uid);
  }

  /** Until the next start only. */
  set(apiKey: string, credential: Credential): void {
    this.#overrides.set(apiKey, credential);
  }

  delete(apiKey: string): boolean {
    const was = this.has(apiKey);
    this.#overrides.set(apiKey, null);
    return was;
  }

  #known(apiKey: string): Credential | undefined {
    const override = this.#overrides.get(apiKey);
    if (override !== undefined) return override ?? undefined;
    if (this.#state.goneKeys.has(apiKey)) return undefined;
    const stored = this.#state.keys.get(apiKey);
    const configured = this.#configured.get(apiKey);
    return stored === undefined ? configured : whole(stored, configured);
  }
}

/** A stored change of a configured key; one whose configuration is gone opens nothing. */
function whole(stored: StoredKey, configured: Credential | undefined): Credential | undefined {
  const apiSecret = stored.apiSecret ?? configured?.apiSecret;
  return apiSecret === undefined ? undefined : { ...stored, apiSecret };
}

const credentialOf = (account: AccountConfig, createdAt: UnixMs): Credential => ({
  uid: account.uid,
  apiKey: account.apiKey,
  apiSecret: account.apiSecret,
  readOnly: account.readOnly,
  permissions: account.permissions,
  ips: account.ips,
  createdAt,
  expiresAt: null,
  note: account.note,
});
