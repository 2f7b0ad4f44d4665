// Started by workers.ts with seeds as arguments: prints one report a line.
import { runSeed } from './world/run.ts';

for (const seed of process.argv.slice(2)) {
  const report = await runSeed(Number(seed));
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
