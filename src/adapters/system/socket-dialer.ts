import { type ClientOptions, WebSocket } from 'ws';
import type { Socket, SocketDialer, SocketHandlers } from '../../ports/network.ts';
import { ABNORMAL, asSocket, attach, CLOSE_TIMEOUT_MS, type CloseTimeout } from './ws-socket.ts';

export type SocketDialerOptions = Readonly<{
  /** From the dial until the link is open. Default 10 s. */
  handshakeTimeoutMs?: number;
  /** Largest message; a larger one closes the link with code 1009. Default 16 MiB. */
  maxMessageBytes?: number;
}>;

const CLOSED: Socket = { send: () => false, buffered: () => 0, close: () => {}, terminate: () => {} };

/** WebSocket client. Answers protocol pings by itself; compression is off: it costs more than it saves on small messages. */
export function createSocketDialer(options: SocketDialerOptions = {}): SocketDialer {
  const settings: ClientOptions & CloseTimeout = {
    perMessageDeflate: false,
    handshakeTimeout: options.handshakeTimeoutMs ?? 10_000,
    maxPayload: options.maxMessageBytes ?? 16 * 1024 * 1024,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  return { dial: (url, handlers) => dial(url, handlers, settings) };
}

function dial(url: string, handlers: SocketHandlers, settings: ClientOptions): Socket {
  try {
    const ws = new WebSocket(url, settings);
    attach(ws, handlers);
    return asSocket(ws);
  } catch (error) {
    // Only an address that is none throws; everything else arrives as an event.
    const reason = error instanceof Error ? error.message : String(error);
    queueMicrotask(() => handlers.closed(ABNORMAL, reason, false));
    return CLOSED;
  }
}
