/** How a comparison reads its example. */
export type Reading = Readonly<{
  /** Fields that the documentation's own table names, by path without `[]`, with their types: they may be there too. */
  documented?: ReadonlyMap<string, string>;
  /** Last words of paths to objects that are keyed by something of the account, a coin say. */
  keyed?: ReadonlySet<string>;
  /** The lists in which ours has to have rows where the example has some; in one of several rows around them is enough. */
  needsRows?: (path: string) => boolean;
}>;

/**
 * Compares the shapes of two JSON values: keys, nesting and types, not the values themselves. Every row of a list is
 * compared with the row of the example that is most like it; where the example's list is empty anything may be in it.
 * Rows that are lists themselves (`[price, qty]`) are as long as the example's.
 */
export function differences(ours: unknown, example: unknown, path = '', reading: Reading = {}): string[] {
  if (kindOf(ours) !== kindOf(example)) return [`${path}: ${kindOf(ours)} instead of ${kindOf(example)}`];
  if (Array.isArray(ours) && Array.isArray(example)) return rowDifferences(ours, example, path, reading);
  if (kindOf(ours) !== 'object') return [];
  const [mine, theirs] = [ours as Readonly<Record<string, unknown>>, example as Readonly<Record<string, unknown>>];
  if (reading.keyed?.has(path.slice(path.lastIndexOf('.') + 1)) === true) {
    return rowDifferences(Object.values(mine), Object.values(theirs), path, reading);
  }
  const inside = (key: string) => (path === '' ? key : `${path}.${key}`);
  return [
    ...Object.keys(theirs)
      .filter((key) => !(key in mine))
      .map((key) => `${inside(key)}: missing`),
    ...Object.keys(mine)
      .filter((key) => !(key in theirs))
      .flatMap((key) => undocumented(mine[key], inside(key), reading)),
    ...Object.keys(mine)
      .filter((key) => key in theirs)
      .flatMap((key) => differences(mine[key], theirs[key], inside(key), reading)),
  ];
}

const EMPTY = '[]: no rows';

function rowDifferences(ours: readonly unknown[], example: readonly unknown[], path: string, reading: Reading) {
  if (example.length === 0) return [];
  if (ours.length === 0) return reading.needsRows?.(path) === true ? [`${path}${EMPTY}`] : [];
  const isTuple = path.endsWith('[]') && example.every((one) => kindOf(one) === 'string');
  if (isTuple && ours.length !== example.length)
    return [`${path}: ${ours.length} entries instead of ${example.length}`];
  const found = ours.map((row) => closestDifferences(row, example, path, reading));
  return found.flat().filter((one) => !one.endsWith(EMPTY) || found.every((row) => row.includes(one)));
}

function closestDifferences(row: unknown, example: readonly unknown[], path: string, reading: Reading): string[] {
  let closest = differences(row, example[0], `${path}[]`, reading);
  for (const other of example.slice(1)) {
    if (closest.length === 0) break;
    const found = differences(row, other, `${path}[]`, reading);
    if (found.length < closest.length) closest = found;
  }
  return closest;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'string', boolean: 'boolean', bool: 'boolean', object: 'object', Object: 'object', map: 'object',
  integer: 'number', number: 'number', long: 'number', int: 'number', array: 'list',
}; // biome-ignore format: a table

/** A key that the example lacks: fine where the table of fields has it, with the type that it gives. */
function undocumented(value: unknown, path: string, reading: Reading): string[] {
  const type = reading.documented?.get(path.replaceAll('[]', ''));
  if (type === undefined) return [`${path}: not in the example`];
  const kind = KINDS[type.replace(/<.*/, '')];
  return kind === undefined || kind === kindOf(value) ? [] : [`${path}: ${kindOf(value)} instead of ${kind}`];
}

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);
