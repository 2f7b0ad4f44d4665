import { formatDecimal } from '../../src/domain/decimal.ts';
import { INTERNAL_VENUE, type Money, type PartitionId } from '../../src/domain/ids.ts';
import { isFinal } from '../../src/domain/order.ts';
import { decodeText } from '../../src/kernel/codec.ts';
import { AccountLogic } from '../../src/oms/account.ts';
import type { AccountEvent } from '../../src/oms/events.ts';
import type { Child } from '../../src/oms/child.ts';
import type { AccountState } from '../../src/oms/state.ts';
import { inDoubt } from '../../src/oms/venue-facts.ts';
import { INSTANCE, PEOPLE, type Person } from '../world/settings.ts';
import type { Trader } from '../world/trader.ts';
import type { World } from '../world/world.ts';
import type { ClientView } from './client-view.ts';
import { venueMoney } from './money.ts';
import { isOpen } from './venue-ledger.ts';

const decoder = new TextDecoder();

/** One account as its journal on disk tells it, with nothing of the process that wrote it. */
function durableState(
  world: World,
  person: Person,
): Readonly<{ state: AccountState; events: readonly AccountEvent[] }> {
  const partition = `account:${person.account}` as PartitionId;
  const logic = new AccountLogic(partition, INSTANCE);
  const events = world.sim
    .disk('gateway')
    .records(partition)
    .map((record) => decodeText(decoder.decode(record)) as AccountEvent);
  for (const event of events) logic.apply(event);
  return { state: logic.state, events };
}

/** A minute after everything has healed: whatever was in doubt is known, and both sides tell the same story. */
export class SettledChecks {
  readonly #world: World;
  readonly #traders: readonly Trader[];
  readonly #view: ClientView;

  constructor(world: World, traders: readonly Trader[], view: ClientView) {
    this.#world = world;
    this.#traders = traders;
    this.#view = view;
  }

