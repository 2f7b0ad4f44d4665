import type { Lane } from '../limiter.ts';
import type { Category } from '../wire/enums.ts';
import type { Schema } from '../wire/schema.ts';

/** Categories that share one budget: Bybit counts linear and inverse together. */
export type CategoryGroup = 'futures' | 'spot' | 'option';

export const groupOf = (category: Category): CategoryGroup =>
  category === 'linear' || category === 'inverse' ? 'futures' : category;

/**
 * Documented requests per second of one account (docs/v5/rate-limit): one number for all categories together, one per
 * category group, or null for public data, which only the address's budget limits.
 */
export type PerSecond = number | Readonly<Record<CategoryGroup, number>> | null;

/** One endpoint of the V5 API. Everything that differs between endpoints is in this row; `rest.ts` does the rest. */
export type Endpoint<T> = Readonly<{
  method: 'GET' | 'POST';
  path: string;
  /** Signed with the account's key. */
  signed: boolean;
  /** Lane it takes unless the caller names another. */
  lane: Lane;
  perSecond: PerSecond;
  /** Schema of `result`. */
  result: Schema<T>;
}>;

/** A public read. */
export const publicRead = <T>(path: string, result: Schema<T>): Endpoint<T> => ({
  method: 'GET',
  path,
  signed: false,
  lane: 'query',
  perSecond: null,
  result,
});

/** A read of the account's own state. */
export const privateRead = <T>(path: string, perSecond: PerSecond, result: Schema<T>): Endpoint<T> => ({
  method: 'GET',
  path,
  signed: true,
  lane: 'query',
  perSecond,
  result,
});

export const write = <T>(path: string, lane: Lane, perSecond: PerSecond, result: Schema<T>): Endpoint<T> => ({
  method: 'POST',
  path,
  signed: true,
  lane,
  perSecond,
  result,
});

/** Name and size of the budget that a request falls under. */
export function budgetOf(
  endpoint: Pick<Endpoint<unknown>, 'path' | 'perSecond'>,
  account: string,
  category: Category | undefined,
): { key: string; perSecond: number } | null {
  const { path, perSecond } = endpoint;
  if (perSecond === null) return null;
  if (typeof perSecond === 'number') return { key: `${account} ${path}`, perSecond };
  const group = groupOf(category ?? 'linear');
  return { key: `${account} ${path} ${group}`, perSecond: perSecond[group] };
}
