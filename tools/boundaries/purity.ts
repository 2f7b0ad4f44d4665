// Finds what the type-check without ambient types cannot see: clock, chance and place hidden in standard objects.
import { isNode, type Source, type SyntaxNode, visit } from '../syntax.ts';

const OF_OBJECT: Readonly<Record<string, string>> = {
  'Date.now': 'use the time that came with the message',
  'Math.random': 'use the Rng of the context',
  'performance.now': 'use the Clock of the context',
};
const ANY_MEMBER: Readonly<Record<string, string>> = {
  globalThis: 'nothing global: take it as an argument',
  Intl: 'its output depends on the machine: format at the edge',
};
const METHOD: Readonly<Record<string, string>> = {
  localeCompare: 'its order depends on the machine: compare with < and >',
  toLocaleString: 'its output depends on the machine: format at the edge',
  toLocaleDateString: 'its output depends on the machine: format at the edge',
  toLocaleTimeString: 'its output depends on the machine: format at the edge',
  getTimezoneOffset: 'the core knows UTC only',
  getHours: 'local time: use getUTCHours',
  getMinutes: 'local time: use getUTCMinutes',
  getDate: 'local time: use getUTCDate',
  getDay: 'local time: use getUTCDay',
  getMonth: 'local time: use getUTCMonth',
  getFullYear: 'local time: use getUTCFullYear',
};

const identifier = (node: unknown): string | null =>
  isNode(node) && node.type === 'Identifier' ? (node['value'] as string) : null;

function impurity(node: SyntaxNode): string | null {
  if (node.type === 'MemberExpression') {
    const [object, property] = [identifier(node['object']), identifier(node['property'])];
    const path = `${object}.${property}`;
    if (OF_OBJECT[path] !== undefined) return `${path}: ${OF_OBJECT[path]}`;
    if (object !== null && Object.hasOwn(ANY_MEMBER, object)) return `${object}: ${ANY_MEMBER[object]}`;
    if (property !== null && Object.hasOwn(METHOD, property)) return `${property}: ${METHOD[property]}`;
  }
  if (node.type === 'CallExpression' && identifier(node['callee']) === 'Date') return 'Date(): pass the time';
  if (node.type === 'NewExpression' && identifier(node['callee']) === 'Date') {
    const count = (node['arguments'] as unknown[] | null)?.length ?? 0;
    if (count === 0) return 'new Date(): use the time that came with the message';
    if (count > 1) return 'new Date(year, …) is local time: use Date.UTC';
  }
  return null;
}

export function findImpurities({ file, tree, lineOf }: Source): string[] {
  const found: string[] = [];
  visit(tree, (node) => {
    const why = impurity(node);
    if (why !== null) found.push(`${file}:${lineOf(node.span?.start ?? 1)} reads ${why}`);
  });
  return found;
}
