import * as z from 'zod';
import type { AssetId, Money } from '../domain/ids.ts';
import { count, isoTimeField, money, oneOf, words, yes } from './answers.ts';
import { asset, flag, optional, positive, strict, text, word } from './fields.ts';

/** What administrators and risk managers do to accounts. */
const LINE = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/;
export const bookingBody = strict({
  asset: asset(),
  amount: positive('amount'),
  reference: text(
    { max: 128, pattern: LINE, allowed: '1 to 128 characters on one line' },
    'what it refers to, as a payment id',
  ),
  note: optional(text({ max: 500, min: 0, pattern: LINE, allowed: 'up to 500 characters on one line' }, 'remark')),
}).meta({ id: 'BookingRequest' });
export type BookingRequest = Readonly<{ asset: AssetId; amount: Money; reference: string; note: string | null }>;

export const ledgerEntry = z
  .object({
    id: words('id of the entry'),
    account: words('account'),
    asset: words('asset'),
    amount: money('change of the balance, signed'),
    cause: oneOf(['deposit', 'withdrawal'], 'why'),
    actor: words('user who did it'),
    reference: words('reference'),
    note: words('remark').nullable(),
    balance_after: money('balance of the asset after it'),
    booked_at: isoTimeField('when'),
  })
  .meta({ id: 'LedgerEntry' });
export type LedgerEntry = z.infer<typeof ledgerEntry>;

export const KILL_SCOPES = ['account', 'global'] as const;
export const killSwitchBody = strict({
  active: flag('true stops trading, false releases it'),
  scope: optional(word(KILL_SCOPES, 'account by default; global needs an administrator')),
  cancel_orders: optional(flag('also cancel what works; true by default')),
  close_positions: optional(flag('also close positions; false by default')),
}).meta({ id: 'KillSwitchRequest' });
export type KillSwitchRequest = Readonly<{
  active: boolean;
  scope: (typeof KILL_SCOPES)[number];
  cancelOrders: boolean;
  closePositions: boolean;
}>;

export const killSwitchState = z
  .object({
    active: yes('trading is stopped for this account, by its own or the global switch'),
    account_active: yes("the account's switch"),
    global_active: yes("the instance's switch"),
    cancels_requested: count('orders for which a cancel was asked by this request'),
    durable: yes('false: it acts from memory because the journal is unavailable'),
    changed_at: isoTimeField('when it last changed').nullable(),
    changed_by: words('user').nullable(),
  })
  .meta({ id: 'KillSwitch' });
export type KillSwitchState = z.infer<typeof killSwitchState>;
