// Who may import whom. This table is the architecture: ARCHITECTURE.md shows the graph that is printed from it.

type Rule = {
  /** Folders of src/ whose code this one may use, besides its own. */
  readonly uses: readonly string[];
  /** Folders of which it may name types only. */
  readonly types?: readonly string[];
  /** npm packages; `any` is whatever package.json lists under dependencies. */
  readonly npm?: readonly string[] | 'any';
  /** Workspaces of packages/. */
  readonly packages?: readonly string[];
  /** Node's own modules. */
  readonly node?: boolean;
};

const adapter = (more: Partial<Rule> = {}): Rule => ({
  npm: 'any',
  node: true,
  ...more,
  uses: ['domain', 'ports', 'contract', ...(more.uses ?? [])],
});

/** A folder of src/ that is not in this table may not exist. */
export const MODULES: Readonly<Record<string, Rule>> = {
  domain: { uses: [] },
  ports: { uses: ['domain'] },
  kernel: { uses: ['domain', 'ports'] },
  matching: { uses: ['domain'] },
  clearing: { uses: ['domain'], types: ['kernel'] },
  market: { uses: ['domain', 'ports'] },
  risk: { uses: ['domain', 'ports'] },
  routing: { uses: ['domain', 'ports'] },
  oms: { uses: ['domain', 'ports', 'kernel', 'risk', 'routing', 'clearing'] },
  spreads: { uses: ['domain', 'ports', 'risk', 'oms'] },
  signals: { uses: ['domain', 'ports'] },
  analytics: { uses: ['domain', 'ports'] },
  paper: { uses: ['domain', 'ports', 'market', 'matching', 'clearing', 'kernel'] },
  contract: { uses: ['domain'], npm: ['zod'] },
  'adapters/bybit': adapter({ packages: ['@okd/bybit'] }),
  'adapters/bybit-server': adapter(),
  'adapters/http': adapter({ types: ['oms'] }),
  'adapters/internal': adapter({ uses: ['matching', 'clearing', 'kernel'] }),
  'adapters/nats': adapter(),
  'adapters/postgres': adapter(),
  'adapters/reports': adapter(),
  // The records are folded from the events of the core, in the words of its own codec.
  'adapters/sqlite': adapter({ uses: ['kernel'], types: ['oms', 'clearing'] }),
  'adapters/system': adapter(),
  'adapters/telegram': adapter(),
};

/** The only place that wires modules together: it may import all of them. */
export const WIRING = 'app';

/** Modules that are functions of their arguments: no clock, no chance, no environment. */
export const PURE: readonly string[] = Object.keys(MODULES).filter((name) => !name.startsWith('adapters/'));

/** The one file of a package that may use Node's modules and its own dependencies. */
export const NODE_FILES: readonly string[] = ['packages/bybit/src/node.ts'];

/** The module a file of src/ belongs to: its folder, and below adapters/ the folder there. */
export function moduleOf(file: string): string | null {
  const [top, first, second] = file.split('/');
  if (top !== 'src' || first === undefined) return null;
  return first === 'adapters' && second !== undefined ? `${first}/${second}` : first;
}

/** The rules as a mermaid graph, for ARCHITECTURE.md; dotted where only types are used. */
export function mermaid(): string {
  const name = (module: string) => module.replaceAll(/[/-]/g, '_');
  const lines = Object.entries(MODULES).flatMap(([module, { uses, types = [], packages = [] }]) => [
    ...(module.includes('/') ? [`  ${name(module)}["${module}"]`] : []),
    ...uses.map((used) => `  ${name(module)} --> ${used}`),
    ...types.map((used) => `  ${name(module)} -.-> ${used}`),
    ...packages.map((used) => `  ${name(module)} --> ${name(used.replace('@', ''))}["${used}"]`),
  ]);
  return ['graph LR', ...lines].join('\n');
}
