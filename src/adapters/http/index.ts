import type { AddressInfo } from 'node:net';
import { type Listener, ListenError } from '../../ports/network.ts';
import { argonPasswords, sha256 } from './auth/passwords.ts';
import type { Sessions } from './auth/sessions.ts';
import type { ApiDeps } from './deps.ts';
import { gatewayServer } from './gateway.ts';
import { DEFAULT_HTTP_SETTINGS } from './settings.ts';
import { fastifyShell } from './shell/fastify.ts';
import { DEFAULT_SHELL_SETTINGS, type ShellSettings } from './shell/settings.ts';
import { serveSockets } from './shell/websocket.ts';

/** What `startHttp` needs; the rest has the defaults of production. */
export type HttpOptions = Omit<ApiDeps, 'passwords' | 'digest' | 'settings'> &
  Partial<Pick<ApiDeps, 'passwords' | 'digest' | 'settings'>> &
  Readonly<{ listen: Readonly<{ host: string; port: number }>; shell?: Partial<ShellSettings> }>;

export type HttpServer = Listener & Readonly<{ url: string; sessions: Sessions }>;

/** Serves the API on a real port. Rejects with a ListenError that says what to do. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { listen, shell: wished, ...rest } = options;
  const deps: ApiDeps = { passwords: argonPasswords(), digest: sha256, settings: DEFAULT_HTTP_SETTINGS, ...rest };
  const shell = { ...DEFAULT_SHELL_SETTINGS, ...wished };
  const handlers = gatewayServer(deps);
  const app = await fastifyShell({ handlers, settings: deps.settings, shell, rng: deps.rng });
  const endSockets = serveSockets({ server: app.server, handlers, pingMs: shell.pingMs, rng: deps.rng, log: deps.log });
  try {
    await app.listen(listen);
  } catch (error) {
    handlers.close();
    await endSockets();
    await app.close();
    throw listenError(error, listen);
  }
  const { port } = app.server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    handlers.close();
    const cut = setTimeout(() => app.server.closeAllConnections(), shell.drainMs);
    await endSockets();
    await app.close();
    clearTimeout(cut);
  };
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return { host: listen.host, port, url: `http://${host}:${port}`, sessions: handlers.sessions, close };
}

function listenError(error: unknown, { host, port }: HttpOptions['listen']): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === 'EADDRINUSE')
    return new ListenError(
      'PORT_IN_USE',
      `port ${port} on ${host} is in use; choose another with --port, or 0 for any`,
    );
  if (code === 'EADDRNOTAVAIL')
    return new ListenError('ADDRESS_NOT_AVAILABLE', `${host} is not an address of this machine`);
  if (code === 'EACCES')
    return new ListenError('NOT_PERMITTED', `port ${port} needs more rights; choose one above 1023 with --port`);
  return error;
}

export { jwtTokens, type TokenSettings } from './auth/jwt-tokens.ts';
export type { SigningKey } from './auth/jws.ts';
export { argonPasswords, sha256 } from './auth/passwords.ts';
export type { Digest, Passwords, Tokens } from './auth/tokens.ts';
export { type AuthEvent, normalEmail, type Session, type SessionId, type User } from './auth/user-state.ts';
export { eventedUserStore, memoryUserStore, type UserStore } from './auth/user-store.ts';
export type { ApiDeps } from './deps.ts';
export { type GatewayServer, gatewayServer } from './gateway.ts';
export { DEFAULT_HTTP_SETTINGS, type HttpSettings } from './settings.ts';
