// Reads TypeScript into a syntax tree and answers what the checks ask about it. swc, because TypeScript 7 has no API.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

export type SyntaxNode = { readonly type: string; readonly span?: Span; readonly [key: string]: unknown };
type Span = { readonly start: number; readonly end: number };
export type Source = {
  readonly file: string;
  readonly text: string;
  readonly tree: SyntaxNode;
  lineOf(at: number): number;
};
export type Import = { readonly specifier: string; readonly typeOnly: boolean; readonly line: number };
export type FunctionSpan = { readonly name: string; readonly line: number; readonly lines: number };

export const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** swc counts bytes from 1; the answer is a line number. */
function lineFinder(text: string): (at: number) => number {
  const bytes = Buffer.from(text);
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  return (at) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= at - 1) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

export function readSource(root: string, file: string): Source {
  const text = readFileSync(join(root, file), 'utf8');
  const tree = parseSync(text, { syntax: 'typescript', tsx: file.endsWith('x'), target: 'es2024' });
  return { file, text, tree: tree as unknown as SyntaxNode, lineOf: lineFinder(text) };
}

/** Every node, parents first, with the chain above it. */
export function visit(tree: SyntaxNode, see: (node: SyntaxNode, parent: SyntaxNode | null) => void): void {
  const enter = (value: unknown, parent: SyntaxNode | null): void => {
    if (Array.isArray(value)) {
      for (const item of value) enter(item, parent);
    } else if (typeof value === 'object' && value !== null) {
      const node = isNode(value) ? value : null;
      if (node !== null) see(node, parent);
      for (const key in value) enter((value as Record<string, unknown>)[key], node ?? parent);
    }
  };
  enter(tree, null);
}

const literal = (node: unknown): string | null =>
  isNode(node) && node.type === 'StringLiteral' ? (node['value'] as string) : null;

function specifierOf(node: SyntaxNode): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return literal(node['source']);
    case 'TsImportType':
      return literal(node['argument']);
    case 'TsExternalModuleReference':
      return literal(node['expression']);
    case 'CallExpression': {
      const callee = node['callee'];
      const [first] = node['arguments'] as { expression: unknown }[];
      return isNode(callee) && callee.type === 'Import' ? literal(first?.expression) : null;
    }
    default:
      return null;
  }
}

export function importsOf({ tree, lineOf }: Source): Import[] {
  const found: Import[] = [];
  visit(tree, (node) => {
    const specifier = specifierOf(node);
    if (specifier === null) return;
    const typeOnly = node['typeOnly'] === true || node.type === 'TsImportType';
    found.push({ specifier, typeOnly, line: lineOf(node.span?.start ?? 1) });
  });
  return found;
}

const METHODS = ['ClassMethod', 'PrivateMethod', 'MethodProperty', 'GetterProperty', 'SetterProperty', 'Constructor'];
const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression', ...METHODS];
/** Their callbacks group tests; the tests inside are measured one by one. */
const GROUPING = ['describe', 'suite'];

function nameOf(...candidates: unknown[]): string | null {
  for (const node of candidates) {
    if (!isNode(node)) continue;
    if (typeof node['value'] === 'string') return node['value'];
    const inner = nameOf(node['id'], node['key'], node['identifier'], node['callee']);
    if (inner !== null) return inner;
  }
  return null;
}

/** Name, place and length in lines of every function; the callbacks of describe() are left out. */
export function functionsOf({ tree, lineOf }: Source): FunctionSpan[] {
  const found: FunctionSpan[] = [];
  visit(tree, (node, parent) => {
    if (!FUNCTIONS.includes(node.type) || node.span === undefined) return;
    const name = nameOf(node, parent) ?? 'anonymous';
    if (parent?.type === 'CallExpression' && GROUPING.includes(name)) return;
    const line = lineOf(node.span.start);
    found.push({ name, line, lines: lineOf(node.span.end - 1) - line + 1 });
  });
  return found;
}
