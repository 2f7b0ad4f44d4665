import * as z from 'zod';
import { add } from '../domain/decimal.ts';
import type { Money } from '../domain/ids.ts';
import { count, isoTimeField, money, oneOf, words, yes } from './answers.ts';
import { optional, strict, symbol, word } from './fields.ts';
import { CATEGORIES } from './order-fields.ts';

/** Balances and positions over both venues. */
const consolidatedAsset = z
  .object({
    total: money('sum of the parts, exact'),
    okd_internal: money('on the internal venue'),
    bybit_spot: money('the rest of the Bybit wallet; negative when borrowed'),
    bybit_futures: money('held on Bybit as position and order margin of this coin'),
    bybit_funding: money("in Bybit's funding account; there when it is not zero").optional(),
  })
  .meta({ id: 'ConsolidatedAsset' });
export type ConsolidatedAsset = z.infer<typeof consolidatedAsset>;

export const consolidatedBalance = z
  .object({ consolidated_balance: z.record(z.string(), consolidatedAsset) })
  .meta({ id: 'ConsolidatedBalance', description: 'Per asset; total is always the exact sum of the parts.' });
export type ConsolidatedBalance = z.infer<typeof consolidatedBalance>;

/** Puts the parts of one asset together, so that the total cannot differ from their sum. */
export function consolidatedAssetOf(
  parts: Readonly<{ internal: Money; spot: Money; futures: Money; funding: Money }>,
): ConsolidatedAsset {
  const { internal, spot, futures, funding } = parts;
  const total = add(add(internal, spot), add(futures, funding));
  const base = { total, okd_internal: internal, bybit_spot: spot, bybit_futures: futures };
  return funding === 0n ? base : { ...base, bybit_funding: funding };
}

const balance = z
  .object({
    asset: words('asset'),
    venue: words('venue'),
    total: money('what the venue holds for the account'),
    available: money('free to trade'),
    held: money('held by working orders and as margin'),
    borrowed: money('owed to the venue'),
    fees_due: money('accrued routing fees not yet debited'),
    updated_at: isoTimeField('when the venue said so'),
  })
  .meta({ id: 'Balance' });
export type Balance = z.infer<typeof balance>;
export const balanceList = z.object({ balances: z.array(balance) });

const positionLeg = z
  .object({
    venue: words('venue'),
    quantity: money('signed: positive is long'),
    entry_price: money('average entry').nullable(),
    mark_price: money('mark').nullable(),
    unrealised_pnl: money('at the mark').nullable(),
    realised_pnl: money('locked in').nullable(),
    leverage: money('leverage').nullable(),
    liquidation_price: money('mark price of liquidation').nullable(),
    margin: money('margin held').nullable(),
  })
  .meta({ id: 'PositionLeg' });
export type PositionLeg = z.infer<typeof positionLeg>;

const position = z
  .object({
    symbol: words('instrument'),
    category: oneOf(CATEGORIES, 'category'),
    net_quantity: money('sum over the venues, signed'),
    entry_price: money('average over the venues').nullable(),
    mark_price: money('mark').nullable(),
    unrealised_pnl: money('sum').nullable(),
    realised_pnl: money('sum').nullable(),
    legs: z.array(positionLeg),
    updated_at: isoTimeField('latest change'),
  })
  .meta({ id: 'Position' });
export type Position = z.infer<typeof position>;

export const consolidatedPositions = z
  .object({
    positions: z.array(position),
    total: z.object({
      unrealised_pnl: money('sum in USD').nullable(),
      realised_pnl: money('sum in USD').nullable(),
      margin: money('sum in USD').nullable(),
    }),
  })
  .meta({ id: 'ConsolidatedPositions' });
export type ConsolidatedPositions = z.infer<typeof consolidatedPositions>;

export const positionQuery = strict({ symbol: optional(symbol()), category: optional(word(CATEGORIES, 'category')) });

const drift = z.object({
  kind: words('stable word: missing_fill, external_trade, balance, position, order'),
  subject: words('asset, instrument or order'),
  ours: money('what we had').nullable(),
  venues: money('what the venue says').nullable(),
  repaired: yes('repaired from the facts of the venue'),
  explanation: words('for people'),
});
export const syncReport = z
  .object({
    venue: words('venue'),
    started_at: isoTimeField('begin'),
    finished_at: isoTimeField('end'),
    orders_checked: count('orders compared'),
    executions_checked: count('executions compared'),
    drift: z.array(drift),
  })
  .meta({ id: 'SyncReport', description: 'What a reconciliation compared, found and repaired.' });
export type SyncReport = z.infer<typeof syncReport>;
