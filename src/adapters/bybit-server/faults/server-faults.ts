import { type Category, instrumentId } from '../../../domain/ids.ts';
import type { Clock } from '../../../ports/clock.ts';
import { CATEGORIES, type Source } from '../params/fields.ts';
import type { Faults } from './fault-book.ts';
import { Links } from './links.ts';
import { RequestFaults } from './requests.ts';
import type { FaultSubject } from './subject.ts';

/** Everything with which the server carries out the rules of one book. */
export type ServerFaults = Readonly<{
  book: Faults;
  clock: Clock;
  requests: RequestFaults;
  links: Links;
  /** What a request is about, as its parameters say. */
  subjectOf: (on: string, source: Source) => FaultSubject;
}>;

type Parts = Readonly<{ book: Faults; clock: Clock; now: () => number; crash: () => void }>;

export function serverFaults({ book, clock, now, crash }: Parts): ServerFaults {
  return {
    book,
    clock,
    requests: new RequestFaults({ faults: book, clock, now, crash }),
    links: new Links({ faults: book, clock, now }),
    subjectOf,
  };
}

function subjectOf(on: string, source: Source): FaultSubject {
  const { category: word, symbol } = source;
  if (!CATEGORIES.includes(word as Category)) return { on };
  const category = word as Category;
  return { on, category, instrument: typeof symbol === 'string' ? instrumentId(category, symbol) : null };
}
