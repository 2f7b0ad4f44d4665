import type { InstrumentId } from '../domain/ids.ts';
import { ok } from '../domain/result.ts';
import type { AccountConfig, CategoryFees } from './config/types.ts';
import { type Controlled, failed } from './control-error.ts';
import type { Core } from './core.ts';
import type { Credentials } from './members/credentials.ts';
import { openingDeposits } from './opening.ts';
import { isHouse, settingsOf } from './state/state.ts';

/** Accounts that come while the exchange runs; all of it is journalled. */
export interface AccountControl {
  /** A new account with its key, its balances and, where they are given, fees of its own. */
  open(account: AccountConfig): Promise<Controlled<void>>;
  /** A further key of an account; balances and fees are not looked at. */
  addKey(account: AccountConfig): Promise<Controlled<void>>;
  /** Fees of one account from now on. */
  setFees(uid: string, fees: CategoryFees): Promise<Controlled<void>>;
  feesOf(uid: string): CategoryFees | null;
  /** How many orders may work at once; resolves with how many it were. Until the next start. */
  setCap(maxOpenOrders: number): number;
  /** Position mode of a contract, whatever is open there. */
  setMode(uid: string, instrument: InstrumentId, hedged: boolean): Promise<Controlled<void>>;
}

type Parts = Readonly<{
  core: Core;
  credentials: Credentials;
  fees: CategoryFees;
  configured: readonly AccountConfig[];
}>;

export function accountControl({ core, credentials, fees, configured }: Parts): AccountControl {
  const { state } = core.desk;
  const exists = (uid: string): boolean => state.accounts.has(uid);
  const keyOf = (account: AccountConfig) => {
    const { uid, apiKey, apiSecret, readOnly, permissions, ips, note } = account;
    return { uid, apiKey, apiSecret, readOnly, permissions, ips, note, createdAt: core.now(), expiresAt: null };
  };
  return {
    async open(account) {
      const { uid, apiKey } = account;
      if (exists(uid) || isHouse(uid)) return failed('THERE_ALREADY', `there is an account ${uid}`);
      if (credentials.has(apiKey)) return failed('THERE_ALREADY', `the key ${apiKey} is used`);
      const { durable } = core.decide((decision) => {
        for (const event of openingDeposits(state, [account], decision.at)) decision.emit(event);
        decision.emit({ type: 'key_set', at: decision.at, key: keyOf(account) });
        if (account.fees !== null) decision.emit({ type: 'fees_set', at: decision.at, uid, fees: account.fees });
      });
      await durable;
      return ok(undefined);
    },
    async addKey(account) {
      if (!exists(account.uid) || isHouse(account.uid)) return failed('NOT_FOUND', `no account ${account.uid}`);
      if (credentials.has(account.apiKey)) return failed('THERE_ALREADY', `the key ${account.apiKey} is used`);
      await core.decide((decision) => decision.emit({ type: 'key_set', at: decision.at, key: keyOf(account) })).durable;
      return ok(undefined);
    },
    async setFees(uid, rates) {
      if (!exists(uid) || isHouse(uid)) return failed('NOT_FOUND', `no account ${uid}`);
      await core.decide((decision) => decision.emit({ type: 'fees_set', at: decision.at, uid, fees: rates })).durable;
      return ok(undefined);
    },
    setCap(maxOpenOrders) {
      const options = core.desk.options as { maxOpenOrders: number };
      const before = options.maxOpenOrders;
      options.maxOpenOrders = maxOpenOrders;
      return before;
    },
    async setMode(uid, instrument, hedged) {
      if (!exists(uid) || isHouse(uid)) return failed('NOT_FOUND', `no account ${uid}`);
      const current = settingsOf(state, uid);
      const settings = { ...current, hedged: { ...current.hedged, [instrument]: hedged } };
      await core.decide((decision) => decision.emit({ type: 'settings_set', at: decision.at, uid, settings })).durable;
      return ok(undefined);
    },
    feesOf: (uid) =>
      exists(uid) ? (state.userFees.get(uid) ?? configured.find((one) => one.uid === uid)?.fees ?? fees) : null,
  };
}
