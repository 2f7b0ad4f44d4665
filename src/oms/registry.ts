import type { AccountId, PartitionId, UnixMs, VenueId } from '../domain/ids.ts';
import type { InstrumentTermsRecord } from './registry-terms.ts';
import type { PartitionLogic } from '../kernel/partition.ts';
import type { KeyReport } from '../ports/venue-access.ts';

/** A stored key: the secret is sealed by the adapter that can open it; nothing here reads it. */
export type Connection = Readonly<{
  account: AccountId;
  venue: VenueId;
  /** First characters and last, for people. */
  keyId: string;
  sealed: string;
  report: KeyReport;
  connectedAt: UnixMs;
}>;

export type RegisteredAccount = Readonly<{
  id: AccountId;
  number: number;
  label: string;
  synthetic: boolean;
  createdAt: UnixMs;
}>;

export type RegistryEvent = Readonly<{ at: UnixMs }> &
  Readonly<
    | { type: 'account_registered'; account: AccountId; number: number; label: string; synthetic: boolean }
    /** Terms of the internal listing, for ever: the book's journal counts in them. */
    | { type: 'instrument_listed'; terms: InstrumentTermsRecord }
    | { type: 'connected'; connection: Connection }
    | { type: 'disconnected'; account: AccountId; venue: VenueId; actor: string }
    | { type: 'halted_all' | 'resumed_all'; actor: string }
  >;

/** `done` is answered once the event is durable. */
export type RegistryMessage = Readonly<{ event: RegistryEvent; replyTo: number }>;
export type RegistryOutput = Readonly<{ type: 'done'; to: number }>;

export type Halt = Readonly<{ active: boolean; at: UnixMs; actor: string }>;

/** What an instance knows besides orders and money: accounts, internal listings, connections, the global switch. */
export class RegistryLogic implements PartitionLogic<RegistryMessage, RegistryEvent, RegistryOutput> {
  readonly id = 'registry' as PartitionId;
  readonly accounts = new Map<AccountId, RegisteredAccount>();
  readonly listed = new Map<string, InstrumentTermsRecord>();
  readonly #connections = new Map<string, Connection>();
  halt: Halt | null = null;

  connection(account: AccountId, venue: VenueId): Connection | null {
    return this.#connections.get(`${account} ${venue}`) ?? null;
  }

  connections(): readonly Connection[] {
    return [...this.#connections.values()];
  }

  /** Account that uses a venue's account already; a venue's account belongs to one of ours at most. */
  ownerOf(venue: VenueId, uid: string): AccountId | null {
    return this.connections().find((one) => one.venue === venue && one.report.uid === uid)?.account ?? null;
  }

  nextNumber(): number {
    return this.accounts.size + 1;
  }

  decide(message: RegistryMessage, emit: (event: RegistryEvent) => void): readonly RegistryOutput[] {
    emit(message.event);
    return [{ type: 'done', to: message.replyTo }];
  }

  apply(event: RegistryEvent): void {
    switch (event.type) {
      case 'account_registered': {
        const { account: id, number, label, synthetic, at: createdAt } = event;
        this.accounts.set(id, { id, number, label, synthetic, createdAt });
        return;
      }
      case 'instrument_listed':
        this.listed.set(`${event.terms.category}:${event.terms.symbol}`, event.terms);
        return;
      case 'connected':
        this.#connections.set(`${event.connection.account} ${event.connection.venue}`, event.connection);
        return;
      case 'disconnected':
        this.#connections.delete(`${event.account} ${event.venue}`);
        return;
      case 'halted_all':
      case 'resumed_all':
        this.halt = { active: event.type === 'halted_all', at: event.at, actor: event.actor };
        return;
    }
  }
}
