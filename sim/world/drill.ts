import { formatDecimal, ZERO } from '../../src/domain/decimal.ts';
import type { Money } from '../../src/domain/ids.ts';
import type { ExchangeOrder } from '../../src/ports/exchange.ts';
import { isOpen, type TrueOrder } from '../checkers/venue-ledger.ts';
import { PEOPLE } from './settings.ts';
import type { World } from './world.ts';

/** Long enough for the resets to have arrived everywhere, shorter than any reconnect takes with its login. */
const DOWN_MS = 40;
const KNOWN_WITHIN_MS = 12_000;
const FEW = 3;
/** More executions than one page of a query holds. */
const MANY = 130;

/**
 * Once all is well: the streams break, orders fill meanwhile, and nothing else helps. What the reading after a
 * reconnect is for, by itself: every fill is known a few seconds later (V19).
 */
export async function drillReconnect(world: World): Promise<void> {
  const { sim, paper, ledger, verdicts } = world;
  const open = [...ledger.orders.values()].filter(({ order }) => isOpen(order));
  const targets = PEOPLE.map(({ uid }) => open.find((one) => one.uid === uid)).filter((one) => one !== undefined);
  if (paper === null || targets.length === 0) return;
  sim.network.dropSockets({ from: 'gateway', to: 'paper' }, 'drill');
  await sim.clock.runFor(DOWN_MS);
  for (const target of targets) fillInPieces(world, target, sim.seed % 4 === 0 ? MANY : FEW);
  await sim.clock.runFor(KNOWN_WITHIN_MS);
  for (const { uid, order } of targets) {
    const account = PEOPLE.find((person) => person.uid === uid)?.account;
    const child =
      account === undefined
        ? undefined
        : world.gateway?.desk(account)?.state.children.get(order.clientOrderId as never);
    const [known, truth] = [child?.order.cumQty ?? ZERO, ledger.orders.get(order.orderId)?.order.cumQty ?? ZERO];
    verdicts.expect('V19', order.clientOrderId ?? order.orderId, known === truth, () => {
      return `filled while the stream was down: the venue ${formatDecimal(truth)}, known here ${formatDecimal(known)}`;
    });
  }
}

function fillInPieces(world: World, { uid, order }: TrueOrder, pieces: number): void {
  const piece = pieceOf(world, order, pieces);
  for (let i = 0; i < pieces; i += 1) {
    void world.paper?.control.fill({ uid, orderId: order.orderId, qty: piece });
  }
}

function pieceOf(world: World, { instrument, leavesQty }: ExchangeOrder, pieces: number): Money {
  const step = world.paper?.instrument(instrument)?.listing.step ?? (1n as Money);
  const whole = ((leavesQty / BigInt(pieces + 1) / step) * step) as Money;
  return whole > 0n ? whole : step;
}
