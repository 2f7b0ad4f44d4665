import { type RowOf, table } from './table.ts';

/**
 * The tables, for people with a SQL prompt too. Each is keyed by account first: rows of one account lie together, and
 * no query reads across accounts. `seq` is the journal's sequence number in the account's partition, except in
 * `orders`, where it counts the account's orders (`order_seq` elsewhere). Amounts are exact plain decimals: sum them
 * as decimals, never with SQL's `sum`, which goes through binary floats.
 *
 * A row is a function of its own partition's records alone: in which order partitions are read, and in what batches,
 * changes nothing.
 */
export const ORDERS = table(
  'orders',
  {
    account: 'text',
    seq: 'integer',
    id: 'text',
    client_order_id: 'text?',
    instrument: 'text',
    category: 'text',
    side: 'text',
    type: 'text',
    time_in_force: 'text',
    reduce_only: 'integer',
    qty: 'text?',
    quote_qty: 'text?',
    price: 'text?',
    max_slippage: 'text?',
    base: 'text',
    quote: 'text',
    arrival: 'text?',
    worst_price: 'text?',
    status: 'text',
    certainty: 'text',
    reason: 'text?',
    cum_qty: 'text',
    cum_notional: 'text',
    late_fill: 'integer',
    cancel_requested: 'integer',
    created_at: 'integer',
    updated_at: 'integer',
    closed_at: 'integer?',
  },
  ['account', 'seq'],
  {
    by_id: '(account, id)',
    by_client_id: '(account, client_order_id, created_at, seq) WHERE client_order_id IS NOT NULL',
    by_time: '(account, created_at, seq)',
    by_instrument: '(account, instrument, created_at, seq)',
    by_status: '(account, status, created_at, seq)',
    open: '(account, created_at, seq) WHERE closed_at IS NULL',
  },
);

/** Written once per round: large, and apart from `orders` so that a fill does not write it again. */
export const DECISIONS = table(
  'routing_decisions',
  { account: 'text', order_seq: 'integer', round: 'integer', at: 'integer', decision: 'text' },
  ['account', 'order_seq', 'round'],
  {},
  'as_inserted',
);

export const CHILDREN = table(
  'children',
  {
    account: 'text',
    order_seq: 'integer',
    n: 'integer', // number within the order, from 1
    id: 'text',
    round: 'integer',
    venue: 'text',
    venue_order_id: 'text?',
    price: 'text',
    qty: 'text',
    time_in_force: 'text',
    status: 'text',
    in_flight: 'text',
    certainty: 'text',
    reason: 'text?',
    cum_qty: 'text',
    cum_notional: 'text',
    wanted_price: 'text?', // of an amendment that was not answered yet
    wanted_qty: 'text?',
    venue_fees: 'text', // JSON: decimal per asset
    charged: 'text',
    charged_due: 'text',
    late_fill: 'integer',
    created_at: 'integer',
    updated_at: 'integer',
    accepted_at: 'integer?',
  },
  ['account', 'order_seq', 'n'],
  { by_id: '(account, id)' },
);

export const EXECUTIONS = table(
  'executions',
  {
    account: 'text',
    seq: 'integer',
    exec_id: 'text',
    order_seq: 'integer',
    child: 'text',
    venue: 'text',
    instrument: 'text',
    category: 'text',
    side: 'text',
    price: 'text',
    qty: 'text',
    notional: 'text',
    liquidity: 'text',
    venue_fee: 'text', // as the venue reported it
    venue_fee_asset: 'text',
    charged: 'text', // by us: the internal venue's fee, or the fee for routing
    charged_asset: 'text',
    charged_due: 'text', // the part of it that the balance did not cover
    late: 'integer',
    executed_at: 'integer',
    booked_at: 'integer',
  },
  ['account', 'seq'],
  {
    by_time: '(account, executed_at, seq)',
    by_instrument: '(account, instrument, executed_at, seq)',
    by_order: '(account, order_seq, executed_at, seq)',
  },
);

/** Money on the internal venue. `n` counts the lines of one event. */
export const LEDGER = table(
  'ledger',
  {
    account: 'text',
    seq: 'integer',
    n: 'integer',
    at: 'integer',
    asset: 'text',
    cause: 'text',
    contra: 'text',
    total: 'text', // changes
    held: 'text',
    total_after: 'text',
    held_after: 'text',
    moves: 'integer', // 1 where `total` changes
    order_seq: 'integer?',
    child: 'text?',
    exec_id: 'text?',
    reference: 'text?',
    actor: 'text?',
    note: 'text?',
  },
  ['account', 'seq', 'n'],
  {
    by_asset: '(account, asset, seq, n) WHERE moves = 1',
    by_cause: '(account, cause, seq, n)',
  },
);

/** Where the ledger stands: the sum of its lines. */
export const BALANCES = table('balances', { account: 'text', asset: 'text', total: 'text', held: 'text' }, [
  'account',
  'asset',
]);

export const ORDER_EVENTS = table(
  'order_events',
  { account: 'text', order_seq: 'integer', seq: 'integer', at: 'integer', type: 'text', child: 'text?', text: 'text' },
  ['account', 'order_seq', 'seq'],
);

export const ANOMALIES = table(
  'anomalies',
  { account: 'text', seq: 'integer', at: 'integer', code: 'text', detail: 'text' },
  ['account', 'seq'],
);

/** What concerns an account or the instance as a whole: openings, connections, kill switches. Never a secret. */
export const AUDIT = table(
  'audit',
  { partition: 'text', seq: 'integer', at: 'integer', type: 'text', account: 'text?', actor: 'text?', text: 'text' },
  ['partition', 'seq'],
);

/** How far each partition has been folded, in the transaction of the rows that came of it. */
export const PROJECTION = table(
  'projection',
  {
    partition: 'text',
    last_seq: 'integer',
    last_crc: 'integer', // of that record: another journal's records are noticed
    account: 'text?', // whose partition it is
  },
  ['partition'],
);

export const TABLES = [
  ORDERS, DECISIONS, CHILDREN, EXECUTIONS, LEDGER, BALANCES, ORDER_EVENTS, ANOMALIES, AUDIT, PROJECTION,
] as const; // biome-ignore format: a list

export type OrderRow = RowOf<typeof ORDERS>;
export type ChildRow = RowOf<typeof CHILDREN>;
export type ExecutionRow = RowOf<typeof EXECUTIONS>;
export type LedgerRow = RowOf<typeof LEDGER>;
export type BalanceRow = RowOf<typeof BALANCES>;
export type OrderEventRow = RowOf<typeof ORDER_EVENTS>;
export type AnomalyRow = RowOf<typeof ANOMALIES>;
export type ProjectionRow = RowOf<typeof PROJECTION>;
