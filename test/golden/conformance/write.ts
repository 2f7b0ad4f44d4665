// npm run conformance -- [--even-if-worse]: writes docs/paper-conformance.md, unless something conforms no longer.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { compareEverything, PAGE } from './compare.ts';
import { readLater as readSkipped, writeLater as writeSkipped } from '../../clients/bybit-api/later.ts';
import { walkAll } from '../../clients/bybit-api/run.ts';
import { CASES, LATER_FILE, readLater, tryAll } from '../../integration/paper-rejections/cases.ts';
import { readStates, regressions } from './table.ts';

const { text, rows, problems } = await compareEverything();
const before = readStates(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '');
const worse = process.argv.includes('--even-if-worse') ? [] : regressions(before, rows);
for (const problem of [...worse, ...problems]) console.error(problem);
if (worse.length === 0) {
  writeFileSync(PAGE, text);
  console.log(text.match(/^- (?:Core|Further|Sockets).*/gm)?.join('\n'));
}
process.exitCode = worse.length + problems.length === 0 ? 0 : 1;

// The table of refusals has marks of the same kind: what works now loses its mark, and none is added.
const found = await tryAll();
const later = [...readLater()].filter((what) => found.get(what) !== null);
writeFileSync(LATER_FILE, later.map((what) => `${what}\n`).join(''));
console.log(`- Refusals: ${CASES.length - later.length} of ${CASES.length} as documented.`);

const walked = await walkAll();
const skipped = [...readSkipped()].filter((what) => walked.get(what) !== null);
writeSkipped(skipped);
console.log(`- bybit-api: ${walked.size - skipped.length} of ${walked.size} steps.`);
