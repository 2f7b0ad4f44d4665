import type * as z from 'zod';
import { type ApiError, refusal } from '../../contract/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../contract/exact-json.ts';
import { strict } from '../../contract/fields.ts';
import type { Decimals } from '../../contract/print-json.ts';
import { fieldRefusal, jsonRefusal, schemaRefusal } from '../../contract/problems.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ServerRequest } from '../../ports/network.ts';
import type { Input, Route } from './route.ts';
import { MAX_BODY_BYTES, MAX_QUERY_BYTES } from './settings.ts';

/** Parts of a request before any schema: names and values as they came. */
export type RawInput = Readonly<{ params: JsonObject; query: JsonObject; body: JsonValue | undefined }>;
export type Reading = Readonly<{ input: RawInput; decimals: Decimals }>;

const NOTHING = strict({});

/** Reads query, body and the wish for decimal strings. GET and DELETE take their fields from the query, the body, or both. */
export function readRequest(request: ServerRequest, params: JsonObject): Result<Reading, ApiError> {
  const query = readQuery(request.query);
  if (!query.ok) return query;
  const { decimals: wish = request.headers['x-okd-decimals'] ?? 'number', ...fields } = query.value;
  const decimals = typeof wish === 'string' ? wish.toLowerCase() : '';
  if (decimals !== 'number' && decimals !== 'string') return err(badDecimals());
  const body = readBody(request);
  if (!body.ok) return body;
  if (request.method !== 'GET' && request.method !== 'DELETE') {
    return ok({ decimals, input: { params, query: fields, body: body.value } });
  }
  const merged = mergeFields(fields, body.value);
  return merged.ok ? ok({ decimals, input: { params, query: merged.value, body: undefined } }) : merged;
}

/** Reads raw input with the route's schemas. */
export function parseInput(route: Route, raw: RawInput): Result<Input<unknown, unknown, unknown>, ApiError> {
  const params = parsePart(route.params, raw.params);
  if (!params.ok) return params;
  const query = parsePart(route.query, raw.query);
  if (!query.ok) return query;
  const body = parsePart(route.body, raw.body ?? {});
  if (!body.ok) return body;
  return ok({ params: params.value, query: query.value, body: body.value });
}

function parsePart(schema: z.ZodType | null, value: JsonValue): Result<unknown, ApiError> {
  const parsed = (schema ?? NOTHING).safeParse(value);
  return parsed.success ? ok(parsed.data) : err(schemaRefusal(parsed.error));
}

function badDecimals(): ApiError {
  return fieldRefusal('VALIDATION_FAILED', [
    { path: 'decimals', problem: 'is not a form of decimals', allowed: 'number, string' },
  ]);
}

/** Each name once, well-formed percent encoding, nothing without a name. */
function readQuery(text: string): Result<JsonObject, ApiError> {
  const fields: Record<string, string> = Object.create(null);
  if (text === '') return ok(fields);
  if (text.length > MAX_QUERY_BYTES) return err(queryProblem('', 'is too long', `at most ${MAX_QUERY_BYTES} bytes`));
  for (const pair of text.split('&')) {
    const at = pair.indexOf('=');
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    const value = decode(at < 0 ? '' : pair.slice(at + 1));
    if (name === null || value === null || name === '')
      return err(queryProblem(pair.slice(0, 64), 'is not well encoded', 'name=value, percent-encoded UTF-8'));
    if (name in fields) return err(queryProblem(name, 'is there twice', 'every parameter once'));
    fields[name] = value;
  }
  return ok(fields);
}

const queryProblem = (path: string, problem: string, allowed: string): ApiError =>
  fieldRefusal('VALIDATION_FAILED', [{ path: path === '' ? 'query' : path, problem, allowed }]);

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null; // URIError: the only thing that decodeURIComponent throws
  }
}

function readBody(request: ServerRequest): Result<JsonValue | undefined, ApiError> {
  const { body, headers } = request;
  if (body === '') return ok(undefined);
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) return err(refusal('BODY_TOO_LARGE'));
  if (!isJson(headers))
    return err(
      refusal('UNSUPPORTED_MEDIA_TYPE', { details: { content_type: (headers['content-type'] ?? '').slice(0, 100) } }),
    );
  const parsed = parseJson(body);
  return parsed.ok ? parsed : err(jsonRefusal(parsed.error));
}

/** `curl -d` says form-urlencoded; with a bearer token no browser form can have sent it, so it is read as JSON. */
function isJson(headers: Readonly<Record<string, string>>): boolean {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return false;
  const [media = '', ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (parameters.some((one) => one.startsWith('charset=') && one !== 'charset=utf-8' && one !== 'charset="utf-8"'))
    return false;
  if (media === 'application/json') return true;
  const tolerated = media === '' || media === 'application/x-www-form-urlencoded';
  return tolerated && /^bearer /i.test(headers['authorization'] ?? '');
}

function mergeFields(query: JsonObject, body: JsonValue | undefined): Result<JsonObject, ApiError> {
  if (body === undefined) return ok(query);
  if (!isJsonObject(body)) {
    return err(
      fieldRefusal('VALIDATION_FAILED', [{ path: '', problem: 'is not a JSON object', allowed: 'a JSON object' }]),
    );
  }
  const twice = Object.keys(body).find((name) => name in query);
  if (twice !== undefined) return err(queryProblem(twice, 'is in the query and in the body', 'one of the two'));
  return ok({ ...query, ...body });
}
