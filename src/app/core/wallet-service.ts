import { refusal } from '../../contract/errors.ts';
import type { Answer, Caller, WalletService as Contract } from '../../contract/service.ts';
import type { InstrumentFilter } from '../../contract/market.ts';
import { isoTime } from '../../contract/time.ts';
import type { Balance, ConsolidatedBalance, ConsolidatedPositions, SyncReport } from '../../contract/wallet.ts';
import { splitInstrumentId } from '../../domain/ids.ts';
import { err, ok } from '../../domain/result.ts';
import type { Gateway } from './gateway.ts';
import { balanceViews, consolidatedBalance, positionsView } from './wallet-view.ts';

/** Balances and positions over both venues. */
export class WalletService implements Contract {
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  async consolidated(caller: Caller): Answer<ConsolidatedBalance> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    return this.#gateway.durable(ok(consolidatedBalance(desk)));
  }

  async balances(caller: Caller): Answer<readonly Balance[]> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    return this.#gateway.durable(ok(balanceViews(desk, this.#gateway.external, this.#gateway.clock.now())));
  }

  async positions(
    caller: Caller,
    filter: Pick<InstrumentFilter, 'symbol' | 'category'>,
  ): Answer<ConsolidatedPositions> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    const view = positionsView(desk, this.#gateway.world.access.feed, this.#gateway.external, ({ instrument }) => {
      const { category, symbol } = splitInstrumentId(instrument);
      return (
        (filter.symbol === null || filter.symbol === symbol) &&
        (filter.category === null || filter.category === category)
      );
    });
    return this.#gateway.durable(ok(view));
  }

  /** Compares executions, open orders, balances and positions with the venue now; what was missed is booked from its facts. */
  async syncBybit(caller: Caller): Answer<SyncReport> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    if (desk.connection === null) return err(refusal('CONNECTION_NOT_FOUND'));
    const startedAt = this.#gateway.clock.now();
    const report = await desk.connection.reconciler.runNow();
    const refreshed = await desk.refresh();
    if (report === null || !refreshed) return err(refusal('VENUE_UNAVAILABLE'));
    const drift: SyncReport['drift'] = [];
    if (report.missed > 0) {
      const explanation = `${report.missed} executions had not arrived by the stream; they were booked from the venue's list.`;
      drift.push({
        kind: 'missing_fill',
        subject: 'executions',
        ours: null,
        venues: null,
        repaired: true,
        explanation,
      });
    }
    if (report.missing > 0) {
      const explanation = `${report.missing} working orders are not on the venue's list; each is asked for by its id.`;
      drift.push({ kind: 'order', subject: 'open orders', ours: null, venues: null, repaired: false, explanation });
    }
    const value: SyncReport = {
      venue: this.#gateway.external,
      started_at: isoTime(startedAt),
      finished_at: isoTime(this.#gateway.clock.now()),
      orders_checked: report.orders,
      executions_checked: report.executions,
      drift,
    };
    return this.#gateway.durable(ok(value));
  }
}
