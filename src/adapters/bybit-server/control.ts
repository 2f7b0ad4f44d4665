import { err, ok, type Result } from '../../domain/result.ts';
import type { ServerAnswer, ServerRequest } from '../../ports/network.ts';
import { isLoopback } from './auth.ts';
import type { FaultBook, FaultError } from './faults/fault-book.ts';

import { isObject, parsedJson, querySource } from './params/source.ts';

export const CONTROL_PREFIX = '/paper/';

type Json = Readonly<Record<string, unknown>>;
export type Command = (body: Json) => Promise<Result<unknown, FaultError>>;

/**
 * What programs on this machine can do to the exchange, by method and name (`POST clock`); `faults` and `trace` are
 * the server's own. The body of a GET is its query. Answers are JSON.
 */
export type Control = Readonly<{ commands: Readonly<Record<string, Command>> }>;

export type ControlParts = Readonly<{ control: Control; book: FaultBook }>;

/** Null where nobody has a command of that name. What cannot be done is 400 with `{ error, code }`. */
export async function controlAnswer(parts: ControlParts, request: ServerRequest): Promise<ServerAnswer | null> {
  if (!isLoopback(request.remoteAddress)) return null;
  const stranger = foreignPage(request.headers);
  if (stranger !== null) return answer(403, { error: stranger, code: 'FORBIDDEN' });
  const command = commandOf(parts, request);
  if (command === null) return null;
  const body = request.method === 'POST' ? bodyOf(request.body) : querySource(request.query);
  const done: Awaited<ReturnType<Command>> = isObject(body) ? await command(body) : err(NOT_AN_OBJECT);
  if (done.ok) return answer(200, done.value);
  const { code, message, problems } = done.error;
  return answer(400, { error: message, code, ...(problems === undefined ? {} : { problems }) });
}

const NOT_AN_OBJECT: FaultError = { code: 'INVALID', message: 'a JSON object is expected' };
const bodyOf = (text: string): unknown => (text === '' ? {} : parsedJson(text));

const answer = (status: number, body: unknown): ServerAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
  body: JSON.stringify(body),
});

const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * A page in this machine's browser comes from this machine too: it has an origin, or reached the port under a name of
 * its own (DNS rebinding). Programs have neither.
 */
function foreignPage(headers: Readonly<Record<string, string>>): string | null {
  const { origin, host } = headers;
  if (origin !== undefined) return 'web pages are not served here';
  if (host !== undefined && !LOCAL_HOST.test(host)) return `this is not ${host}: ask for 127.0.0.1`;
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'none' ? null : 'web pages are not served here';
}

function commandOf(parts: ControlParts, { method, path }: ServerRequest): Command | null {
  const name = `${method} ${path.slice(CONTROL_PREFIX.length)}`;
  const own = faultCommands(parts.book);
  if (Object.hasOwn(own, name)) return own[name] ?? null;
  const [, id] = /^DELETE faults\/([\w.-]{1,60})$/.exec(name) ?? [];
  if (id !== undefined) return () => removed(parts.book, id);
  const { commands } = parts.control;
  return Object.hasOwn(commands, name) ? (commands[name] ?? null) : null;
}

const faultCommands = (book: FaultBook): Readonly<Record<string, Command>> => ({
  'GET faults': async () => ok({ faults: book.list() }),
  'POST faults': async (body) => {
    const rules = body.rules === undefined ? [body] : body.rules;
    if (!Array.isArray(rules)) return err({ code: 'INVALID', message: 'rules: a list is expected' });
    const ids = await book.add(rules);
    return ids.ok ? ok({ ids: ids.value }) : ids;
  },
  'DELETE faults': async () => ok({ removed: await book.clear() }),
  'GET trace': async ({ after, limit }) => {
    const entries = book.trace.read(Number(after ?? 0) || 0, Number(limit ?? 1000) || 1000);
    return ok({ entries, next: entries.at(-1)?.n ?? (Number(after ?? 0) || 0) });
  },
});

async function removed(book: FaultBook, id: string): Promise<Result<unknown, FaultError>> {
  return (await book.remove(id)) ? ok({ removed: 1 }) : err({ code: 'NOT_FOUND', message: `there is no fault ${id}` });
}
