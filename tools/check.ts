// npm run check [-- NAME…]: every static check, or those whose names begin so.
import { fileURLToPath } from 'node:url';
import { CHECKS, printCheck, runChecks } from './checks.ts';

const results = await runChecks(fileURLToPath(new URL('..', import.meta.url)), process.argv.slice(2));
for (const result of results) printCheck(result);
if (results.length === 0) console.error(`no such check; there are: ${CHECKS.map(({ name }) => name).join(', ')}`);
process.exitCode = results.length > 0 && results.every(({ ok }) => ok) ? 0 : 1;
