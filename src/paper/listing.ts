import type { InstrumentId } from '../domain/ids.ts';
import { keyOf } from './config/instruments.ts';
import { listInstrument, type PaperInstrument } from './config/listings.ts';
import type { InstrumentTerms } from './config/terms.ts';
import type { PaperConfig } from './config/types.ts';
import { replayedTerms } from './replay/listed.ts';
import type { ReplaySource } from './replay/replay.ts';
import { scanHistory } from './replay/source.ts';

/** Why an exchange does not open: every reason, with a stable code and a message that says what to do. */
export class PaperOpenError extends Error {
  override readonly name = 'PaperOpenError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** How much of a history is read before it is played: enough for its grid, and for most mistakes. */
const SCANNED_LINES = 2000;

export type Listed = Readonly<{
  instruments: ReadonlyMap<InstrumentId, PaperInstrument>;
  replays: readonly Readonly<{ id: InstrumentId; source: ReplaySource }>[];
}>;

/** Lists what the configuration and the histories name. Throws PaperOpenError. */
export async function listAll(config: PaperConfig, sources: readonly ReplaySource[]): Promise<Listed> {
  const terms = new Map<string, InstrumentTerms>(config.instruments.map((one) => [keyOf(one), one]));
  const replayed: { key: string; source: ReplaySource }[] = [];
  for (const source of sources) {
    const one = await scan(config, source);
    const key = keyOf(one);
    if (replayed.some((other) => other.key === key)) {
      throw new PaperOpenError('REPLAY_TWICE', `${source.name}: ${key} is replayed already`);
    }
    terms.set(key, one);
    replayed.push({ key, source });
  }
  const instruments = new Map<InstrumentId, PaperInstrument>();
  for (const one of terms.values()) {
    const listed = listInstrument(one);
    if (!listed.ok) throw new PaperOpenError('CONFIG_INVALID', `${listed.error.path}: ${listed.error.message}`);
    instruments.set(listed.value.id, listed.value);
  }
  return { instruments, replays: replayed.map(({ key, source }) => ({ id: key as InstrumentId, source })) };
}

async function scan(config: PaperConfig, source: ReplaySource): Promise<InstrumentTerms> {
  const history = await scanHistory(source.lines, SCANNED_LINES);
  if (!history.ok) throw new PaperOpenError(history.error.code, `${source.name}: ${history.error.message}`);
  const terms = replayedTerms(config, source.category, history.value);
  if (!terms.ok) throw new PaperOpenError('CONFIG_INVALID', `${source.name}: ${terms.error}`);
  return terms.value;
}
