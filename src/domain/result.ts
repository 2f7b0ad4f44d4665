/** Expected failure is a value; a bug is a crash. */

export type Ok<T> = { readonly ok: true; readonly value: T };
export type Err<E> = { readonly ok: false; readonly error: E };
export type Result<T, E> = Ok<T> | Err<E>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const err = <E>(error: E): Err<E> => ({ ok: false, error });

/** Thrown when something that cannot happen has happened: never caught to carry on, always to stop. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Kept on in production: checked where state is written and again where it is read. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Ends a `switch` over a discriminated union: a variant that was forgotten fails to compile. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${printed(value)}`);
}

/** For a Result that cannot fail here, because the input was validated before. */
export function unwrap<T, E>(result: Result<T, E>): T {
  if (result.ok) return result.value;
  throw new InvariantError(`unexpected failure: ${printed(result.error)}`);
}

/** For messages: JSON, with the bigints that it cannot hold as text. */
const printed = (value: unknown): string =>
  JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field));
