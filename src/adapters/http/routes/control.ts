import { bookingBody, killSwitchBody, killSwitchState, ledgerEntry } from '../../../contract/accounts.ts';
import { refusal } from '../../../contract/errors.ts';
import { id, strict } from '../../../contract/fields.ts';
import type { AccountId } from '../../../domain/ids.ts';
import { err } from '../../../domain/result.ts';
import { accountRoute, administratorRoute, created, type Route, reply, STOPPING } from '../route.ts';

const accountParams = strict({ id: id<AccountId>('account') });
const BOOKING = { asset: 'USDT', amount: '1000', reference: 'payment 4711', note: 'first deposit' };

const deposit = administratorRoute({
  method: 'POST',
  path: '/api/admin/accounts/{id}/deposits',
  operation: 'deposit',
  family: 'Administration',
  summary: 'Records a deposit on the internal venue, with actor and reference.',
  statuses: [201, 200],
  answer: ledgerEntry,
  errors: ['ACCOUNT_NOT_FOUND', 'ASSET_NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED', 'JOURNAL_UNAVAILABLE'],
  budget: 'write',
  creates: true,
  example: { body: BOOKING },
  params: accountParams,
  body: bookingBody,
  handle: async ({ params, body }, { deps, user, idempotency }) =>
    created(await deps.service.admin.deposit(user.id, params.id, body, idempotency)),
});

const withdraw = administratorRoute({
  method: 'POST',
  path: '/api/admin/accounts/{id}/withdrawals',
  operation: 'withdraw',
  family: 'Administration',
  summary: 'Records a withdrawal from the internal venue; it takes what is available only.',
  statuses: [201, 200],
  answer: ledgerEntry,
  errors: [
    'ACCOUNT_NOT_FOUND',
    'ASSET_NOT_FOUND',
    'INSUFFICIENT_BALANCE',
    'IDEMPOTENCY_KEY_REUSED',
    'JOURNAL_UNAVAILABLE',
  ],
  budget: 'write',
  creates: true,
  example: { body: { ...BOOKING, note: null } },
  params: accountParams,
  body: bookingBody,
  handle: async ({ params, body }, { deps, user, idempotency }) =>
    created(await deps.service.admin.withdraw(user.id, params.id, body, idempotency)),
});

/** Stopping is open to traders; starting again takes a second kind of role. */
const killSwitch = accountRoute({
  policy: STOPPING,
  method: 'POST',
  path: '/api/risk/kill-switch',
  operation: 'killSwitch',
  family: 'Risk',
  summary:
    'Stops trading and cancels what works, for the account or (administrators) the whole instance. Releasing needs the role risk or admin.',
  statuses: [200],
  answer: killSwitchState,
  errors: ['NOT_SUPPORTED'],
  budget: 'cancel',
  example: { body: { active: true, scope: 'account', cancel_orders: true } },
  body: killSwitchBody,
  handle: async ({ body }, { deps, caller, user }) => {
    const scope = body.scope ?? 'account';
    if (scope === 'global' && !user.administrator)
      return err(refusal('FORBIDDEN', { details: { needs: ['administrator'] } }));
    if (!body.active && scope === 'account' && caller.role === 'trader') {
      return err(refusal('FORBIDDEN', { details: { needs: ['risk', 'admin'], role: caller.role } }));
    }
    const request = {
      active: body.active,
      scope,
      cancelOrders: body.cancel_orders ?? true,
      closePositions: body.close_positions ?? false,
    };
    return reply(await deps.service.risk.killSwitch(caller, request));
  },
});

export const controlRoutes: readonly Route[] = [deposit, withdraw, killSwitch];
