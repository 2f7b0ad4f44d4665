/**
 * What tells browsers to be careful, on every answer. Pages may load from this gateway only, nothing may frame it,
 * scripts and styles are files, never inline. Constant, so that it costs next to nothing: @fastify/helmet makes the
 * same anew for each answer, which doubled the CPU time of a request (50 µs of 105).
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const browserHeaders = (tls: boolean): Readonly<Record<string, string>> => ({
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  ...(tls ? { 'strict-transport-security': 'max-age=31536000' } : {}),
});
