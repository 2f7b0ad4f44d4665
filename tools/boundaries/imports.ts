// Checks every import against the table of rules.ts.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path/posix';
import type { Import } from '../syntax.ts';
import { MODULES, moduleOf, NODE_FILES, WIRING } from './rules.ts';

export type ImportingFile = { readonly file: string; readonly imports: readonly Import[] };

/** The file that a relative import names, null for a package or one of Node's modules. */
export const targetOf = (file: string, specifier: string): string | null =>
  specifier.startsWith('.') ? join(dirname(file), specifier) : null;

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Tests beside the code, and what a folder keeps for its tests in testing/ or a package in test/. */
const isTest = (file: string): boolean =>
  /\.test\.tsx?$|\/testing\//.test(file) || /^(packages\/[^/]+\/)?test\//.test(file);

function manifest(root: string, folder: string): { own: string; dependencies: readonly string[] } {
  const { name, dependencies = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    name: string;
    dependencies?: Record<string, string>;
  };
  return { own: name, dependencies: Object.keys(dependencies) };
}

/** A file of one folder of src/ imports another file of the repository. */
function insideSrc(from: string, to: string, typeOnly: boolean): string | null {
  const [source, target] = [moduleOf(from), moduleOf(to)];
  if (source === null || source === WIRING || source === target) return null;
  const rule = MODULES[source];
  if (rule === undefined) return `src/${source} is no known module: add it to tools/boundaries/rules.ts`;
  if (target === null) return `${source} may import only src/`;
  if (rule.uses.includes(target)) return null;
  if (rule.types?.includes(target)) return typeOnly ? null : `${source} may import only types of ${target}`;
  return `${source} may import only: ${rule.uses.join(', ') || 'nothing'}`;
}

/** A file of src/ imports a package or one of Node's modules. */
function outOfSrc(from: string, specifier: string, dependencies: readonly string[]): string | null {
  const source = moduleOf(from) as string;
  const rule = source === WIRING ? { node: true, npm: 'any' as const, packages: ['@okd/bybit'] } : MODULES[source];
  if (isBuiltin(specifier)) return rule?.node ? null : `${source} may not use Node's modules: use a port`;
  const name = packageOf(specifier);
  if (rule?.packages?.includes(name)) return null;
  const allowed = rule?.npm === 'any' ? dependencies : (rule?.npm ?? []);
  return allowed.includes(name) ? null : `${source} may not use the package ${name}`;
}

function fromPackage(from: string, specifier: string, dependencies: readonly string[]): string | null {
  const folder = from.split('/').slice(0, 2).join('/');
  const target = targetOf(from, specifier);
  if (target !== null) return target.startsWith(`${folder}/`) ? null : `${folder} imports nothing outside itself`;
  if (!NODE_FILES.includes(from)) return `only ${NODE_FILES.join(', ')} may use packages or Node's modules`;
  return isBuiltin(specifier) || dependencies.includes(packageOf(specifier))
    ? null
    : `${packageOf(specifier)} is no dependency of ${folder}/package.json`;
}

/** What nobody may import, wherever he is. */
function trespass(from: string, target: string): string | null {
  const tries = /^(sim|test|bench)\//.test(from);
  if (target.endsWith('.test.ts')) return 'a test file is imported by nothing';
  if (isTest(target) && !isTest(from) && !tries) return 'only tests import that';
  if (target.startsWith(`src/${WIRING}/`) && moduleOf(from) !== WIRING && !tries) return 'only app wires';
  return null;
}

function fromWeb(target: string | null): string | null {
  const allowed = target === null || !target.startsWith('src/') || target.startsWith('src/contract/');
  return allowed ? null : 'web may import only src/contract';
}

function refusal(from: string, { specifier, typeOnly }: Import, dependencies: readonly string[]): string | null {
  const target = targetOf(from, specifier);
  const trespassed = target === null ? null : trespass(from, target);
  if (trespassed !== null) return trespassed;
  if (target === null && isTest(from)) return null;
  if (from.startsWith('packages/')) return fromPackage(from, specifier, dependencies);
  if (from.startsWith('web/')) return fromWeb(target);
  if (!from.startsWith('src/')) return null;
  if (target === null) return outOfSrc(from, specifier, dependencies);
  return isTest(from) && target.startsWith('test/') ? null : insideSrc(from, target, typeOnly);
}

/** What is wrong with the imports, one line each. */
export function checkImports(root: string, files: readonly ImportingFile[]): string[] {
  const manifests = new Map<string, ReturnType<typeof manifest>>();
  return files.flatMap(({ file, imports }) => {
    const folder = file.startsWith('packages/') ? file.split('/').slice(0, 2).join('/') : '.';
    const known = manifests.get(folder) ?? manifest(root, folder);
    manifests.set(folder, known);
    return imports.flatMap((found) => {
      const why = refusal(file, found, known.dependencies);
      return why === null ? [] : [`${file}:${found.line} imports ${found.specifier}: ${why}`];
    });
  });
}
