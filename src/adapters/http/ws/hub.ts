import { refusal } from '../../../contract/errors.ts';
import { WS_CLOSE } from '../../../contract/ws.ts';
import type { ServerSocketRequest, Socket, SocketHandlers } from '../../../ports/network.ts';
import type { AuthEvent } from '../auth/user-state.ts';
import type { Principal } from '../authenticate.ts';
import type { Api } from '../dispatch.ts';
import { Client, type Shared } from './client.ts';
import { MarketFeeds } from './market-feeds.ts';
import { perform } from './operations.ts';
import { PrivateFeeds } from './private-feeds.ts';

/** All open sockets. Works on the socket shape of the network port: over `ws` and over the simulated network alike. */
export class Hub {
  readonly #api: Api;
  readonly #shared: Shared;
  readonly #clients = new Set<Client>();

  constructor(api: Api) {
    const { clock, service, settings, users } = api.deps;
    this.#api = api;
    const privateFeeds = new PrivateFeeds(clock, service.pushes, settings.sockets.replay);
    const marketFeeds = new MarketFeeds(clock, service.market, service.pushes, settings.sockets.marketIntervalMs);
    this.#shared = {
      api,
      privateFeeds,
      marketFeeds,
      enter: (client, principal) => this.#mayEnter(client, principal),
      leave: (client) => this.#clients.delete(client),
      perform,
    };
    users.onChange((event) => this.#recheck(event));
  }

  /** Takes a socket, or refuses it with the HTTP status that says why. */
  accept(request: ServerSocketRequest, socket: Socket): SocketHandlers | { readonly refuse: number } {
    if (request.path !== '/ws') return { refuse: 404 };
    if (request.query !== '') return { refuse: 400 }; // a token in the URL would end up in logs
    if (!this.#originAllowed(request.headers)) return { refuse: 403 };
    const { perAddress } = this.#api.deps.settings.sockets;
    if (this.#count((client) => client.request.remoteAddress === request.remoteAddress) >= perAddress)
      return { refuse: 429 };
    const client = new Client(this.#shared, request, socket);
    this.#clients.add(client);
    return client;
  }

  /** Says good-bye to everybody: the gateway stops. */
  close(): void {
    for (const client of [...this.#clients]) client.shut(WS_CLOSE.stopping, refusal('NOT_READY'));
    this.#shared.privateFeeds.close();
    this.#shared.marketFeeds.close();
  }

  /** Programs send no Origin. Browsers always do: our own pages and those of the configuration may come in. */
  #originAllowed(headers: Readonly<Record<string, string>>): boolean {
    const origin = headers['origin'];
    if (origin === undefined) return true;
    const own = `${this.#api.deps.settings.tls ? 'https' : 'http'}://${headers['host'] ?? ''}`;
    return origin === own || this.#api.deps.settings.allowedOrigins.includes(origin);
  }

  #mayEnter(client: Client, principal: Principal): boolean {
    const { perAccount } = this.#api.deps.settings.sockets;
    return this.#count((other) => other !== client && other.principal?.account === principal.account) < perAccount;
  }

  #count(matches: (client: Client) => boolean): number {
    let count = 0;
    for (const client of this.#clients) if (matches(client)) count += 1;
    return count;
  }

  #recheck(event: AuthEvent): void {
    if (event.type === 'session_opened' || event.type === 'session_refreshed' || event.type === 'user_created') return;
    const concerns = (who: Principal): boolean =>
      'session' in event ? who.session === event.session : who.user.id === event.user;
    for (const client of [...this.#clients]) {
      if (client.principal !== null && concerns(client.principal)) client.recheck();
    }
  }
}
