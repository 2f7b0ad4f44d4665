import { invariant } from '../../../domain/result.ts';
import type { Category, InstrumentId } from '../../../domain/ids.ts';
import type { Exchange, ExchangeInstrument, PrivateEvent } from '../../../ports/exchange.ts';
import { executionPush } from '../wire/execution.ts';
import { orderPush } from '../wire/order.ts';
import { positionPush } from '../wire/position.ts';
import { walletRow } from '../wire/wallet.ts';

/** Rows of one private message, each with the category by which categorised topics choose. */
export type PrivateRow = Readonly<{ category: Category | null; row: object }>;
export type PrivateTopic = Readonly<{ event: PrivateEvent['type']; category: Category | null }>;

const CATEGORISED: Readonly<Record<string, readonly Category[]>> = {
  order: ['spot', 'linear', 'inverse', 'option'],
  execution: ['spot', 'linear', 'inverse', 'option'],
  position: ['linear', 'inverse', 'option'],
};

/** Every private topic: all in one (`order`) and by category (`order.linear`). */
export const PRIVATE_TOPICS: ReadonlyMap<string, PrivateTopic> = new Map([
  ...(['order', 'execution', 'position', 'wallet'] as const).map((event): [string, PrivateTopic] => [
    event,
    { event, category: null },
  ]),
  ...Object.entries(CATEGORISED).flatMap(([event, categories]) =>
    categories.map((category): [string, PrivateTopic] => [
      `${event}.${category}`,
      { event: event as PrivateEvent['type'], category },
    ]),
  ),
]);

/** The wire's rows of an event. */
export function privateRows(exchange: Exchange, event: PrivateEvent): readonly PrivateRow[] {
  const rowOf = <T extends { readonly instrument: InstrumentId }>(
    item: T,
    map: (item: T, instrument: ExchangeInstrument) => object,
  ): PrivateRow => {
    const instrument = exchange.instrument(item.instrument);
    invariant(instrument !== null, 'a private event names an instrument that is not listed');
    return { category: instrument.category, row: map(item, instrument) };
  };
  switch (event.type) {
    case 'order':
      return event.orders.map((order) => rowOf(order, orderPush));
    case 'execution':
      return event.executions.map((execution) => rowOf(execution, executionPush));
    case 'position':
      return event.positions.map((position) => rowOf(position, positionPush));
    case 'wallet': {
      const wallet = exchange.wallet(event.uid);
      return [
        {
          category: null,
          row: walletRow(
            wallet,
            wallet.coins.filter((coin) => event.coins.includes(coin.asset)),
          ),
        },
      ];
    }
  }
}

/** Executions of one match share an id that a client can predict, `{uid}_{symbol}_{seq}`; all others are just unique. */
export function messageId(event: PrivateEvent, exchange: Exchange, unique: () => string): string {
  const first = event.type === 'execution' ? event.executions[0] : undefined;
  if (first === undefined) return `${event.uid}${unique()}`;
  return `${event.uid}_${exchange.instrument(first.instrument)?.symbol ?? ''}_${first.seq}`;
}
