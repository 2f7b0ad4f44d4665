import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ServerSocketRequest } from '../../ports/network.ts';

/** Path and query as they came on the wire, headers as plain text. */
export function addressOf(request: IncomingMessage): ServerSocketRequest {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: plainHeaders(request.headers),
    remoteAddress: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  };
}

function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}
