import type { ServerHandlers } from '../../ports/network.ts';
import { Sessions } from './auth/sessions.ts';
import { Buckets } from './buckets.ts';
import type { ApiDeps } from './deps.ts';
import { type Api, handleRequest } from './dispatch.ts';
import { RouteTable } from './match.ts';
import { routesOf } from './routes/index.ts';
import { Hub } from './ws/hub.ts';

export type GatewayServer = ServerHandlers & Readonly<{ sessions: Sessions; close(): void }>;

/** The public face as handlers of the network port: for Fastify, and for the simulated network as they are. */
export function gatewayServer(deps: ApiDeps): GatewayServer {
  const table = new RouteTable(routesOf(deps.settings.version));
  const api: Api = { deps, table, sessions: new Sessions(deps), buckets: new Buckets(deps.clock) };
  const hub = new Hub(api);
  return {
    sessions: api.sessions,
    http: (request) => handleRequest(api, request),
    socket: (request, socket) => hub.accept(request, socket),
    close: () => hub.close(),
  };
}
