import type { KillSwitchRequest, KillSwitchState } from '../../contract/accounts.ts';
import { refusal } from '../../contract/errors.ts';
import type { Answer, Caller, RiskService as Contract } from '../../contract/service.ts';
import { isoTime } from '../../contract/time.ts';
import { err, ok } from '../../domain/result.ts';
import type { Desk } from './desk.ts';
import { JournalClosed } from '../../ports/journal.ts';
import type { Gateway } from './gateway.ts';

/** A kill that still has orders after this long raises an alarm. */
const RESIDUE_AFTER_MS = 10_000;

/** The kill switches: of one account, and of the whole instance. */
export class RiskService implements Contract {
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Acts from memory when the journal is gone: nothing new leaves then anyway, and cancels still do. */
  #fromMemory(caller: Caller, request: KillSwitchRequest): number {
    if (!request.active || !request.cancelOrders) return 0;
    return this.#desksOf(caller, request).reduce((sum, desk) => sum + desk.effects.cancelFromMemory(), 0);
  }

  async killSwitch(caller: Caller, request: KillSwitchRequest): Answer<KillSwitchState> {
    const own = this.#gateway.desk(caller.account);
    if (own === null) return err(refusal('ACCOUNT_NOT_FOUND'));
    if (request.closePositions) {
      return err(refusal('NOT_SUPPORTED', { details: { field: 'close_positions', supported: [false] } }));
    }
    const stored = this.#gateway.journalFailed ? 0 : await this.#stored(own, caller, request);
    // The journal may have failed while the switch waited for it: what it decided then leaves from memory.
    const requested = this.#gateway.journalFailed ? this.#fromMemory(caller, request) : stored;
    if (request.active && request.cancelOrders) this.#watchResidue(caller, request);
    const at = this.#gateway.clock.now();
    const global = this.#gateway.registry.halt;
    return ok({
      active: own.state.halted || global?.active === true,
      account_active: own.state.halted,
      global_active: global?.active ?? false,
      cancels_requested: requested,
      durable: !this.#gateway.journalFailed,
      changed_at: isoTime(request.scope === 'global' ? (global?.at ?? at) : at),
      changed_by: request.scope === 'global' ? (global?.actor ?? caller.user) : caller.user,
    });
  }

  async #stored(own: Desk, caller: Caller, request: KillSwitchRequest): Promise<number> {
    if (request.scope !== 'global') return this.#account(own, caller, request);
    return this.#global(caller, request).catch((error: unknown) => {
      if (error instanceof JournalClosed) return 0;
      throw error;
    });
  }

  /** What a stop has not ended after a while is a person's to look at. */
  #watchResidue(caller: Caller, request: KillSwitchRequest): void {
    const since = this.#gateway.clock.now();
    this.#gateway.clock.after(RESIDUE_AFTER_MS, () => {
      for (const desk of this.#desksOf(caller, request)) {
        const before = [...desk.state.openChildren].filter((id) => desk.state.child(id).order.createdAt <= since);
        const left = before.length;
        if (left > 0)
          this.#gateway.world.log.error('alarm', { code: 'KILL_RESIDUE', account: desk.account.id, orders: left });
      }
    });
  }

  #desksOf(caller: Caller, { scope }: KillSwitchRequest): readonly Desk[] {
    const all = [...this.#gateway.desks.values()].filter((desk) => !desk.account.synthetic);
    return scope === 'global' ? all : all.filter((desk) => desk.account.id === caller.account);
  }

  /** The switch acts at once, before it is durable: orders that are about to leave are stopped by the same decision. */
  async #global(caller: Caller, request: KillSwitchRequest): Promise<number> {
    const at = this.#gateway.clock.now();
    const durable = this.#gateway.record({
      type: request.active ? 'halted_all' : 'resumed_all',
      at,
      actor: caller.user,
    });
    const desks = this.#desksOf(caller, request);
    const counts = await Promise.all(
      desks.map((desk) => (request.active && request.cancelOrders ? this.#cancelAll(desk, caller) : 0)),
    );
    await durable;
    return counts.reduce((sum, count) => sum + count, 0);
  }

  #cancelAll(desk: Desk, caller: Caller): Promise<number> {
    const at = this.#gateway.clock.now();
    return desk.effects.ask(
      (replyTo) => ({ type: 'cancel_all', at, instrument: null, actor: caller.user, replyTo }),
      (reply) => (reply.type === 'done' ? reply.orders.length : 0),
    );
  }

  #account(desk: Desk, caller: Caller, request: KillSwitchRequest): Promise<number> {
    const at = this.#gateway.clock.now();
    const { active, cancelOrders } = request;
    return desk.effects.ask(
      (replyTo) => ({ type: 'halt', at, active, cancelOrders, actor: caller.user, replyTo }),
      (reply) => (reply.type === 'done' ? reply.orders.length : 0),
    );
  }
}
