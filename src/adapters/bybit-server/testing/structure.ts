/**
 * Compares the shapes of two JSON values: keys, nesting and types, not the values themselves. Every row of a list is
 * compared with the example's first; where the example's list is empty anything may be in it.
 */
export function differences(ours: unknown, example: unknown, path = ''): string[] {
  if (kindOf(ours) !== kindOf(example)) return [`${path}: ${kindOf(ours)} instead of ${kindOf(example)}`];
  if (Array.isArray(ours) && Array.isArray(example)) {
    return example.length === 0 ? [] : ours.flatMap((item) => differences(item, example[0], `${path}[]`));
  }
  if (kindOf(ours) !== 'object') return [];
  const [mine, theirs] = [ours as Record<string, unknown>, example as Record<string, unknown>];
  const inside = (key: string) => (path === '' ? key : `${path}.${key}`);
  return [
    ...Object.keys(theirs)
      .filter((key) => !(key in mine))
      .map((key) => `${inside(key)}: missing`),
    ...Object.keys(mine)
      .filter((key) => !(key in theirs))
      .map((key) => `${inside(key)}: not in the example`),
    ...Object.keys(mine)
      .filter((key) => key in theirs)
      .flatMap((key) => differences(mine[key], theirs[key], inside(key))),
  ];
}

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);
