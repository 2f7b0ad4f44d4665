// The titles of the tests in the repository, read from the sources.
import { findFiles } from './files.ts';
import { isNode, readSource, type SyntaxNode, visit } from './syntax.ts';

const TESTS = [
  '{src,sim,test,bench,tools}/**/*.test.ts',
  'packages/*/{src,test}/**/*.test.ts',
  'web/**/*.test.{ts,tsx}',
];

/** `test`, `it`, `describe`, and `t.test`; not `test.skip` or `test.todo`, which show nothing. */
function isTestCall(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === 'Identifier') return ['test', 'it', 'describe', 'suite'].includes(callee['value'] as string);
  const property = callee['property'];
  return callee.type === 'MemberExpression' && isNode(property) && property['value'] === 'test';
}

function titleOf(node: SyntaxNode): string | null {
  if (node.type !== 'CallExpression' || !isTestCall(node['callee'])) return null;
  const [first] = node['arguments'] as { expression: unknown }[];
  const title = first?.expression;
  return isNode(title) && title.type === 'StringLiteral' ? (title['value'] as string) : null;
}

export function testTitles(root: string): string[] {
  return findFiles(root, TESTS).flatMap((file) => {
    const titles: string[] = [];
    visit(readSource(root, file).tree, (node) => {
      const title = titleOf(node);
      if (title !== null) titles.push(title);
    });
    return titles;
  });
}
