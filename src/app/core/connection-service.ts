import type { BybitStatus, BybitTest, ConnectRequest, Environment } from '../../contract/bybit.ts';
import { refusal } from '../../contract/errors.ts';
import type { Answer, Caller, ConnectionService as Contract } from '../../contract/service.ts';
import { isoTime } from '../../contract/time.ts';
import { err, ok } from '../../domain/result.ts';
import { inDoubt } from '../../oms/venue-facts.ts';
import type { KeyReport } from '../../ports/venue-access.ts';
import type { Gateway } from './gateway.ts';

/** What a key must not be able to do, or must; null when it may be stored. */
function keyProblem(report: KeyReport, allowTransfer: boolean): string | null {
  if (report.canWithdraw) return 'The key may withdraw or move money to others: make one that cannot.';
  if (report.readOnly) return 'The key is read-only: allow it to trade.';
  if (report.canTrade.length === 0) return 'The key may not trade: give it the Spot or Contract trading permissions.';
  if (report.canTransfer && !allowTransfer)
    return 'The key may transfer between accounts: remove that permission, or send allowTransfer: true.';
  return null;
}

const masked = (key: string): string =>
  key.length <= 8 ? `${key.slice(0, 2)}…` : `${key.slice(0, 4)}…${key.slice(-4)}`;

/** The account's key at the venue outside: checked live before it is stored, sealed, never shown again. */
export class ConnectionService implements Contract {
  readonly #gateway: Gateway;
  readonly #environment: Environment;

  constructor(gateway: Gateway, environment: Environment) {
    this.#gateway = gateway;
    this.#environment = environment;
  }

  async connect(caller: Caller, request: ConnectRequest): Answer<BybitStatus> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    if (request.environment !== null && request.environment !== this.#environment) {
      return err(
        refusal('ENVIRONMENT_MISMATCH', {
          details: { field: 'environment', instance: this.#environment, requested: request.environment },
        }),
      );
    }
    const { access, box } = this.#gateway.world;
    const key = { apiKey: request.apiKey, apiSecret: request.apiSecret };
    const checked = await access.check(key);
    if (!checked.ok) {
      const { code, venueCode, hint } = checked.error;
      if (code === 'UNREACHABLE') return err(refusal('VENUE_UNAVAILABLE', { message: hint }));
      return err(refusal('BYBIT_KEY_REFUSED', { message: hint, details: { reason: code, venue_code: venueCode } }));
    }
    const report = checked.value;
    const problem = keyProblem(report, request.allowTransfer);
    if (problem !== null)
      return err(refusal('BYBIT_KEY_REFUSED', { message: problem, details: { permissions: report.permissions } }));
    const owner = this.#gateway.registry.ownerOf(access.id, report.uid);
    if (owner !== null && owner !== caller.account) return err(refusal('BYBIT_UID_IN_USE'));
    const known = this.#gateway.registry.connection(caller.account, access.id);
    if (known !== null && known.report.uid !== report.uid && this.#openOrders(caller) > 0)
      return err(refusal('CONNECTION_IN_USE'));
    const at = this.#gateway.clock.now();
    const connection = {
      account: caller.account,
      venue: access.id,
      keyId: masked(key.apiKey),
      sealed: box.seal(key, caller.account),
      report,
      connectedAt: at,
    };
    await this.#gateway.record({ type: 'connected', at, connection });
    await this.#gateway.reopenConnection(caller.account);
    await desk.refresh(); // the next order may use what is there
    return this.status(caller);
  }

  #openOrders(caller: Caller): number {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return 0;
    return [...desk.state.openChildren].filter((id) => desk.state.child(id).order.venue === this.#gateway.external)
      .length;
  }

  #unknownOrders(caller: Caller): number {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return 0;
    return [...desk.state.openChildren].filter((id) => inDoubt(desk.state.child(id))).length;
  }

  async status(caller: Caller): Answer<BybitStatus> {
    const desk = this.#gateway.desk(caller.account);
    if (desk === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    const stored = this.#gateway.registry.connection(caller.account, this.#gateway.external);
    const open = desk.connection;
    const health = open?.venue.health();
    const report = stored?.report;
    return ok({
      connected: stored !== null,
      ready: health?.ready ?? false,
      environment: this.#environment,
      keyId: stored?.keyId ?? null,
      uid: report?.uid ?? null,
      permissions: [...(report?.permissions ?? [])],
      ipBound: report?.ipBound ?? null,
      keyExpiresAt: report?.expiresAt == null ? null : isoTime(report.expiresAt),
      connectedAt: stored === null ? null : isoTime(stored.connectedAt),
      lastReconciledAt: open?.reconciler.last == null ? null : isoTime(open.reconciler.last.at),
      clockSkewMs: open?.venue.clockSkewMs() ?? null,
      openOrders: this.#openOrders(caller),
      unknownOrders: this.#unknownOrders(caller),
      links: (open?.venue.links() ?? []).map((link) => ({
        ...link,
        lastMessageAt: link.lastMessageAt === null ? null : isoTime(link.lastMessageAt),
      })),
      hint: stored === null ? 'Connect a key at POST /bybit/connect.' : (health?.reason ?? null),
    });
  }

  async test(caller: Caller): Answer<BybitTest> {
    const connection = this.#gateway.desk(caller.account)?.connection ?? null;
    if (connection === null) return err(refusal('CONNECTION_NOT_FOUND'));
    const checks = await connection.venue.test();
    return ok({
      passed: checks.every(({ result }) => result !== 'failed'),
      checks: checks.map((check) => ({ ...check })),
    });
  }

  async disconnect(caller: Caller): Answer<BybitStatus> {
    const { external } = this.#gateway;
    if (this.#gateway.registry.connection(caller.account, external) === null)
      return err(refusal('CONNECTION_NOT_FOUND'));
    if (this.#openOrders(caller) > 0) return err(refusal('CONNECTION_IN_USE'));
    if (this.#gateway.journalFailed) return err(refusal('JOURNAL_UNAVAILABLE'));
    const at = this.#gateway.clock.now();
    const durable = this.#gateway.record({
      type: 'disconnected',
      at,
      account: caller.account,
      venue: external,
      actor: caller.user,
    });
    // Before anything is waited for: no order may take this venue after the check above.
    await Promise.all([durable, this.#gateway.desk(caller.account)?.disconnect()]);
    return this.status(caller);
  }
}
