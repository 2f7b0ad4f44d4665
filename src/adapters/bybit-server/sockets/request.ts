import { isObject, parsedJson } from '../params/source.ts';

/** A message of a client, as far as it could be read: unreadable parts are absent. */
export type SocketRequest = Readonly<{
  op: string;
  reqId: string | undefined;
  args: readonly unknown[];
  header: unknown;
  /** Length of the whole message. */
  characters: number;
}>;

/** `req_id` on public and private sockets, `reqId` on the trade socket; one reader for both. Null: not an object. */
export function readSocketRequest(text: string): SocketRequest | null {
  const value = parsedJson(text);
  if (!isObject(value)) return null;
  const reqId = value.reqId ?? value.req_id;
  return {
    op: typeof value.op === 'string' ? value.op : '',
    reqId: typeof reqId === 'string' || typeof reqId === 'number' ? String(reqId) : undefined,
    args: Array.isArray(value.args) ? value.args : [],
    header: value.header,
    characters: text.length,
  };
}
