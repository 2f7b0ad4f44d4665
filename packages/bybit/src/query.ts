/** What may stand in a request. `undefined` means: not sent. */
export type Param = string | number | boolean | undefined;

/**
 * The query exactly as it is signed and sent. A `cursor` comes from the venue already percent-encoded and goes back
 * verbatim (encoding it again makes another cursor of it); everything else is encoded here.
 */
export function queryOf(params: Readonly<Record<string, Param>>): string {
  let query = '';
  for (const name in params) {
    const value = params[name];
    if (value === undefined) continue;
    const text = name === 'cursor' ? String(value) : encodeURIComponent(value);
    query += `${query === '' ? '' : '&'}${name}=${text}`;
  }
  return query;
}
