import { type ApiError, refusal } from '../../../contract/errors.ts';
import { err, ok, type Result } from '../../../domain/result.ts';

/**
 * The dashboard's refresh token: a cookie that scripts cannot read, other sites cannot send, and that goes to
 * `/api/auth` only. Whoever uses it proves with a header that no form can set that the request is not forged.
 */
const PATH = '/api/auth';
const nameOf = (tls: boolean): string => (tls ? '__Secure-okd_refresh' : 'okd_refresh');

export function refreshCookie(token: string, maxAgeS: number, tls: boolean): string {
  return `${nameOf(tls)}=${token}; Path=${PATH}; Max-Age=${Math.max(0, Math.floor(maxAgeS))}; HttpOnly; SameSite=Strict${tls ? '; Secure' : ''}`;
}

export const clearedCookie = (tls: boolean): string => refreshCookie('', 0, tls);

export function readRefreshCookie(headers: Readonly<Record<string, string>>, tls: boolean): Result<string, ApiError> {
  const name = nameOf(tls);
  const values = (headers['cookie'] ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value = ''] = values;
  if (value === '' || values.length > 1) return err(refusal('UNAUTHENTICATED'));
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
  if (!isJson || headers['x-okd-request'] !== '1') return err(refusal('REQUEST_HEADER_MISSING'));
  return ok(value);
}
