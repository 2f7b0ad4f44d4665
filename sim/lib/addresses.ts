import { ListenError, type Listener, type ServerHandlers } from '../../src/ports/network.ts';
import type { SimProcess } from './process.ts';

export type Served = Readonly<{ process: SimProcess; handlers: ServerHandlers }>;
export type Target = Readonly<{ address: string; path: string; query: string }>;

const FIRST_FREE_PORT = 40_000;
const URL_PARTS = /^(https?|wss?):\/\/([^/?#:]+)(?::(\d+))?([^?#]*)(?:\?([^#]*))?/;

/** Takes an absolute URL apart without touching its bytes; null when it is none. */
export function parseTarget(url: string): Target | null {
  const parts = URL_PARTS.exec(url);
  if (parts === null) return null;
  const [, scheme = '', host = '', port, path = '', query = ''] = parts;
  const standardPort = scheme === 'https' || scheme === 'wss' ? '443' : '80';
  return { address: addressOf(host, Number(port ?? standardPort)), path: path === '' ? '/' : path, query };
}

const addressOf = (host: string, port: number): string => `${host === 'localhost' ? '127.0.0.1' : host}:${port}`;

/** Who listens where. An address is free again when its process dies; of a machine that vanished it stays silent. */
export class Addresses {
  readonly #served = new Map<string, Served>();
  readonly #silent = new Set<string>();
  #nextPort = FIRST_FREE_PORT;

  listen(
    process: SimProcess,
    at: { readonly host: string; readonly port: number },
    handlers: ServerHandlers,
  ): Listener {
    const port = at.port === 0 ? this.#freePort(at.host) : at.port;
    const address = addressOf(at.host, port);
    if (this.#served.has(address)) {
      throw new ListenError('PORT_IN_USE', `Port ${port} on ${at.host} is in use. Choose another with --port.`);
    }
    const served = { process, handlers };
    this.#served.set(address, served);
    this.#silent.delete(address);
    const leave = (): void => {
      if (this.#served.get(address) === served) this.#served.delete(address);
    };
    process.onDeath((death) => {
      if (death === 'vanished' && this.#served.get(address) === served) this.#silent.add(address);
      leave();
    });
    return { host: at.host, port, close: async () => leave() };
  }

  find(address: string): Served | null {
    return this.#served.get(address) ?? null;
  }

  /** A machine that vanished: a connection attempt is neither taken nor refused. */
  isSilent(address: string): boolean {
    return this.#silent.has(address);
  }

  #freePort(host: string): number {
    while (this.#served.has(addressOf(host, this.#nextPort))) this.#nextPort += 1;
    this.#nextPort += 1;
    return this.#nextPort - 1;
  }
}
