import { invariant } from '../../../domain/result.ts';
import type { AssetId, Category, InstrumentId } from '../../../domain/ids.ts';
import type { Exchange, ExchangeInstrument, PrivateEvent, SpreadPrivateEvent } from '../../../ports/exchange.ts';
import { DCP_TOPICS } from './dcp-guard.ts';
import { executionPush } from '../wire/execution.ts';
import { orderPush } from '../wire/order.ts';
import { fastExecutionPush } from '../wire/fast-execution.ts';
import { greeksOf, greeksRow, optionsByCoin } from '../wire/option-risk.ts';
import { positionPush } from '../wire/position.ts';
import { spreadExecutionPushes, spreadOrderPush } from '../wire/spread-account.ts';
import { walletRow } from '../wire/wallet.ts';

/** Rows of one private message, each with the category by which categorised topics choose. */
export type PrivateRow = Readonly<{ category: Category | null; row: object }>;
export type PrivateTopic = Readonly<{
  /** Null: topics that nothing is ever told on, or that are told of in another way (`spread.order`). */
  event: PrivateEvent['type'] | null;
  category: Category | null;
  /** The topic that tells of all categories; itself and its categorised forms may not be mixed in one request. */
  all: string;
  /** `fast`: trades only, with few fields and no message id. `greeks`: of the coins whose options moved. */
  form: 'full' | 'fast' | 'greeks';
}>;

const SPOT_TOO = ['spot', 'linear', 'inverse', 'option'] as const;

type Kind = Readonly<{ event: PrivateTopic['event']; categories: readonly Category[] }>;

const KINDS: Readonly<Record<string, Kind>> = {
  order: { event: 'order', categories: SPOT_TOO },
  execution: { event: 'execution', categories: SPOT_TOO },
  'execution.fast': { event: 'execution', categories: SPOT_TOO },
  position: { event: 'position', categories: ['linear', 'inverse', 'option'] },
  wallet: { event: 'wallet', categories: [] },
  greeks: { event: 'position', categories: [] },
  /** Orders that the exchange works itself, by time and by icebergs: there are none here. */
  strategy: { event: null, categories: [] },
  'spread.order': { event: null, categories: [] },
  'spread.execution': { event: null, categories: [] },
  ...Object.fromEntries([...DCP_TOPICS.keys()].map((topic) => [topic, { event: null, categories: [] }])),
};

const FORMS: Readonly<Record<string, PrivateTopic['form']>> = { 'execution.fast': 'fast', greeks: 'greeks' };

/** Every private topic: all in one (`order`) and by category (`order.linear`). */
export const PRIVATE_TOPICS: ReadonlyMap<string, PrivateTopic> = new Map(
  Object.entries(KINDS).flatMap(([all, { event, categories }]) =>
    [null, ...categories].map((category): [string, PrivateTopic] => [
      category === null ? all : `${all}.${category}`,
      { event, category, all, form: FORMS[all] ?? 'full' },
    ]),
  ),
);

/** A topic of a request that asks for a category and for all of them at once; undefined where none does. */
export const mixedTopic = (topics: readonly string[]): string | undefined =>
  topics.find((topic) => topics.some((other) => other !== topic && PRIVATE_TOPICS.get(other)?.all === topic));

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

/** The rows of `execution.fast`. */
export function fastRows(exchange: Exchange, event: PrivateEvent): readonly PrivateRow[] {
  if (event.type !== 'execution') return [];
  return event.executions
    .filter(({ kind }) => kind === 'trade')
    .map((execution) => {
      const instrument = exchange.instrument(execution.instrument);
      invariant(instrument !== null, 'a private event names an instrument that is not listed');
      return { category: instrument.category, row: fastExecutionPush(execution, instrument) };
    });
}

/** The rows of `greeks`: one for each coin of whose options the event tells. */
export function greeksRows(exchange: Exchange, event: PrivateEvent): readonly PrivateRow[] {
  if (event.type !== 'position') return [];
  const told = event.positions.map(({ instrument }) => exchange.instrument(instrument));
  const coins = new Set(told.filter((one) => one?.category === 'option').map((one) => one?.base as AssetId));
  if (coins.size === 0) return [];
  const held = optionsByCoin(exchange, event.uid);
  return [...coins].map((coin) => ({
    category: null,
    row: greeksRow(coin, greeksOf(exchange, held.get(coin) ?? [])),
  }));
}

/** The messages of an event of combos: of executions one for the combo and one for each leg. */
export function spreadMessages(event: SpreadPrivateEvent): readonly (readonly object[])[] {
  return event.type === 'order'
    ? [event.orders.flatMap(spreadOrderPush)]
    : event.executions.flatMap(spreadExecutionPushes).map((row) => [row]);
}

/** Executions of one match share an id that a client can predict, `{uid}_{symbol}_{seq}`; all others are just unique. */
export function messageId(event: PrivateEvent, exchange: Exchange, unique: () => string): string {
  const first = event.type === 'execution' ? event.executions[0] : undefined;
  if (first === undefined) return `${event.uid}${unique()}`;
  return `${event.uid}_${exchange.instrument(first.instrument)?.symbol ?? ''}_${first.seq}`;
}
