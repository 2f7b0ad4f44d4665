import type { Gateway } from '../../src/app/core/gateway.ts';
import type { Order } from '../../src/contract/orders.ts';
import type { PrivatePush } from '../../src/contract/service.ts';
import { formatDecimal } from '../../src/domain/decimal.ts';
import { type AccountId, INTERNAL_VENUE, type Money } from '../../src/domain/ids.ts';
import { isFinal, leavesQty } from '../../src/domain/order.ts';
import { orderId } from '../../src/oms/child-id.ts';
import type { AccountState, Parent } from '../../src/oms/state.ts';
import type { ExchangeOrder } from '../../src/ports/exchange.ts';
import type { HttpClient } from '../../src/ports/network.ts';
import type { ProcessNetwork } from '../lib/sim-network.ts';
import { INSTANCE, PEOPLE } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { internalConservation } from './money.ts';
import { isOpen, type TrueOrder } from './venue-ledger.ts';

const LINK = new RegExp(`^okd${INSTANCE}-([0-9a-z]+)-([0-9a-z]+)-`);
type PushedChild = Order['children'][number];

/** Account number and parent sequence in an id that we gave; null when it is not ours. */
export function parseLink(link: string | null): Readonly<{ account: number; seq: number }> | null {
  const parts = LINK.exec(link ?? '');
  if (parts === null) return null;
  return { account: Number.parseInt(parts[1] as string, 36), seq: Number.parseInt(parts[2] as string, 36) };
}

/** The invariants that hold at every instant, looked at whenever something changed that they speak of. */
export class OnlineChecks {
  readonly #world: World;
  readonly #dirty = new Map<string, Readonly<{ account: number; seq: number }>>();
  /** Executions that followers were told of. */
  readonly #told = new Set<string>();
  /** Orders that left the gateway. */
  readonly #sent = new Set<string>();
  #moneyMoved = false;

