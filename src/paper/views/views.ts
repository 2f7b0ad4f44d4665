import type { InstrumentId } from '../../domain/ids.ts';
import type {
  ExchangeExecution,
  ExchangeOrder,
  OrderFilter,
  RecordKind,
  RecordOf,
  TimeRange,
} from '../../ports/exchange.ts';
import type { UnixMs } from '../../domain/ids.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { categoryOf } from '../desk/decision.ts';
import { isOfKind, matches } from '../desk/find.ts';
import { SpreadHistory } from '../spread/history.ts';
import { applyChange, type Change } from '../state/changes.ts';
import { type AccountFacts, accountOf, newAccount } from '../state/state.ts';
import { AccountRecords } from './account-records.ts';
import { History, historyKey } from './history.ts';

/** What the queries read: the same facts as the decisions', once they are durable. */
export class Views {
  readonly accounts = new Map<string, AccountFacts>();
  readonly #histories = new Map<string, History>();
  readonly #records = new Map<string, AccountRecords>();
  readonly #spreads = new Map<string, SpreadHistory>();
  readonly #instruments: ReadonlyMap<InstrumentId, PaperInstrument>;
  readonly #maxHistory: number;

  constructor(instruments: ReadonlyMap<InstrumentId, PaperInstrument>, maxHistory: number) {
    this.#instruments = instruments;
    this.#maxHistory = maxHistory;
  }

  apply(changes: readonly Change[], recovering = false): void {
    for (const change of changes) {
      applyChange(this.#account(change.uid), change);
      if (change.type === 'order') {
        this.#history(change.uid, change.facts.order.instrument).putOrder(change.facts.order, recovering);
      }
      if (change.type === 'spread_order' || change.type === 'spread_execution') this.spreads(change.uid).take(change);
      if (change.type === 'record') this.#recordsOf(change.uid).put(change.record);
      if (change.type === 'execution') {
        this.#history(change.uid, change.execution.instrument).putExecution(change.execution);
      }
    }
  }

  clear(): void {
    this.accounts.clear();
    this.#histories.clear();
    this.#records.clear();
    this.#spreads.clear();
  }

  account(uid: string): AccountFacts {
    return accountOf(this.accounts, uid);
  }

  /** Fault injection: nothing closed recently any more; null: in all accounts. */
  forgetClosed(uid: string | null): void {
    for (const [key, history] of this.#histories) {
      if (uid === null || key.startsWith(`${uid}/`)) history.forgetRecent();
    }
  }

  openOrders(uid: string, filter: OrderFilter): readonly ExchangeOrder[] {
    return [...this.account(uid).open.values()]
      .map((facts) => facts.order)
      .filter((order) => isOfKind(order, filter) && this.#matches(order, filter))
      .reverse();
  }

  recentlyClosed(uid: string, filter: OrderFilter): readonly ExchangeOrder[] {
    const history = this.#histories.get(historyKey(uid, filter.category));
    return (history?.recentlyClosed() ?? []).filter((order) => isOfKind(order, filter) && this.#matches(order, filter));
  }

  orderHistory(uid: string, filter: OrderFilter & TimeRange, now: UnixMs): readonly ExchangeOrder[] {
    const history = this.#histories.get(historyKey(uid, filter.category));
    return (history?.orders(now) ?? []).filter(
      (order) =>
        order.createdAt >= filter.from &&
        order.createdAt <= filter.to &&
        isOfKind(order, filter) &&
        this.#matches(order, filter),
    );
  }

  executions(uid: string, filter: OrderFilter & TimeRange): readonly ExchangeExecution[] {
    const history = this.#histories.get(historyKey(uid, filter.category));
    return (history?.executions() ?? []).filter(
      (execution) => execution.at >= filter.from && execution.at <= filter.to && this.#matches(execution, filter),
    );
  }

  records<K extends RecordKind>(uid: string, kind: K, range: TimeRange): readonly RecordOf<K>[] {
    return this.#records.get(uid)?.list(kind, range) ?? [];
  }

  /** Orders and executions of combos. */
  spreads(uid: string): SpreadHistory {
    let history = this.#spreads.get(uid);
    if (history === undefined) this.#spreads.set(uid, (history = new SpreadHistory(this.#maxHistory)));
    return history;
  }

  /** Every record that is kept, by account. */
  allRecords(): ReadonlyMap<string, AccountRecords> {
    return this.#records;
  }

  /** Everything that is kept, by account and category. */
  histories(): ReadonlyMap<string, History> {
    return this.#histories;
  }

  #matches(order: Pick<ExchangeOrder, 'instrument' | 'orderId' | 'clientOrderId'>, filter: OrderFilter): boolean {
    const instrument = this.#instruments.get(order.instrument);
    // What is not listed any more is not shown: nobody could say what its numbers mean.
    return instrument !== undefined && matches(order, filter, instrument);
  }

  #account(uid: string): AccountFacts {
    let account = this.accounts.get(uid);
    if (account === undefined) this.accounts.set(uid, (account = newAccount(uid)));
    return account;
  }

  #recordsOf(uid: string): AccountRecords {
    let records = this.#records.get(uid);
    if (records === undefined) this.#records.set(uid, (records = new AccountRecords(this.#maxHistory)));
    return records;
  }

  #history(uid: string, instrument: InstrumentId): History {
    const key = historyKey(uid, categoryOf(instrument));
    let history = this.#histories.get(key);
    if (history === undefined) this.#histories.set(key, (history = new History(this.#maxHistory)));
    return history;
  }
}
