import { ZERO } from '../../../../domain/decimal.ts';
import { unreachable } from '../../../../domain/result.ts';
import type { PlatformEvent } from '../../../../clearing/platform.ts';
import { decodeText } from '../../../../kernel/codec.ts';
import type { RegistryEvent } from '../../../../oms/registry.ts';
import { PLATFORM_ACCOUNT } from '../../../../ports/records.ts';
import type { Fold } from './fold.ts';
import { Ledger } from './ledger.ts';
import type { Storage } from './storage.ts';

/** Partition `platform`: the fees that arrived there. */
export class PlatformFold implements Fold {
  readonly account = PLATFORM_ACCOUNT;
  readonly #ledger: Ledger;

  constructor(storage: Storage) {
    this.#ledger = new Ledger(storage, PLATFORM_ACCOUNT);
  }

  take(seq: number, text: string): void {
    const { at, from, n, asset, amount } = decodeText(text) as PlatformEvent;
    const reference = `${from}-${n}`;
    this.#ledger.post(
      { seq, at, reference },
      { asset, total: amount, held: ZERO, cause: 'fee', contra: `account:${from}` },
    );
  }

  save(): void {
    this.#ledger.save();
  }
}

/** Partition `registry`: what was done to the instance. Sealed keys stay in the journal. */
export class RegistryFold implements Fold {
  readonly account = null;
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  take(seq: number, text: string): void {
    const event = decodeText(text) as RegistryEvent;
    const { at, type } = event;
    this.#storage.audit.insert({ partition: 'registry', seq, at, type, ...said(event) });
  }

  save(): void {}
}

function said(event: RegistryEvent): { account: string | null; actor: string | null; text: string } {
  switch (event.type) {
    case 'account_registered':
      return { account: event.account, actor: null, text: `number ${event.number}, ${event.label}` };
    case 'instrument_listed':
      return { account: null, actor: null, text: `${event.terms.category}:${event.terms.symbol}` };
    case 'connected':
      return {
        account: event.connection.account,
        actor: null,
        text: `${event.connection.venue}, key ${event.connection.keyId}`,
      };
    case 'disconnected':
      return { account: event.account, actor: event.actor, text: event.venue };
    case 'halted_all':
    case 'resumed_all':
      return { account: null, actor: event.actor, text: '' };
    default:
      return unreachable(event);
  }
}
