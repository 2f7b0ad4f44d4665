import { WebSocket } from 'ws';
import type { Socket, SocketHandlers } from '../../ports/network.ts';

/** Code of a link that ended without a closing handshake (RFC 6455, 7.1.5). */
export const ABNORMAL = 1006;
/** How long the other side may take to answer our close before the link is dropped. */
export const CLOSE_TIMEOUT_MS = 5_000;
/** An option of ws that its type declarations do not know yet. */
export type CloseTimeout = Readonly<{ closeTimeout: number }>;

export const asSocket = (ws: WebSocket): Socket => ({
  send: (text) => {
    if (ws.readyState !== WebSocket.OPEN) return false;
    if (text.length < WORTH_SHARING) ws.send(text, ignoreFailure);
    else ws.send(bytesOf(text), AS_TEXT, ignoreFailure);
    return true;
  },
  buffered: () => ws.bufferedAmount,
  close: (code, reason) => ws.close(code, reason),
  terminate: () => ws.terminate(),
});

/** Below it a second look at the text costs as much as encoding it again. */
const WORTH_SHARING = 256;
const AS_TEXT = { binary: false } as const;

/**
 * The bytes of a text; those of the last one are kept, so that what goes to a thousand sockets in a row is encoded once.
 * Equal strings that are the same object compare in no time.
 */
let lastText = '';
let lastBytes = Buffer.alloc(0);
function bytesOf(text: string): Buffer {
  if (text !== lastText) {
    lastText = text;
    lastBytes = Buffer.from(text);
  }
  return lastBytes;
}

/** What failed to be sent is told by `closed`, which follows. */
const ignoreFailure = (): void => {};

/** Passes what happens on the link to its handlers: `closed` last and once, with the error as reason where there is one. */
export function attach(ws: WebSocket, handlers: SocketHandlers): void {
  let failure = '';
  ws.on('open', () => handlers.opened());
  ws.on('message', (bytes) => handlers.message(bytes.toString()));
  ws.on('error', (error) => {
    failure = error.message;
  });
  ws.on('close', (code, reason) => {
    handlers.closed(code, reason.toString() || failure, code !== ABNORMAL);
  });
}
