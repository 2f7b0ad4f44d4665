import { err, ok, type Result } from '../../../domain/result.ts';
import { REFUSED, type WireRefusal } from '../refusals.ts';
import type { Source } from './fields.ts';

/** Parameters of a query string; of a repeated name the first counts. */
export function querySource(query: string): Source {
  const source: Record<string, string> = Object.create(null);
  if (query === '') return source;
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    const name = decoded(at < 0 ? pair : pair.slice(0, at));
    if (name !== '' && source[name] === undefined) source[name] = at < 0 ? '' : decoded(pair.slice(at + 1));
  }
  return source;
}

/** A text that is not well encoded stays as it came: it then fails its parameter's own check. */
function decoded(part: string): string {
  if (!part.includes('%') && !part.includes('+')) return part;
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

/** Parameters of a JSON body; an empty body has none. */
export function bodySource(body: string): Result<Source, WireRefusal> {
  if (body === '') return ok({});
  const value = parsedJson(body);
  return isObject(value) ? ok(value) : err(REFUSED.parameter);
}

/** The value, or undefined for what is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const isObject = (value: unknown): value is Source =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
