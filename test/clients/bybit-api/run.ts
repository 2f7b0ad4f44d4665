// Walks every step on an exchange of its own.
import { openLoopback } from '../loopback.ts';
import { STEPS } from './steps.ts';
import { Walk } from './walk.ts';

/** What every step came to: null, or what was wrong. */
export async function walkAll(): Promise<ReadonlyMap<string, unknown>> {
  const at = await openLoopback();
  const walk = new Walk(at);
  const found = new Map<string, unknown>();
  try {
    for (const { what, run } of STEPS) {
      found.set(
        what,
        await run(walk).then(
          () => null,
          (problem: unknown) => problem,
        ),
      );
    }
  } finally {
    walk.close();
    await at.close();
  }
  return found;
}
