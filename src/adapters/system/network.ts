import type { HttpClient, NetworkServer, SocketDialer } from '../../ports/network.ts';
import { createHttpClient, type HttpClientOptions } from './http-client.ts';
import { createNetworkServer, type NetworkServerOptions } from './network-server.ts';
import { createSocketDialer, type SocketDialerOptions } from './socket-dialer.ts';

export type SystemNetworkOptions = Readonly<{
  http?: HttpClientOptions;
  sockets?: SocketDialerOptions;
  server?: NetworkServerOptions;
}>;

export type SystemNetwork = Readonly<{
  http: HttpClient;
  sockets: SocketDialer;
  server: NetworkServer;
  /** Ends the pooled HTTP connections; requests under way end as `aborted`. */
  close(): Promise<void>;
}>;

/** The real network: what the simulator's process facade offers in virtual time, over the machine's own sockets. */
export function systemNetwork(options: SystemNetworkOptions = {}): SystemNetwork {
  const http = createHttpClient(options.http);
  return {
    http,
    sockets: createSocketDialer(options.sockets),
    server: createNetworkServer(options.server),
    close: () => http.close(),
  };
}
