// Checks docs/requirements.md: every row is there once, and what a working row is shown by exists. --root DIR: another tree.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findFiles } from './files.ts';
import { testTitles } from './test-titles.ts';

/** How many rows each of the five documents has. */
const ROWS = { '000': 45, '001': 76, '002': 40, '003': 58, '004': 26 };
const STATES = ['works', 'planned', 'not yet'];
const TABLE_ROW = /^\| *(\d{3}-\d{2}) *\|([^|]*)\|([^|]*)\|(.*)\|$/;

type Row = { readonly id: string; readonly state: string; readonly shownBy: string; readonly line: number };
type Evidence = {
  readonly titles: ReadonlySet<string>;
  readonly scripts: ReadonlySet<string>;
  readonly okd: ReadonlySet<string>;
};

function readRows(text: string): Row[] {
  return text.split('\n').flatMap((line, index) => {
    const [, id, , state, shownBy] = TABLE_ROW.exec(line) ?? [];
    if (id === undefined || state === undefined || shownBy === undefined) return [];
    return [{ id, state: state.trim(), shownBy: shownBy.trim(), line: index + 1 }];
  });
}

function expectedIds(): string[] {
  return Object.entries(ROWS).flatMap(([document, count]) =>
    Array.from({ length: count }, (_, index) => `${document}-${String(index + 1).padStart(2, '0')}`),
  );
}

/** Commands that the command line declares, wherever below src/app. */
function okdCommands(root: string): string[] {
  return findFiles(root, ['src/app/**/*.ts']).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/(?:\.command|new Command)\(\s*['"`]([\w-]+)/g)].map((match) => match[1] as string);
  });
}

function evidenceIn(root: string): Evidence {
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts?: Record<string, string>;
  };
  return {
    titles: new Set(testTitles(root)),
    scripts: new Set(Object.keys(scripts)),
    okd: new Set(okdCommands(root)),
  };
}

function commandProblem(command: string, { scripts, okd }: Evidence): string | null {
  const [program, first = '', second = ''] = command.split(/\s+/);
  if (program === './bin/okd') return okd.has(first) ? null : `okd has no command ${first}`;
  if (program !== 'npm') return `${command} is neither an npm script nor a command of ./bin/okd`;
  const script = first === 'run' ? second : first;
  return scripts.has(script) ? null : `package.json has no script ${script}`;
}

function proofProblem(proof: string, evidence: Evidence): string | null {
  const title = /^"(.+)"$/.exec(proof)?.[1];
  if (title !== undefined) return evidence.titles.has(title) ? null : `no test is called "${title}"`;
  const command = /^`(.+)`$/.exec(proof)?.[1];
  if (command !== undefined) return commandProblem(command, evidence);
  return `${proof} is neither a test's title in double quotes nor a command in backticks`;
}

function rowProblems({ state, shownBy }: Row, evidence: Evidence): string[] {
  if (!STATES.includes(state)) return [`unknown state "${state}", there are: ${STATES.join(', ')}`];
  if (state !== 'works') return [];
  if (shownBy === '') return ['works, but nothing shows it'];
  const proofs = shownBy.split(/;\s*(?=["`])/);
  return proofs.map((proof) => proofProblem(proof.trim(), evidence)).filter((problem) => problem !== null);
}

/** What is wrong with the table, one line each. */
export function requirementProblems(root: string): string[] {
  const file = 'docs/requirements.md';
  const rows = readRows(readFileSync(join(root, file), 'utf8'));
  const evidence = evidenceIn(root);
  const expected = new Set(expectedIds());
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const row of rows) {
    const at = `${file}:${row.line} ${row.id}`;
    if (!expected.has(row.id)) problems.push(`${at}: no such requirement`);
    if (seen.has(row.id)) problems.push(`${at}: appears twice`);
    seen.add(row.id);
    problems.push(...rowProblems(row, evidence).map((problem) => `${at}: ${problem}`));
  }
  for (const id of expected) if (!seen.has(id)) problems.push(`${file}: ${id} is missing`);
  return problems;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) } },
  });
  const problems = requirementProblems(values.root);
  for (const problem of problems) console.log(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
