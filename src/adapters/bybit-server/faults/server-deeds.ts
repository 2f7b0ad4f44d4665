import type { InstrumentId } from '../../../domain/ids.ts';
import { ok } from '../../../domain/result.ts';
import type { Exchange } from '../../../ports/exchange.ts';
import { CATEGORIES } from '../params/fields.ts';
import type { ConnectionFilter } from '../sockets/socket-server.ts';
import type { Deed } from './fault-book.ts';
import { suits } from './subject.ts';

type Parts = Readonly<{
  dropSockets: (filter: ConnectionFilter) => number;
  restartBooks: (instrument: InstrumentId | null) => void;
  instruments: Pick<Exchange, 'instruments'>;
  canCrash: boolean;
}>;

const nothingToUndo = ok(null);

/** What the server itself can do at once. */
export function serverDeeds(parts: Parts): Readonly<Record<string, Deed>> {
  return {
    'CONN reset': async (rule) => {
      parts.dropSockets(rule.match);
      return nothingToUndo;
    },
    'MD restart': async (rule) => {
      for (const category of CATEGORIES) {
        for (const { id } of parts.instruments.instruments(category)) {
          if (suits(rule.match, { instrument: id, category })) parts.restartBooks(id);
        }
      }
      return nothingToUndo;
    },
    // Not a deed: requests carry it out. Whoever knows no way to end the process does not take the rule.
    ...(parts.canCrash ? { 'ACC crash': async () => nothingToUndo } : {}),
  };
}
