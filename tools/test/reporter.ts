// The reporter that each test file runs with: one JSON line per result on file descriptor 3.
// A file that ends without its `end` line crashed or left early, which node:test's own runner counts as a pass.
import { writeSync } from 'node:fs';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

export type Outcome = 'passed' | 'failed' | 'skipped';
export type ReportLine =
  | { readonly type: 'test'; readonly outcome: Outcome; readonly name: string; readonly text: string }
  | { readonly type: 'queued' }
  | { readonly type: 'begun' | 'ended'; readonly name: string }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'end' };

type Ended = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

/** A failed test's error wraps what was thrown and says what kind of failure it was. */
const errorOf = ({ data }: Ended): (Error & { failureType?: string }) | null =>
  'error' in data.details ? data.details.error : null;

const write = (line: ReportLine) => writeSync(3, `${JSON.stringify(line)}\n`);

function outcomeOf(event: Ended): Outcome | null {
  const { type, data } = event;
  if (type === 'test:fail' && data.todo === undefined) {
    return errorOf(event)?.failureType === 'subtestsFailed' ? null : 'failed';
  }
  if (data.details.type === 'suite') return null;
  return data.skip !== undefined || data.todo !== undefined ? 'skipped' : 'passed';
}

function textOf(event: Ended): string {
  const error = errorOf(event);
  return error === null ? '' : inspect(error.cause ?? error, { depth: 6 });
}

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<never> {
  const path: string[] = [];
  for await (const event of events) {
    if (event.type === 'test:enqueue') write({ type: 'queued' });
    if (event.type === 'test:dequeue') write({ type: 'begun', name: event.data.name });
    if (event.type === 'test:complete') write({ type: 'ended', name: event.data.name });
    if (event.type === 'test:diagnostic' && event.data.message.startsWith('Error: ')) {
      write({ type: 'note', text: `${event.data.message}\n` }); // such as: an error thrown after the test had ended
    }
    if (event.type === 'test:start') path[event.data.nesting] = event.data.name;
    if (event.type === 'test:pass' || event.type === 'test:fail') {
      const outcome = outcomeOf(event);
      const name = [...path.slice(0, event.data.nesting), event.data.name].join(' > ');
      if (outcome !== null) write({ type: 'test', outcome, name, text: outcome === 'failed' ? textOf(event) : '' });
    }
    if (event.type === 'test:summary') write({ type: 'end' });
  }
}
