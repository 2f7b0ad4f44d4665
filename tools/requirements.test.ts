import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { requirementProblems } from './requirements.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'okd-requirements-'));
after(() => rmSync(root, { recursive: true }));

const table = readFileSync(join(repository, 'docs/requirements.md'), 'utf8').replaceAll(
  /^(\| [\d-]+ \|[^|]*\|)[^|]*\|[^|]*\|$/gm,
  '$1 not yet | |',
);
for (const folder of ['docs', 'src/oms', 'src/app']) mkdirSync(join(root, folder), { recursive: true });
cpSync(join(repository, 'package.json'), join(root, 'package.json'));
writeFileSync(join(root, 'src/app/cli.ts'), "program.command('serve').action(() => 1);\n");
writeFileSync(
  join(root, 'src/oms/order.test.ts'),
  "test('a late fill; counted', () => {});\ntest.skip('a skipped one', () => {});\n",
);

/** The problems of the table after one change of a row's last two columns. */
function problems(id: string, state: string, shownBy: string): string[] {
  const row = new RegExp(`^(\\| ${id} \\|[^|]*\\|).*$`, 'm');
  writeFileSync(join(root, 'docs/requirements.md'), table.replace(row, `$1 ${state} | ${shownBy} |`));
  return requirementProblems(root);
}

test('a requirement works where its test or command exists', () => {
  assert.deepEqual(problems('000-01', 'works', '"a late fill; counted"; `npm run sim`; `./bin/okd serve --json`'), []);
  assert.deepEqual(problems('000-01', 'works', '`npm test`'), []);
  assert.deepEqual(problems('000-01', 'planned', 'whatever'), []);
});

test('a requirement does not work by a test or command that does not exist', () => {
  assert.match(
    problems('001-37', 'works', '"an invented title"').join(),
    /001-37: no test is called "an invented title"/,
  );
  assert.match(problems('001-37', 'works', '"a skipped one"').join(), /no test is called/);
  assert.match(problems('001-37', 'works', '`npm run invented`').join(), /no script invented/);
  assert.match(problems('001-37', 'works', '`./bin/okd invented`').join(), /okd has no command invented/);
  assert.match(problems('001-37', 'works', 'trust me').join(), /neither/);
  assert.match(problems('001-37', 'works', '').join(), /nothing shows it/);
  assert.match(problems('001-37', 'done', '').join(), /unknown state "done"/);
});

test('a requirement that is missing, doubled or invented is reported', () => {
  const write = (text: string) => writeFileSync(join(root, 'docs/requirements.md'), text);
  write(table.replace(/^\| 002-40 .*\n/m, ''));
  assert.deepEqual(requirementProblems(root), ['docs/requirements.md: 002-40 is missing']);
  write(table.replace(/^\| 002-40 /m, '| 002-39 '));
  assert.match(requirementProblems(root).join(), /002-39: appears twice.*002-40 is missing/);
  write(`${table}| 005-01 | invented | not yet | |\n`);
  assert.match(requirementProblems(root).join(), /005-01: no such requirement/);
});
