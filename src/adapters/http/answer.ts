import { ERRORS, type ApiError } from '../../contract/errors.ts';
import { type Decimals, printJson } from '../../contract/print-json.ts';
import type { ServerAnswer } from '../../ports/network.ts';
import type { Success } from './route.ts';

type Written = Exclude<ServerAnswer, 'reset'>;

const JSON_TYPE = 'application/json; charset=utf-8';

/** Prints a success: values in the envelope, texts as they are. */
export function writeSuccess(success: Success, decimals: Decimals, requestId: string): Written {
  const common = { 'x-request-id': requestId, 'cache-control': 'no-store', ...success.headers };
  if ('text' in success)
    return { status: success.status, headers: { ...common, 'content-type': success.type }, body: success.text };
  const body = `{"success":true,"data":${printJson(success.value, decimals)}}`;
  return { status: success.status, headers: { ...common, 'content-type': JSON_TYPE }, body };
}

/** The error envelope without its outer braces' `success`: the socket uses it too. */
export function errorBody(error: ApiError, decimals: Decimals, requestId: string): string {
  const { code, message, details } = error;
  return printJson({ code, message, ...(details === null ? {} : { details }), request_id: requestId }, decimals);
}

export function writeError(
  error: ApiError,
  decimals: Decimals,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): Written {
  const { status } = ERRORS[error.code];
  return {
    status,
    headers: {
      'x-request-id': requestId,
      'cache-control': 'no-store',
      'content-type': JSON_TYPE,
      ...(status === 401 ? { 'www-authenticate': 'Bearer realm="okd"' } : {}),
      ...(error.retryAfterMs === null
        ? {}
        : { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))) }),
      ...headers,
    },
    body: `{"success":false,"error":${errorBody(error, decimals, requestId)}}`,
  };
}
