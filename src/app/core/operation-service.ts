import type { Environment } from '../../contract/bybit.ts';
import type { PublicStatus, Readiness } from '../../contract/health.ts';
import type { OperationService as Contract } from '../../contract/service.ts';
import { isoTime } from '../../contract/time.ts';
import type { Gateway } from './gateway.ts';

/** Health of the instance, for load balancers and for people. */
export class OperationService implements Contract {
  readonly #gateway: Gateway;
  readonly #environment: Environment;
  readonly #version: string;
  readonly #startedAt: number;

  constructor(gateway: Gateway, environment: Environment, version: string) {
    this.#gateway = gateway;
    this.#environment = environment;
    this.#version = version;
    this.#startedAt = gateway.clock.now();
  }

  readiness(): Readiness {
    const reasons: Readiness['reasons'] = [];
    const unready = this.#gateway.notReady();
    if (this.#gateway.journalFailed) {
      const message = 'The journal cannot be written; free the disk and restart.';
      reasons.push({ component: 'journal', code: 'JOURNAL_UNAVAILABLE', message });
    } else if (unready !== null) {
      reasons.push({ component: 'recovery', code: 'NOT_READY', message: unready });
    }
    if (!this.#gateway.instrumentsKnown) {
      reasons.push({
        component: 'bybit',
        code: 'INSTRUMENTS_UNKNOWN',
        message: 'Its instruments could not be read yet; it is tried again.',
      });
    }
    for (const desk of this.#gateway.desks.values()) {
      if (desk.connection?.reconciler.wasReset === true) {
        const message =
          'Bybit no longer has executions that it told us of; check the account, then connect the key again.';
        reasons.push({ component: 'bybit', code: 'VENUE_RESET', message });
      }
      const stuck = desk.state.stuckChildren();
      if (stuck > 0) {
        const message = `${stuck} orders of an account have no outcome that can be proven; GET /bybit/status of that account and its orders tell which. A person has to decide.`;
        reasons.push({ component: 'orders', code: 'ORDERS_IN_DOUBT', message });
      }
      const health = desk.connection?.venue.health();
      if (health === undefined || health.ready) continue;
      reasons.push({
        component: 'bybit',
        code: 'CONNECTION_DOWN',
        message: health.reason ?? 'A connection is not ready.',
      });
    }
    return { ready: unready === null, reasons };
  }

  status(): PublicStatus {
    const { ready, reasons } = this.readiness();
    const now = this.#gateway.clock.now();
    return {
      state: !ready ? 'down' : reasons.length > 0 ? 'degraded' : 'operational',
      environment: this.#environment,
      version: this.#version,
      started_at: isoTime(this.#startedAt as typeof now),
      uptime_seconds: Math.floor((now - this.#startedAt) / 1000),
      incidents: [],
      links: [],
    };
  }
}
