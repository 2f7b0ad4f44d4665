// Words and habits that no compiler sees. Each rule's message names what to do instead.

type Rule = {
  readonly name: string;
  readonly pattern: RegExp;
  readonly instead: string;
  /** Whether the rule looks at this file. */
  readonly where: (file: string) => boolean;
  /** Whether a line that matches is fine after all. */
  readonly unless?: RegExp;
};

const isCode = (file: string) => /\.(ts|tsx|mjs|cjs|js)$/.test(file);
const isTest = (file: string) => /\.test\.tsx?$/.test(file) || /(^|\/)(test|testing)\//.test(file);
const below =
  (...folders: string[]) =>
  (file: string) =>
    folders.some((folder) => file.startsWith(`${folder}/`));
const isCore = (file: string) => below('src')(file) && !below('src/adapters', 'src/app')(file);
/** Files that speak of the rules themselves. */
const OWN = [
  'tools/tidy.ts',
  'tools/tidy.test.ts',
  'test/guards.test.ts',
  'tools/boundaries/purity.ts',
  'CONTRIBUTING.md',
];
const isText = (file: string) => !OWN.includes(file) && file !== 'package-lock.json' && file !== 'LICENSE';

const ENVIRONMENT = ['src/app/config.ts', 'packages/bybit/src/node.ts', 'tools/setup.mjs'];

export const RULES: readonly Rule[] = [
  {
    name: 'todo',
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    unless: /\b00[0-4]-\d\d\b|\badr\/\d{4}|\bADR[ -]?\d{4}/,
    instead: 'name the row of docs/requirements.md or the ADR that it belongs to, or delete it',
    where: isText,
  },
  {
    name: 'clock',
    pattern: /\b(Date\.now|performance\.now)\(/,
    instead: 'time is an argument: take it from the message or from ports/clock.ts',
    where: (file) => isText(file) && isCore(file) && !isTest(file),
  },
  {
    name: 'chance',
    pattern: /\bMath\.random\(/,
    instead: 'chance is an argument: take it from ports/rng.ts',
    where: (file) => isText(file) && isCore(file),
  },
  {
    name: 'environment',
    pattern: /\bprocess\.env\b/,
    instead: 'read it in src/app/config.ts and pass the value on',
    where: (file) => {
      const free = isTest(file) || below('tools', 'bench', 'test')(file) || ENVIRONMENT.includes(file);
      return isCode(file) && isText(file) && !free;
    },
  },
  {
    name: 'silenced-type',
    pattern: /@ts-(ignore|nocheck)\b/,
    instead: 'mend the type, or use @ts-expect-error with the reason',
    where: (file) => isCode(file) && isText(file),
  },
  {
    name: 'only',
    pattern: /\b(test|it|describe|suite)\.only\(|\bonly: true\b/,
    instead: 'run one test with --name, and leave the others in',
    where: (file) => isCode(file) && isText(file),
  },
  {
    name: 'empty-catch',
    pattern: /\bcatch\s*(\([^)]*\)\s*)?\{\s*\}|\.catch\(\(\w*\)\s*=>\s*(\{\s*\}|undefined|null)\s*\)/,
    unless: /\/\/ \S/,
    instead: 'handle it, or say on the line why there is nothing to do',
    where: (file) => isCode(file) && isText(file) && !isTest(file),
  },
  {
    name: 'machine-path',
    pattern: /(?<![\w.])\/work\//,
    instead: 'a path of one machine: use one relative to the repository',
    where: isText,
  },
  {
    name: 'shared-folder',
    pattern: /\.\.\/shared\b/,
    instead: 'only tests and benches may look beside the repository',
    where: (file) => isText(file) && !below('test', 'sim', 'bench')(file) && !isTest(file),
  },
  {
    name: 'spelling',
    pattern: /\b(cancelled|cancelling)\b/,
    instead: "canceled with one l, as FIX writes it; a venue's own word stays in its adapter",
    where: (file) => isText(file) && isCore(file),
  },
];

const VAGUE = /(^|[/-])(utils?|helpers?|managers?|misc|handy|common)\.tsx?$/;

/** What is wrong in one file, one line each. */
export function untidy(file: string, text: string): string[] {
  const rules = RULES.filter(({ where }) => where(file));
  const problems = VAGUE.test(file) ? [`${file}: name a file after its subject`] : [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    for (const { name, pattern, unless, instead } of rules) {
      if (pattern.test(line) && !unless?.test(line)) problems.push(`${file}:${index + 1} ${name}: ${instead}`);
    }
  }
  return problems;
}
