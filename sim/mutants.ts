// npm run test:mutants [-- --only TEXT] [--seeds N] [--jobs J]
// Plants one defect at a time and expects the simulator to find it. A defect that survives is a hole in the checkers.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { DEFECTS, type Defect } from './mutants/defects.ts';
import { planted } from './mutants/edits.ts';
import { hunt } from './mutants/hunt.ts';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seeds: { type: 'string', default: '300' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Before any run: a defect whose place in the source is gone would silently plant nothing. */
function checkEdits({ edits }: Defect): void {
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const source = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
    planted(source, edits.filter((edit) => edit.file === file), file); // biome-ignore format: one line
  }
}

const wanted = DEFECTS.filter(({ name }) => name.includes(flags.only));
for (const defect of wanted) checkEdits(defect);
const sane = await hunt(null, Math.min(8, Number(flags.seeds)), Number(flags.jobs));
if (sane.violation !== null) throw new Error(`fails without any defect: ${sane.violation}`);
let survivors = 0;
for (const defect of wanted) {
  const found = await hunt(defect, Number(flags.seeds), Number(flags.jobs));
  if (found.violation === null) survivors += 1;
  say(
    `${found.violation === null ? 'SURVIVED' : 'caught  '} ${defect.name}: ${found.seeds} seeds${found.violation === null ? '' : `, ${found.violation.slice(0, 160)}`}`,
  );
}
say(`${wanted.length - survivors} of ${wanted.length} defects caught`);
process.exitCode = survivors === 0 && wanted.length > 0 ? 0 : 1;
