import type { ExecutionPush, OrderPush, PositionPush, PrivateHandlers, Wallet } from '@okd/bybit';
import type { VenueEvent } from '../../ports/venue.ts';
import type { AccountFacts } from './account-facts.ts';
import type { Listings } from './listings.ts';
import { executionOf, orderOf, positionOf } from './map.ts';
import type { Quarantine } from './quarantine.ts';
import { idOf, known, TRADED, type Traded } from './words.ts';

type PushesOptions = Readonly<{
  listings: Listings;
  facts: AccountFacts;
  quarantine: Quarantine;
  tell: (event: VenueEvent) => void;
  /** Told of every push, with the time at which it came. */
  heard: (at: number) => void;
}>;

/** The rows of the private stream as events of the venue. */
export function pushHandlers(options: PushesOptions) {
  const { facts, quarantine, heard, tell } = options;
  const handle =
    <R>(run: (row: R, at: number) => void) =>
    (row: R, meta: Readonly<{ receivedAt: number; creationTime: number }>): void => {
      heard(meta.receivedAt);
      run(row, meta.creationTime);
    };
  return {
    order: handle((row: OrderPush) => takeOrder(options, row)),
    execution: handle((row: ExecutionPush) => takeExecution(options, row)),
    wallet: handle((row: Wallet, at) => tell({ type: 'balance', balances: facts.balances(row, at, quarantine) })),
    position: handle((row: PositionPush, at) => takePosition(options, row, at)),
    unreadable: ({ topic, text }) => quarantine.take(topic, text),
  } satisfies PrivateHandlers;
}

function tradedIn(word: OrderPush['category']): Traded | null {
  const category = known(word);
  return TRADED.find((one) => one === category) ?? null;
}

function takeOrder({ quarantine, tell }: PushesOptions, row: OrderPush): void {
  if (quarantine.skips('order', row.category)) return;
  const category = tradedIn(row.category);
  const order = category === null ? null : orderOf(category, row);
  if (order === null) quarantine.take('order', JSON.stringify(row));
  else tell({ type: 'order', order });
}

function takeExecution({ quarantine, listings, tell }: PushesOptions, row: ExecutionPush): void {
  if (quarantine.skips('execution', row.category)) return;
  const category = tradedIn(row.category);
  const execution = category === null ? null : executionOf(category, row, listings.coins(idOf(category, row.symbol)));
  if (execution === null) quarantine.take('execution', JSON.stringify(row));
  else if (execution !== 'cash') tell({ type: 'execution', execution });
}

function takePosition({ quarantine, facts, tell }: PushesOptions, row: PositionPush, at: number): void {
  if (quarantine.skips('position', row.category)) return;
  const category = tradedIn(row.category);
  const position = category === null ? null : positionOf(category, row, at);
  if (position === null) return quarantine.take('position', JSON.stringify(row));
  facts.notePosition(position);
  tell({ type: 'position', positions: [position] });
}
