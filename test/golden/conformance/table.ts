// The page that shows how far the exchange is Bybit, made of what was found.
import type { Exception } from './exceptions.ts';
import type { Finding } from './rest.ts';

export const STATES = ['conforms', 'differs by choice', 'not simulated', 'missing'] as const;
export type State = (typeof STATES)[number];
export type Row = Omit<Finding, 'differences'> & Readonly<{ state: State; why: string }>;
export type Judged = Readonly<{ rows: readonly Row[]; problems: readonly string[] }>;

/** Longest account of what is missing: the first differences say enough. */
const SHOWN = 3;

/** What each finding comes to, and which exceptions are listed in vain. */
export function judge(findings: readonly Finding[], exceptions: Readonly<Record<string, Exception>>): Judged {
  const idle = new Map(Object.entries(exceptions).map(([key, { differences }]) => [key, new Set(differences)]));
  const rows = findings.map(({ differences, ...finding }): Row => {
    const exact = `${finding.name} ${finding.category}`;
    const key = exact in exceptions ? exact : finding.name;
    for (const one of differences) idle.get(key)?.delete(one);
    return { ...finding, ...verdict(differences, exceptions[key]) };
  });
  const problems = [...idle].flatMap(([key, left]) =>
    [...left].map((one) => `${key}: the exception "${one}" is not needed`),
  );
  return { rows, problems };
}

const STATE_OF = { documented: 'conforms', choice: 'differs by choice', 'not simulated': 'not simulated' } as const;

function verdict(found: readonly string[], exception: Exception | undefined): Pick<Row, 'state' | 'why'> {
  const left = found.filter((one) => exception?.differences.includes(one) !== true);
  if (exception === undefined && left.length === 0) return { state: 'conforms', why: '' };
  if (exception !== undefined && left.length === 0) return { state: STATE_OF[exception.kind], why: exception.reason };
  const more = left.length > SHOWN ? ` and ${left.length - SHOWN} more` : '';
  return { state: 'missing', why: left.slice(0, SHOWN).join('; ') + more };
}

const INTRODUCTION = `# How far the paper exchange is Bybit

Made by \`npm run conformance\`; do not edit. Every example of the V5 documentation was asked for again, from an account
and a market that have such rows, and the answer compared with the example: keys, nesting, JSON types, \`retCode\` and
\`retMsg\`. Keys that the documentation's table of fields has and its example lacks are fine. A list without rows, where the
example has some, is not.

- **conforms**: no difference, or one that the documentation's own words ask for; then the last column names it.
- **differs by choice**: the differences are known and wanted; the last column says why.
- **not simulated**: answers well-formed, and nothing on this exchange can be meant by it.
- **missing**: not there yet, or different; the last column says how.
`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function section(title: string, head: string, rows: readonly Row[], introduction = ''): string {
  const lines = rows.map(
    ({ where, category, name, state, why }) => `| \`${where}\` | ${category} | ${name} | ${state} | ${cell(why)} |`,
  );
  return `## ${title}\n\n${introduction}| ${head} | Category | Example | State | |\n|---|---|---|---|---|\n${lines.join('\n')}\n`;
}

const counts = (rows: readonly Row[]): string =>
  STATES.map((state) => `${rows.filter((row) => row.state === state).length} ${state}`).join(', ');

export function page(rows: readonly Row[], refused: readonly string[]): string {
  const of = (scope: Row['scope']) => rows.filter((row) => row.scope === scope);
  const notes = refused.map((step) => `- ${cell(step)}`).join('\n');
  return [
    INTRODUCTION,
    `- Core endpoints: ${counts(of('core'))}.`,
    `- Further endpoints: ${counts(of('extra'))}.`,
    `- Further categories: ${counts(of('category'))}.`,
    `- Sockets: ${counts(of('socket'))}.\n`,
    section('Core endpoints', 'Endpoint', of('core')),
    section('Further endpoints', 'Endpoint', of('extra')),
    section(
      'Further categories',
      'Endpoint',
      of('category'),
      'Reading endpoints in the categories that have no example of their own: there are rows, and every key and type of them\n' +
        'is shown by the example of another category or by the table of fields.\n\n',
    ),
    section('Sockets', 'Topic or reply', of('socket')),
    ...(refused.length === 0 ? [] : [`## Steps of the scenario that were refused\n\n${notes}\n`]),
  ].join('\n');
}

const keyOf = (where: string, category: string, name: string): string => [where, category, name].join(' ');

/** States of the rows of a page. */
export function readStates(text: string): ReadonlyMap<string, State> {
  const states = new Map<string, State>();
  const rows = text.matchAll(/^\| `([^`]*)` \| ([^|]*) \| ([^|]+) \| ([a-z ]+) \|/gm);
  for (const [, where = '', category = '', name = '', state] of rows) {
    if (STATES.includes(state as State)) states.set(keyOf(where, category, name), state as State);
  }
  return states;
}

/** Rows that became worse than a page says: the number of what is missing may only fall. */
export function regressions(before: ReadonlyMap<string, State>, rows: readonly Row[]): string[] {
  return rows.flatMap(({ where, category, name, state, why }) => {
    const key = keyOf(where, category, name);
    const was = before.get(key);
    if (was === undefined || STATES.indexOf(state) <= STATES.indexOf(was)) return [];
    return state === 'missing' || was === 'conforms' ? [`${key}: ${was} before, now ${state}: ${why}`] : [];
  });
}
