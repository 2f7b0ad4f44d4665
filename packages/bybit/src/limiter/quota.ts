/** What Bybit says of a budget with every answer (docs/v5/rate-limit): REST headers, or `header` on the trade socket. */
export type Quota = Readonly<{
  /** Requests per second. */
  limit: number;
  /** Left of them when the venue answered. */
  remaining: number | null;
  /** Venue's clock, ms: when the budget refills, if it is used up; else about now. */
  resetAt: number | null;
}>;

/** A number of at most 2^53 from header text; null if it is absent or is none. */
function count(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) return null;
  return Number(text);
}

/** Header names in lower case (REST). Null where the venue sent no limit: public data has none. */
export function quotaOfHeaders(headers: Readonly<Record<string, string>>): Quota | null {
  return quota(headers['x-bapi-limit'], headers['x-bapi-limit-status'], headers['x-bapi-limit-reset-timestamp']);
}

/** `header` of an answer on the trade socket. */
export function quotaOfAnswer(header: unknown): Quota | null {
  if (typeof header !== 'object' || header === null) return null;
  const of = header as Readonly<Record<string, unknown>>;
  return quota(of['X-Bapi-Limit'], of['X-Bapi-Limit-Status'], of['X-Bapi-Limit-Reset-Timestamp']);
}

function quota(limitText: unknown, statusText: unknown, resetText: unknown): Quota | null {
  const limit = count(limitText);
  const resetAt = count(resetText);
  if (limit === null || limit === 0) return resetAt === null ? null : { limit: 0, remaining: null, resetAt };
  return { limit, remaining: count(statusText), resetAt };
}