  constructor(world: World) {
    this.#world = world;
    world.ledger.onOrder((one) => this.#venueOrder(one));
    world.hooks.gatewayBuilt.push((gateway) => gateway.pushes.onPush((push) => this.#push(gateway, push)));
    world.sim.clock.onStep(() => this.#afterStep());
    const { network } = world.hooks;
    world.hooks.network = (ground, process) => this.#watchOrders(network(ground, process));
  }

  /** V12: at the moment at which an order leaves, its account is not halted. */
  #watchOrders(network: ProcessNetwork): ProcessNetwork {
    const request: HttpClient['request'] = (sent) => {
      if (sent.url.endsWith('/v5/order/create')) this.#leaves(JSON.parse(sent.body ?? '{}').orderLinkId);
      return network.http.request(sent);
    };
    return { ...network, http: { request } };
  }

  #leaves(link: string): void {
    const at = parseLink(link);
    const desks = [...(this.#world.gatewayInside?.desks.values() ?? [])];
    const desk = desks.find(({ account }) => account.number === at?.account);
    if (desk === undefined) return;
    const { verdicts } = this.#world;
    verdicts.expect(
      'V2',
      `${link} sent`,
      !this.#sent.has(link),
      () => 'left twice: nobody repeats an order on its own',
    );
    this.#sent.add(link);
    verdicts.expect('V12', link, !desk.state.halted, () => 'left after the kill switch of its account was on');
  }

  /** The venue's truth changed: V2 one order per id, V5 nothing lives that we have ended. */
  #venueOrder({ uid, order }: TrueOrder): void {
    const at = parseLink(order.clientOrderId);
    if (at === null || order.clientOrderId === null) return;
    const { verdicts, ledger } = this.#world;
    const ids = ledger.byLink.get(order.clientOrderId) ?? new Set();
    verdicts.expect('V2', order.clientOrderId, ids.size === 1, () => `one venue order, there are ${[...ids]}`);
    this.#dirty.set(`${at.account}-${at.seq}`, at);
    const child = this.#stateOf(uid)?.children.get(order.clientOrderId as PushedId);
    if (child === undefined || !isOpen(order)) return;
    verdicts.expect('V5', order.clientOrderId, !isFinal(child.order.status), () => {
      return `works at the venue as ${order.orderId}, the gateway has ended it: ${child.order.status} ${child.order.reason}`;
    });
  }

  #stateOf(uid: string): AccountState | null {
    const account = PEOPLE.find((person) => person.uid === uid)?.account;
    return account === undefined ? null : (this.#world.gateway?.desk(account)?.state ?? null);
  }

  #push(gateway: Gateway, push: PrivatePush): void {
    if (push.channel === 'orders') for (const order of push.items) this.#order(gateway, push.account, order);
    if (push.channel === 'balances') this.#moneyMoved = true;
    if (push.channel !== 'executions') return;
    for (const one of push.items) {
      if (one.venue === INTERNAL_VENUE) continue;
      const { verdicts, ledger } = this.#world;
      const found = ledger.executions.get(one.id)?.execution;
      const equal = found !== undefined && found.qty === one.quantity && found.price === one.price;
      verdicts.expect('V6', one.id, equal, () => `an execution of the venue, it has ${found?.qty} @ ${found?.price}`);
      verdicts.expect('V6', `${one.id} again`, !this.#told.has(one.id), () => 'told once, was told twice');
      this.#told.add(one.id);
    }
  }

  /** What followers see of an order: no phantom, no false end, nothing beyond the venue's truth. */
  #order(gateway: Gateway, account: AccountId, order: Order): void {
    const desk = gateway.desk(account);
    const parent = desk?.state.parents.get(order.id as Parent['id']);
    if (desk !== null && parent !== undefined) {
      const { number } = desk.account;
      this.#dirty.set(`${number}-${parent.seq}`, { account: number, seq: parent.seq });
    }
    for (const child of order.children) {
      if (child.venue !== INTERNAL_VENUE) this.#child(child, this.#world.ledger.find(child.id));
    }
  }

  #child(child: PushedChild, truth: ExchangeOrder | null): void {
    const { verdicts } = this.#world;
    const lives = ['working', 'partially_filled', 'filled'].includes(child.status);
    if (lives) verdicts.expect('V3', child.id, truth !== null, () => `known to the venue, shown as ${child.status}`);
    const done = truth?.cumQty ?? 0n;
    verdicts.expect('V3', `${child.id} fills`, child.filled_quantity <= done, () => {
      return `at most ${formatDecimal(done as Money)} executed, shown ${formatDecimal(child.filled_quantity)}`;
    });
    if (['canceled', 'expired', 'rejected'].includes(child.status)) {
      verdicts.expect('V5', child.id, truth === null || !isOpen(truth), () => {
        return `open at the venue (${truth?.status}), shown as ${child.status} ${child.reason}`;
      });
    }
  }

  #afterStep(): void {
    if (this.#dirty.size === 0 && !this.#moneyMoved) return;
    const gateway = this.#world.gateway;
    if (gateway === null) return;
    for (const at of this.#dirty.values()) this.#exposure(gateway, at);
    this.#dirty.clear();
    internalConservation(gateway, this.#world.verdicts);
    this.#moneyMoved = false;
  }

  /** V10: filled and open on the venue's own ledger, with what the internal book has, is never more than was ordered. */
  #exposure(gateway: Gateway, { account, seq }: Readonly<{ account: number; seq: number }>): void {
    const desk = [...gateway.desks.values()].find((one) => one.account.number === account);
    const parent = desk?.state.parents.get(orderId(account, seq));
    if (desk === undefined || parent === undefined || parent.request.qty === null) return;
    let exposure = 0n;
    for (const child of desk.state.childrenOf(parent)) {
      if (child.order.venue === INTERNAL_VENUE) exposure += child.order.cumQty + leavesQty(child.order);
    }
    for (const ids of this.#linksOf(account, seq)) {
      for (const id of ids) exposure += exposureOf(this.#world.ledger.orders.get(id)?.order);
    }
    const { qty } = parent.request;
    this.#world.verdicts.expect('V10', parent.id, exposure <= qty, () => {
      return `at most ${formatDecimal(qty)} filled and open over all venues, there are ${formatDecimal(exposure as Money)}`;
    });
  }

  *#linksOf(account: number, seq: number): Generator<ReadonlySet<string>> {
    const prefix = `okd${INSTANCE}-${account.toString(36)}-${seq.toString(36)}-`;
    for (let n = 1; ; n += 1) {
      const link = `${prefix}${n.toString(36)}`;
      const ids = this.#world.ledger.byLink.get(link);
      if (ids === undefined && n > 8) return;
      if (ids !== undefined) yield ids;
    }
  }
}

type PushedId = Parameters<AccountState['child']>[0];

const exposureOf = (order: ExchangeOrder | undefined): bigint =>
  order === undefined ? 0n : isOpen(order) ? order.qty : order.cumQty;
