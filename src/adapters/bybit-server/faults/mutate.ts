import { below, type Rng } from '../../../ports/rng.ts';
import type { RuleOf } from './rule.ts';

type Mutation = Pick<Extract<RuleOf<'RESP'>, { action: 'mutate' }>, 'path' | 'how' | 'value'>;
type Node = Record<string, unknown>;

const UNKNOWN_WORD = 'SomethingNew';
const NEW_FIELD = 'someNewField';

/** Changes one field of a message in place: the one at the path, or one that chance takes. */
export function mutate(message: object, { path, how, value }: Mutation, rng: Rng): void {
  if (how === 'add') {
    const { node, key } =
      path === undefined ? { node: anyObject(message, rng), key: NEW_FIELD } : placeOf(message, path);
    if (node !== null) node[key] = value ?? UNKNOWN_WORD;
    return;
  }
  const { node, key } = path === undefined ? anyLeaf(message, rng) : placeOf(message, path);
  if (node === null || !Object.hasOwn(node, key)) return;
  if (how === 'value') node[key] = value ?? UNKNOWN_WORD;
  else if (how === 'null') node[key] = null;
  else if (Array.isArray(node)) node.splice(Number(key), 1);
  else delete node[key];
}

type Place = { node: Node | null; key: string };

/** Where `a.0.b` is; the node is null where the way there does not exist. */
function placeOf(message: object, path: string): Place {
  const names = path.split('.');
  const key = names.pop() as string;
  let node: unknown = message;
  for (const name of names) node = isNode(node) ? node[name] : null;
  return { node: isNode(node) ? node : null, key };
}

/** Rows are what readers trip over: leaves of `data` and `result`, of anything where there are none. */
function anyLeaf(message: object, rng: Rng): Place {
  const places = leaves(bodyOf(message));
  const chosen = places.length > 0 ? places : leaves(message as Node);
  return chosen[below(rng, chosen.length)] ?? { node: null, key: '' };
}

function anyObject(message: object, rng: Rng): Node | null {
  const objects = [...new Set(leaves(bodyOf(message)).map(({ node }) => node))].filter((node) => !Array.isArray(node));
  return objects[below(rng, objects.length)] ?? (message as Node);
}

const bodyOf = (message: object): unknown =>
  'data' in message ? message.data : 'result' in message ? message.result : null;

function leaves(value: unknown): Place[] {
  if (!isNode(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (isNode(inner) ? leaves(inner) : [{ node: value, key }]));
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** In place, by Fisher and Yates. */
export function shuffle(rows: unknown[], rng: Rng): void {
  for (let i = rows.length - 1; i > 0; i -= 1) {
    const j = below(rng, i + 1);
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
}
