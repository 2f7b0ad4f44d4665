import {
  balanceList,
  consolidatedBalance,
  consolidatedPositions,
  positionQuery,
  syncReport,
} from '../../../contract/wallet.ts';
import { ANY_ROLE, accountRoute, type Route, reply, STOPPING } from '../route.ts';

const consolidated = accountRoute({
  policy: ANY_ROLE,
  method: 'GET',
  path: '/api/wallet/balance/consolidated',
  operation: 'consolidatedBalance',
  family: 'Wallet',
  summary: 'What the account has of each asset, on both venues; the total is the exact sum of the parts.',
  statuses: [200],
  answer: consolidatedBalance,
  errors: [],
  budget: 'read',
  handle: async (_input, { deps, caller }) => reply(await deps.service.wallet.consolidated(caller)),
});

const balances = accountRoute({
  policy: ANY_ROLE,
  method: 'GET',
  path: '/api/wallet/balances',
  operation: 'balances',
  family: 'Wallet',
  summary: 'Per asset and venue: total, available, held, borrowed, fees due.',
  statuses: [200],
  answer: balanceList,
  errors: [],
  budget: 'read',
  handle: async (_input, { deps, caller }) =>
    reply(await deps.service.wallet.balances(caller), (list) => ({ balances: list })),
});

const sync = accountRoute({
  policy: STOPPING,
  method: 'POST',
  path: '/api/wallet/sync/bybit',
  operation: 'syncBybit',
  family: 'Wallet',
  summary: 'Reconciles with Bybit now, and answers with the drift that was found and repaired.',
  statuses: [200],
  answer: syncReport,
  errors: ['CONNECTION_NOT_FOUND', 'VENUE_UNAVAILABLE'],
  budget: 'write',
  handle: async (_input, { deps, caller }) => reply(await deps.service.wallet.syncBybit(caller)),
});

const positions = accountRoute({
  policy: ANY_ROLE,
  method: 'GET',
  path: '/api/trading/positions/consolidated',
  operation: 'consolidatedPositions',
  family: 'Wallet',
  summary: 'Positions net over both venues, with each leg, and their totals.',
  statuses: [200],
  answer: consolidatedPositions,
  errors: [],
  budget: 'read',
  query: positionQuery,
  handle: async ({ query }, { deps, caller }) => reply(await deps.service.wallet.positions(caller, query)),
});

export const walletRoutes: readonly Route[] = [consolidated, balances, sync, positions];
