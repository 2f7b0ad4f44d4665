import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Log, silentLog } from '../../ports/log.ts';
import { ListenError, type NetworkServer, type ServerHandlers } from '../../ports/network.ts';
import { addressOf } from './server-request.ts';
import { createUpgrader } from './server-sockets.ts';

export type NetworkServerOptions = Readonly<{
  /** Largest request body; a larger one is answered 413. Default 1 MiB. */
  maxBodyBytes?: number;
  /** Where another limit holds: by path and address; null where that one does. */
  bodyLimit?: (path: string, remoteAddress: string) => number | null;
  /** Largest message of a socket; a larger one closes it with code 1009. Default 1 MiB. */
  maxMessageBytes?: number;
  /** How long an idle connection is kept. Default 65 s. */
  keepAliveMs?: number;
  log?: Log;
}>;

type Limits = Readonly<{ maxBodyBytes: (request: IncomingMessage) => number; log: Log }>;

/** HTTP and WebSocket on one port. */
export const createNetworkServer = (options: NetworkServerOptions = {}): NetworkServer => ({
  listen: async (at, handlers) => {
    const usual = options.maxBodyBytes ?? 1024 * 1024;
    const maxBodyBytes = (request: IncomingMessage): number => {
      const { path, remoteAddress } = addressOf(request);
      return options.bodyLimit?.(path, remoteAddress) ?? usual;
    };
    const limits = { maxBodyBytes, log: options.log ?? silentLog };
    const server = createServer(
      { keepAliveTimeout: options.keepAliveMs ?? 65_000, headersTimeout: 15_000, requestTimeout: 30_000 },
      (request, response) => serve(request, response, handlers, limits),
    );
    const upgrader = createUpgrader(handlers, options.maxMessageBytes ?? 1024 * 1024);
    server.on('upgrade', upgrader.upgrade);
    await bind(server, at);
    const { port } = server.address() as AddressInfo;
    return { host: at.host, port, close: () => shut(server, upgrader.dropAll) };
  },
});

function bind(server: Server, at: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, at)));
    server.listen(at.port, at.host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, at: { readonly host: string; readonly port: number }): Error {
  const { host, port } = at;
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(
        'PORT_IN_USE',
        `Port ${port} on ${host} is in use by another program. Choose another with --port (--port 0 takes any free one).`,
      );
    case 'EACCES':
    case 'EPERM':
      return new ListenError(
        'NOT_PERMITTED',
        `This user may not listen on port ${port} of ${host}. Choose one above 1023 with --port.`,
      );
    default:
      return new ListenError(
        'ADDRESS_NOT_AVAILABLE',
        `Cannot listen on port ${port} of ${host} (${error.code ?? error.message}). Choose an address of this machine.`,
      );
  }
}

/** Stops accepting, then drops every connection: a client that keeps one open does not hold the end up. */
function shut(server: Server, dropSockets: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    dropSockets();
    server.closeAllConnections();
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: ServerHandlers,
  limits: Limits,
): Promise<void> {
  try {
    const body = await readBody(request, limits.maxBodyBytes(request));
    if (body === null) {
      response.writeHead(413, { connection: 'close', 'content-length': 0 }).end();
      return;
    }
    const answer = await handlers.http({ method: request.method ?? 'GET', ...addressOf(request), body });
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
  } catch (error) {
    if (request.destroyed && !request.complete) return; // the client went away before its request was here
    limits.log.error('http_handler_failed', { error });
    if (!response.headersSent) response.writeHead(500, { 'content-length': 0 });
    response.end();
  }
}

/** Null when it is longer than allowed: the rest is let through unread. Rejects when the client goes away. */
function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}
