import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import cors from '@fastify/cors';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { type ErrorCode, refusal } from '../../../contract/errors.ts';
import type { Rng } from '../../../ports/rng.ts';
import type { ServerAnswer, ServerHandlers, ServerRequest } from '../../../ports/network.ts';
import { writeError } from '../answer.ts';
import { newRequestId } from '../dispatch.ts';
import { METHODS } from '../route.ts';
import { type HttpSettings, MAX_BODY_BYTES } from '../settings.ts';
import { browserHeaders } from './browser-headers.ts';
import { answerClientError } from './client-error.ts';
import { MAX_HEADER_BYTES, type ShellSettings } from './settings.ts';

type Shell = Readonly<{ handlers: ServerHandlers; settings: HttpSettings; shell: ShellSettings; rng: Rng }>;

/**
 * Fastify around the route table. It brings what belongs to bytes and connections: limits, timeouts, browser headers.
 * Paths, rights, bodies and errors are the table's; every request goes there.
 */
export async function fastifyShell({ handlers, settings, shell, rng }: Shell): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    requestTimeout: shell.requestTimeoutMs,
    keepAliveTimeout: shell.keepAliveMs,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: shell.headersTimeoutMs,
      connectionsCheckingInterval: shell.checkIntervalMs,
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, newRequestId({ rng })),
    // Fastify's router sees one path: which there are, and which are badly encoded, the route table says.
    rewriteUrl: () => '/',
  });
  app.server.maxConnections = shell.maxConnections;
  const always = browserHeaders(settings.tls);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(always);
    done();
  });
  if (settings.allowedOrigins.length > 0) await app.register(cors, corsOptions(settings.allowedOrigins));
  // Bodies stay bytes here: what they are is decided by the route table, for every path the same.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const read = serverRequest(request);
    if (read === null) return refuseWith(reply, 'VALIDATION_FAILED', newRequestId({ rng }), 'The body is not UTF-8.');
    return send(reply, await handlers.http(read));
  };
  app.route({ method: [...METHODS, 'HEAD'], url: '/', handler: serve });
  app.setNotFoundHandler(serve);
  app.setErrorHandler((error: FastifyError, _request, reply) => refuse(reply, error, newRequestId({ rng })));
  return app;
}

/** A HEAD is a GET of which only the head is sent. */
function serverRequest(request: FastifyRequest): ServerRequest | null {
  const url = request.originalUrl;
  const at = url.indexOf('?');
  const body = bodyText(request.body);
  if (body === null) return null;
  return {
    method: request.method === 'HEAD' ? 'GET' : request.method,
    path: at < 0 ? url : url.slice(0, at),
    query: at < 0 ? '' : url.slice(at + 1),
    headers: plainHeaders(request.headers),
    body,
    remoteAddress: request.socket.remoteAddress ?? '',
  };
}

/** Null when the bytes are no text: replacing what is broken would change what was sent. */
function bodyText(body: unknown): string | null {
  if (!Buffer.isBuffer(body)) return '';
  return isUtf8(body) ? body.toString('utf8') : null;
}

export function plainHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

function send(reply: FastifyReply, answer: ServerAnswer): FastifyReply {
  if (answer === 'reset') {
    reply.hijack();
    reply.raw.destroy();
    return reply;
  }
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** An error that Fastify found before the table was asked. */
function refuse(reply: FastifyReply, error: Readonly<{ statusCode?: number }>, requestId: string): FastifyReply {
  if (error.statusCode === 413) return refuseWith(reply, 'BODY_TOO_LARGE', requestId);
  if (error.statusCode === 415) return refuseWith(reply, 'UNSUPPORTED_MEDIA_TYPE', requestId);
  const isClients = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return refuseWith(reply, isClients ? 'VALIDATION_FAILED' : 'INTERNAL_ERROR', requestId);
}

function refuseWith(reply: FastifyReply, code: ErrorCode, requestId: string, message?: string): FastifyReply {
  return send(reply, writeError(refusal(code, message === undefined ? {} : { message }), 'number', requestId));
}

/** Exact origins, without cookies: the refresh cookie is for our own pages. */
function corsOptions(origins: readonly string[]) {
  return {
    origin: [...origins],
    credentials: false,
    methods: [...METHODS],
    allowedHeaders: [
      'authorization',
      'content-type',
      'idempotency-key',
      'x-okd-account',
      'x-okd-decimals',
      'x-okd-request',
    ],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  };
}
