import type { Order } from '../../contract/orders.ts';
import type { PrivatePush, PushItems, PushService } from '../../contract/service.ts';
import type { MarketChannel, PrivateChannel } from '../../contract/ws.ts';
import type { AccountId, InstrumentId } from '../../domain/ids.ts';
import type { AccountOutput } from '../../oms/messages.ts';
import type { Desk } from './desk.ts';
import type { GatewayParts } from './parts.ts';
import { executionView, executionViews, orderView } from './order-view.ts';
import { balanceViews, currentPositions, positionView } from './wallet-view.ts';

type Change = Extract<AccountOutput, { type: 'changed' }>;
/** What followers of an account have been shown. */
type Shown = {
  orders: Map<string, Order>;
  executions: PushItems['executions'][];
  balances: PushItems['balances'][];
  positions: PushItems['positions'][];
};

const KEPT_EXECUTIONS = 100;

/** Tells followers what happened, in order, and only once it is durable. */
export class Pushes implements PushService {
  readonly #gateway: GatewayParts;
  readonly #shown = new Map<AccountId, Shown>();
  readonly #listeners: ((push: PrivatePush) => void)[] = [];
  readonly #marketListeners: ((instrument: InstrumentId, channel: MarketChannel) => void)[] = [];

  constructor(gateway: GatewayParts) {
    this.#gateway = gateway;
  }

  onPush(listener: (push: PrivatePush) => void): void {
    this.#listeners.push(listener);
  }

  onMarket(listener: (instrument: InstrumentId, channel: MarketChannel) => void): void {
    this.#marketListeners.push(listener);
    const { internalFeed, world } = this.#gateway;
    for (const feed of [internalFeed, world.access.feed]) {
      feed.onEvent((event) => {
        if (event.type === 'book') listener(event.instrument, 'orderbook');
        else listener(event.type === 'trade' ? event.trade.instrument : event.instrument, 'ticker');
      });
    }
  }

  snapshot<C extends PrivateChannel>(account: AccountId, channel: C): readonly PushItems[C][] {
    const shown = this.#of(account);
    const items =
      channel === 'orders' ? [...shown.orders.values()] : shown[channel as Exclude<PrivateChannel, 'orders'>];
    return items as unknown as readonly PushItems[C][];
  }

  #of(account: AccountId): Shown {
    const known = this.#shown.get(account);
    if (known !== undefined) return known;
    const desk = this.#gateway.desk(account);
    const shown: Shown = { orders: new Map(), executions: [], balances: [], positions: [] };
    if (desk !== null) this.#fill(desk, shown);
    this.#shown.set(account, shown);
    return shown;
  }

  #fill(desk: Desk, shown: Shown): void {
    for (const id of desk.state.openParents) shown.orders.set(id, this.#order(desk, id));
    shown.balances = this.#balances(desk);
    shown.positions = this.#positions(desk);
    for (const parent of desk.state.parents.values()) {
      for (const child of desk.state.childrenOf(parent)) shown.executions.push(...executionViews(parent, child));
    }
    shown.executions.sort((a, b) => (a.executed_at < b.executed_at ? -1 : Number(a.executed_at > b.executed_at)));
    shown.executions.splice(0, shown.executions.length - KEPT_EXECUTIONS);
  }

  #order(desk: Desk, id: Parameters<Desk['state']['parent']>[0]): Order {
    const parent = desk.state.parent(id);
    return orderView(desk.state, parent);
  }

  #positions(desk: Desk) {
    const { world, external } = this.#gateway;
    return currentPositions(desk, world.access.feed).map((row) => positionView(row, external));
  }

  #balances(desk: Desk) {
    return balanceViews(desk, this.#gateway.external, this.#gateway.clock.now());
  }

  /** Reads what changed now; what it returns shows it to the followers. Nobody follows market agents. */
  changed(desk: Desk, change: Change): () => void {
    if (desk.account.synthetic) return () => {};
    const orders = change.orders.map((id) => this.#order(desk, id));
    const executions = change.executions.map(({ child: id, index }) => {
      const child = desk.state.child(id);
      return executionView(desk.state.parent(child.parent), child, index);
    });
    const balances = change.balances ? this.#balances(desk) : [];
    return () =>
      this.#show(
        desk,
        orders,
        executions.filter((one) => one !== null),
        balances,
      );
  }

  #show(
    desk: Desk,
    orders: readonly Order[],
    executions: PushItems['executions'][],
    balances: PushItems['balances'][],
  ): void {
    const shown = this.#of(desk.account.id);
    for (const order of orders) {
      if (['filled', 'canceled', 'rejected', 'expired'].includes(order.status)) shown.orders.delete(order.id);
      else shown.orders.set(order.id, order);
    }
    // A first look may have filled the list with them already.
    const known = new Set(shown.executions.map(({ id, venue }) => `${venue} ${id}`));
    shown.executions.push(...executions.filter(({ id, venue }) => !known.has(`${venue} ${id}`)));
    shown.executions.splice(0, shown.executions.length - KEPT_EXECUTIONS);
    if (balances.length > 0) shown.balances = balances;
    this.#tell(desk, 'orders', orders);
    this.#tell(desk, 'executions', executions);
    this.#tell(desk, 'balances', balances);
  }

  venueChanged(desk: Desk, what: 'balances' | 'positions'): void {
    if (desk.account.synthetic) return;
    const balances = this.#balances(desk);
    const positions = this.#positions(desk);
    this.#gateway.journal.whenDurable(() => {
      const shown = this.#of(desk.account.id);
      if (what === 'balances') shown.balances = balances;
      else shown.positions = positions;
      if (what === 'balances') this.#tell(desk, 'balances', balances);
      else this.#tell(desk, 'positions', positions);
    });
  }

  #tell<C extends PrivateChannel>(desk: Desk, channel: C, items: readonly PushItems[C][]): void {
    if (items.length === 0) return;
    const push = { channel, account: desk.account.id, at: this.#gateway.clock.now(), items } as PrivatePush;
    for (const listener of this.#listeners) listener(push);
  }
}
