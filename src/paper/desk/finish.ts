import type { AssetId, InstrumentId } from '../../domain/ids.ts';
import type { ExchangeExecution, ExchangeOrder, ExchangePosition, PrivateEvent } from '../../ports/exchange.ts';
import { exchangePosition } from '../views/positions.ts';
import { type AccountRisk, accountRisk } from '../money/account-risk.ts';
import { watchRisk } from '../money/risk-watch.ts';
import { watchSpreads } from '../spread/watch.ts';
import { accountOf, isHouse, positionOf } from '../state/state.ts';
import type { Decision } from './decision.ts';
import { attachExits, syncExits } from './exits.ts';
import { fireDue } from './fire.ts';
import { indexesOf } from './position-mode.ts';
import { trimReduceOnly } from './reduce-only.ts';

/**
 * Ends a decision: what its changes entail, the books that changed, and what its accounts are told. `live` is false
 * where nobody trades: what waits is not looked at before the exchange is open.
 */
export function finish(decision: Decision, live = true): readonly PrivateEvent[] {
  followUp(decision, live);
  for (const market of decision.desk.markets.values()) decision.collectBook(market);
  for (const market of decision.desk.spreads.all()) decision.collectSpreadBook(market);
  return notices(decision);
}

/** Orders that changes of positions cut, those that prices trigger, and what these change in turn. */
function followUp(decision: Decision, live: boolean): void {
  for (let again = true; again; ) {
    for (const { uid, market } of decision.takeTouched()) {
      trimReduceOnly(decision, uid, market);
      syncExits(decision, uid, market);
    }
    // What prices trigger comes before the ways out of what has just been filled: those prices were before them.
    const fired = live && fireDue(decision);
    const attached = attachExits(decision);
    const balanced = live && watchSpreads(decision);
    again = attached || fired || balanced || (live && watchRisk(decision));
  }
}

/** What one account is told of one decision. */
type Notice = {
  /** Orders that were triggered, as they were for that moment. */
  readonly triggered: ExchangeOrder[];
  /** Orders that traded on arrival, as they were before. */
  readonly arrived: ExchangeOrder[];
  readonly executions: ExchangeExecution[];
  /** Orders as the decision left them. */
  readonly orders: Map<string, ExchangeOrder>;
  readonly contracts: Set<InstrumentId>;
  readonly coins: Set<AssetId>;
};

const newNotice = (): Notice => ({
  triggered: [],
  arrived: [],
  executions: [],
  orders: new Map(),
  contracts: new Set(),
  coins: new Set(),
});

/** Order (as it came), executions, order (as it is now), position, wallet: section 20 of the working reference. */
function notices(decision: Decision): readonly PrivateEvent[] {
  const byUid = collect(decision);
  const events: PrivateEvent[] = [];
  const { at } = decision;
  for (const [uid, notice] of byUid) {
    if (notice.triggered.length > 0) events.push({ uid, at, type: 'order', orders: notice.triggered });
    if (notice.arrived.length > 0) events.push({ uid, at, type: 'order', orders: notice.arrived });
    if (notice.executions.length > 0) events.push({ uid, at, type: 'execution', executions: notice.executions });
    if (notice.orders.size > 0) events.push({ uid, at, type: 'order', orders: [...notice.orders.values()] });
    const positions = positionsOf(decision, uid, notice);
    if (positions.length > 0) events.push({ uid, at, type: 'position', positions });
    if (notice.coins.size > 0) events.push({ uid, at, type: 'wallet', coins: [...notice.coins] });
  }
  return events;
}

function collect(decision: Decision): ReadonlyMap<string, Notice> {
  const byUid = new Map<string, Notice>();
  const { markets } = decision.desk;
  const contract = (notice: Notice, id: InstrumentId): void => {
    const instrument = markets.get(id)?.instrument;
    if (instrument === undefined || instrument.contract === null) return;
    notice.contracts.add(id);
    notice.coins.add(instrument.settle);
  };
  for (const change of decision.changes) {
    if (isHouse(change.uid)) continue;
    let notice = byUid.get(change.uid);
    if (notice === undefined) byUid.set(change.uid, (notice = newNotice()));
    if (change.type === 'coin') notice.coins.add(change.asset);
    else if (change.type === 'position') contract(notice, change.facts.instrument);
    else if (change.type === 'order') {
      const { order } = change.facts;
      if (order.status === 'untriggered' && decision.unheard.has(order.orderId)) continue;
      if (order.status === 'new' && decision.triggered.delete(order.orderId)) {
        notice.triggered.push({ ...order, status: 'triggered' });
      }
      notice.orders.set(change.facts.order.orderId, change.facts.order);
      contract(notice, change.facts.order.instrument);
    } else if (change.type === 'execution') {
      const { execution } = change;
      const before = notice.orders.get(execution.orderId);
      if (before !== undefined && decision.arrived.delete(before.orderId)) notice.arrived.push(before);
      notice.executions.push(execution);
    }
  }
  return byUid;
}

function positionsOf(decision: Decision, uid: string, notice: Notice): readonly ExchangePosition[] {
  const { risk, markets, state } = decision.desk;
  const account = accountOf(state.accounts, uid);
  let whole: AccountRisk | null = null;
  return [...notice.contracts].flatMap((id) => {
    const instrument = markets.get(id)?.instrument;
    if (instrument === undefined) return [];
    return indexesOf(account.settings.current, instrument).map((idx) => {
      if (whole === null && positionOf(account, id, idx).size !== 0n) whole = accountRisk(risk, account);
      return exchangePosition(risk, account, instrument, idx, whole);
    });
  });
}