  /** Acknowledged orders are there (V16): after every start of the gateway. */
  survived(): void {
    for (const trader of this.#traders) {
      const desk = this.#world.desk(trader.client.person);
      for (const { order, clientOrderId } of trader.issued) {
        if (order === null || desk === null) continue;
        const known = desk.state.parents.get(order as never);
        this.#world.verdicts.expect('V16', order, known?.request.clientOrderId === clientOrderId, () => {
          return `acknowledged as ${clientOrderId}, the gateway has ${known?.request.clientOrderId ?? 'nothing'}`;
        });
      }
    }
  }

  /** `allOver`: every order was asked to end, so none may live. */
  check(allOver: boolean): void {
    for (const person of PEOPLE) this.#account(person, allOver);
    this.survived();
    this.#synced();
    const leaks = this.#world.paper?.leaks() ?? [];
    this.#world.verdicts.expect('V9', 'paper', leaks.length === 0, () =>
      JSON.stringify(leaks, (_k, v) => (typeof v === 'bigint' ? `${v}` : v)),
    );
    if (allOver) this.#lostOrders();
  }

  #synced(): void {
    for (const { account, connection } of this.#world.gateway?.desks.values() ?? []) {
      if (connection === null) continue;
      const { ready, reason } = connection.venue.health();
      this.#world.verdicts.expect('V19', `${account.id} link`, ready, () => `a minute after healing: ${reason}`);
    }
  }

  #account(person: Person, allOver: boolean): void {
    const { verdicts } = this.#world;
    const { state, events } = durableState(this.#world, person);
    this.#clientOrders(person, state, events);
    for (const child of state.children.values()) {
      this.#inDoubt(child);
      if (child.order.venue !== INTERNAL_VENUE) this.#againstVenue(child);
    }
    for (const parent of state.parents.values()) {
      if (!allOver) continue;
      verdicts.expect('V4', parent.id, parent.closed !== null, () => 'ended a while after it was canceled, is open');
    }
    if (allOver)
      for (const [asset, { held }] of state.balances.entries()) {
        verdicts.expect(
          'V4',
          `${person.account} held ${asset}`,
          held === 0n,
          () => `nothing works, ${formatDecimal(held)} is held`,
        );
      }
    const truth = this.#world.paper?.groundTruth().accounts.find(({ uid }) => uid === person.uid);
    if (truth !== undefined) venueMoney(state, truth, person, verdicts);
  }

  /** V2 and V16 on disk: one order per client id, none that was refused, none that shrank. */
  #clientOrders(person: Person, state: AccountState, events: readonly AccountEvent[]): void {
    const { verdicts } = this.#world;
    const accepted = new Map<string, number>();
    for (const event of events) {
      const id = event.type === 'order_accepted' ? event.request.clientOrderId : null;
      if (id !== null) accepted.set(id, (accepted.get(id) ?? 0) + 1);
    }
    for (const [id, times] of accepted)
      verdicts.expect('V2', id, times === 1, () => `accepted once, was ${times} times`);
    const trader = this.#traders.find(({ client }) => client.person === person);
    for (const { clientOrderId, refused } of trader?.issued ?? []) {
      if (refused === null) continue;
      verdicts.expect(
        'V3',
        clientOrderId,
        !accepted.has(clientOrderId),
        () => `refused (${refused}), and there all the same`,
      );
    }
    for (const [id, { order: seen }] of this.#view.last()) {
      const parent = state.parents.get(id as never);
      if (parent === undefined) continue;
      const done = state.childrenOf(parent).reduce((sum, { order }) => sum + order.cumQty, 0n);
      const shown = BigInt(Math.round(Number(seen.filled_quantity) * 1e8));
      verdicts.expect(
        'V16',
        `${id} filled`,
        done / 10n ** 10n >= shown,
        () => `a client was shown ${seen.filled_quantity}`,
      );
    }
  }

  #inDoubt(child: Child): void {
    const { order, executions } = child;
    const { verdicts, alarms } = this.#world;
    const id = order.clientOrderId;
    const reported = order.certainty === 'quarantined' && alarms.some((alarm) => alarm.includes(id));
    const settled =
      !inDoubt(child) && (order.inFlight === 'none' || isFinal(order.status)) && order.status !== 'pending';
    verdicts.expect('V4', id, settled || reported, () => {
      return `known a minute after healing, is ${order.status}, ${order.certainty}, in flight: ${order.inFlight}, closing ${child.closing !== null}`;
    });
    const sum = executions.reduce((total, { qty }) => total + qty, 0n);
    verdicts.expect(
      'V8',
      id,
      sum === order.cumQty,
      () => `${formatDecimal(order.cumQty)} executed, executions of ${formatDecimal(sum as Money)}`,
    );
  }

  #againstVenue({ order, executions }: Child): void {
    const { verdicts, ledger } = this.#world;
    const id = order.clientOrderId;
    const truth = ledger.find(id);
    const lives = order.status === 'working' || order.status === 'filled' || order.cumQty > 0n;
    verdicts.expect('V3', id, truth !== null || !lives, () => `${order.status}, and unknown to the venue`);
    if (truth === null) return;
    verdicts.expect('V8', `${id} venue`, truth.cumQty === order.cumQty, () => {
      return `the venue executed ${formatDecimal(truth.cumQty)}, the gateway has ${formatDecimal(order.cumQty)}`;
    });
    verdicts.expect(
      'V5',
      id,
      isOpen(truth) !== isFinal(order.status),
      () => `${truth.status} at the venue, ${order.status} here`,
    );
    const known = new Set<string>(executions.map(({ execId }) => execId));
    verdicts.expect('V6', id, known.size === executions.length, () => 'an execution is booked twice');
    for (const [execId, { execution }] of ledger.executions) {
      if (execution.orderId !== truth.orderId) continue;
      verdicts.expect('V6', execId, known.has(execId), () => `an execution of ${id} at the venue, unknown here`);
    }
  }

  /** V1: nothing with our prefix works, or has traded, at the venue without our knowing. */
  #lostOrders(): void {
    const { verdicts, ledger, gateway } = this.#world;
    for (const { uid, order } of ledger.orders.values()) {
      const person = PEOPLE.find((one) => one.uid === uid);
      if (person === undefined || order.clientOrderId === null) continue;
      const known = gateway?.desk(person.account)?.state.children.get(order.clientOrderId as never);
      verdicts.expect(
        'V1',
        order.clientOrderId,
        known !== undefined,
        () => `${order.status} at the venue, unknown to the gateway`,
      );
    }
  }
}
