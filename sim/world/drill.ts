import { formatDecimal, ZERO } from '../../src/domain/decimal.ts';
import type { Money } from '../../src/domain/ids.ts';
import type { ExchangeOrder } from '../../src/ports/exchange.ts';
import { isOpen, type TrueOrder } from '../checkers/venue-ledger.ts';
import { PEOPLE } from './settings.ts';
import type { World } from './world.ts';

/** Long enough for the resets to have arrived everywhere. */
const DOWN_MS = 100;
const KNOWN_WITHIN_MS = 12_000;
const TOLD_WITHIN_MS = 1_000;
const FEW = 3;
/** More executions than one page of a query holds. */
const MANY = 130;

/**
 * Once all is well. An order fills: its stream alone tells it, at once. Then the streams break and orders fill
 * meanwhile: the reading after the reconnect alone tells it, a few seconds later (V19).
 */
export async function drillStreams(world: World): Promise<void> {
  const { sim, paper, ledger } = world;
  const open = [...ledger.orders.values()].filter(({ order }) => isOpen(order));
  const targets = PEOPLE.map(({ uid }) => open.find((one) => one.uid === uid)).filter((one) => one !== undefined);
  if (paper === null || targets.length === 0) return;
  for (const target of targets) fillInPieces(world, target, 1);
  await sim.clock.runFor(TOLD_WITHIN_MS);
  expectKnown(world, targets, 'filled while all was well');
  const link = { from: 'gateway', to: 'paper' };
  const refused = sim.network.faults.onDial({ id: 'drill', link, fault: { type: 'refuse' } });
  sim.network.dropSockets(link, 'drill');
  await sim.clock.runFor(DOWN_MS);
  for (const target of targets) fillInPieces(world, target, sim.seed % 4 === 0 ? MANY : FEW);
  await sim.clock.runFor(DOWN_MS);
  refused.remove();
  await sim.clock.runFor(KNOWN_WITHIN_MS);
  expectKnown(world, targets, 'filled while the stream was down');
}

function expectKnown(world: World, targets: readonly TrueOrder[], when: string): void {
  const { ledger, gateway, verdicts } = world;
  for (const { uid, order } of targets) {
    const account = PEOPLE.find((person) => person.uid === uid)?.account;
    const desk = account === undefined ? null : gateway?.desk(account);
    const known = desk?.state.children.get(order.clientOrderId as never)?.order.cumQty ?? ZERO;
    const truth = ledger.orders.get(order.orderId)?.order.cumQty ?? ZERO;
    verdicts.expect('V19', `${order.clientOrderId} ${when}`, known === truth, () => {
      return `the venue executed ${formatDecimal(truth)}, known here ${formatDecimal(known)}`;
    });
  }
}

function fillInPieces(world: World, { uid, order }: TrueOrder, pieces: number): void {
  const now = world.ledger.orders.get(order.orderId)?.order ?? order;
  const piece = pieceOf(world, now, pieces);
  for (let i = 0; i < pieces; i += 1) {
    void world.paper?.control.fill({ uid, orderId: order.orderId, qty: piece });
  }
}

function pieceOf(world: World, { instrument, leavesQty }: ExchangeOrder, pieces: number): Money {
  const step = world.paper?.instrument(instrument)?.listing.step ?? (1n as Money);
  const whole = ((leavesQty / BigInt(pieces + 1) / step) * step) as Money;
  return whole > 0n ? whole : step;
}
