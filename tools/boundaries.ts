// npm run boundaries: imports against the table in boundaries/rules.ts, circles, and impure calls in the pure folders.
// --root DIR checks another tree; --graph prints the table as a mermaid graph.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findCycles } from './boundaries/cycles.ts';
import { checkImports } from './boundaries/imports.ts';
import { findImpurities } from './boundaries/purity.ts';
import { mermaid, moduleOf, NODE_FILES, PURE } from './boundaries/rules.ts';
import { findFiles } from './files.ts';
import { importsOf, readSource } from './syntax.ts';

const CODE = ['{src,sim,test,bench,tools}/**/*.ts', 'packages/*/{src,test}/**/*.ts', 'web/{src,test}/**/*.{ts,tsx}'];

const isPure = (file: string): boolean => {
  if (file.endsWith('.test.ts') || NODE_FILES.includes(file)) return false;
  return /^packages\/[^/]+\/src\//.test(file) || PURE.includes(moduleOf(file) ?? '');
};

function violations(root: string): { files: number; found: string[] } {
  const sources = findFiles(root, CODE).map((file) => readSource(root, file));
  const files = sources.map((source) => ({ file: source.file, imports: importsOf(source) }));
  const impure = sources.filter(({ file }) => isPure(file)).flatMap(findImpurities);
  return { files: files.length, found: [...checkImports(root, files), ...findCycles(files), ...impure] };
}

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
    graph: { type: 'boolean', default: false },
  },
});
if (values.graph) {
  console.log(mermaid());
} else {
  const { files, found } = violations(values.root);
  for (const line of found) console.log(line);
  if (files === 0) console.log(`no source file below ${values.root}: nothing was checked`);
  else console.log(`${files} files, ${found.length} violations`);
  process.exitCode = files > 0 && found.length === 0 ? 0 : 1;
}
