import { bybitStatus, bybitTest, connectBody } from '../../../contract/bybit.ts';
import { ANY_ROLE, accountRoute, type Route, reply, STOPPING, TRADING } from '../route.ts';

const family = 'Connection to Bybit';

const connect = accountRoute({
  policy: TRADING,
  method: 'POST',
  path: '/bybit/connect',
  operation: 'connectBybit',
  family,
  summary: 'Connects the account to Bybit. The key is checked live before it is stored; the secret never comes back.',
  statuses: [200],
  answer: bybitStatus,
  errors: ['BYBIT_KEY_REFUSED', 'ENVIRONMENT_MISMATCH', 'BYBIT_UID_IN_USE', 'VENUE_UNAVAILABLE', 'JOURNAL_UNAVAILABLE'],
  budget: 'write',
  example: { body: { apiKey: 'your_bybit_api_key', apiSecret: 'your_bybit_secret', environment: 'paper' } },
  body: connectBody,
  handle: async ({ body }, { deps, caller }) => {
    const request = {
      apiKey: body.apiKey,
      apiSecret: body.apiSecret,
      environment: body.environment,
      allowTransfer: body.allowTransfer ?? false,
    };
    return reply(await deps.service.connection.connect(caller, request));
  },
});

const status = accountRoute({
  policy: ANY_ROLE,
  method: 'GET',
  path: '/bybit/status',
  operation: 'bybitStatus',
  family,
  summary: 'State of the connection: links, latencies, permissions of the key, last reconciliation.',
  statuses: [200],
  answer: bybitStatus,
  errors: [],
  budget: 'read',
  handle: async (_input, { deps, caller }) => reply(await deps.service.connection.status(caller)),
});

const test = accountRoute({
  policy: STOPPING,
  method: 'POST',
  path: '/bybit/test',
  operation: 'testBybit',
  family,
  summary: 'Tries each link to Bybit now: latency, and a plain hint where one fails.',
  statuses: [200],
  answer: bybitTest,
  errors: ['CONNECTION_NOT_FOUND'],
  budget: 'write',
  handle: async (_input, { deps, caller }) => reply(await deps.service.connection.test(caller)),
});

const disconnect = accountRoute({
  policy: TRADING,
  method: 'DELETE',
  path: '/bybit/connect',
  operation: 'disconnectBybit',
  family,
  summary: 'Forgets the key. Refused while orders are open over the connection.',
  statuses: [200],
  answer: bybitStatus,
  errors: ['CONNECTION_NOT_FOUND', 'CONNECTION_IN_USE'],
  budget: 'cancel',
  handle: async (_input, { deps, caller }) => reply(await deps.service.connection.disconnect(caller)),
});

export const bybitRoutes: readonly Route[] = [connect, status, test, disconnect];
