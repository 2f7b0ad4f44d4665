import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ApiError, refusal } from '../../../contract/errors.ts';
import { writeError } from '../answer.ts';
import { browserHeaders } from './browser-headers.ts';

/** Answers what never became a request: headers too large, too slow, or not HTTP. Then the connection ends. */
export function answerClientError(error: Readonly<{ code?: string }>, socket: Duplex, requestId: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  writeRaw(socket, errorOf(error.code), requestId);
}

function errorOf(code: string | undefined): ApiError {
  if (code === 'HPE_HEADER_OVERFLOW') return refusal('HEADERS_TOO_LARGE');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refusal('REQUEST_TIMEOUT');
  return refusal('VALIDATION_FAILED', { message: 'This is not a well-formed HTTP request.' });
}

/** Writes an error to a bare connection and ends it. */
export function writeRaw(socket: Duplex, error: ApiError, requestId: string): void {
  const answer = writeError(error, 'number', requestId);
  const headers = {
    ...browserHeaders(false),
    ...answer.headers,
    connection: 'close',
    'content-length': String(Buffer.byteLength(answer.body)),
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${head.join('')}\r\n${answer.body}`);
}
