import type { InstrumentId } from '../domain/ids.ts';
import { keyOf } from './config/instruments.ts';
import { listInstrument, type PaperInstrument } from './config/listings.ts';
import type { InstrumentTerms } from './config/terms.ts';
import type { PaperConfig } from './config/types.ts';
import { PaperOpenError } from './open-error.ts';
import { readHistories, type ReplayedHistories, type ReplaySource } from './replay/histories.ts';

export type Listed = Readonly<{
  /** By id; what is dated is added once it is known what the journal has of it. */
  instruments: Map<InstrumentId, PaperInstrument>;
  replays: readonly ReplayedHistories[];
}>;

/** Lists what the configuration and the histories name. Throws PaperOpenError. */
export async function listAll(config: PaperConfig, sources: readonly ReplaySource[]): Promise<Listed> {
  const terms = new Map<string, InstrumentTerms>(config.instruments.map((one) => [keyOf(one), one]));
  const histories = await readHistories(config, sources);
  for (const history of histories) terms.set(history.id, history.terms);
  const instruments = new Map<InstrumentId, PaperInstrument>();
  for (const one of terms.values()) {
    const listed = listInstrument(one);
    if (!listed.ok) throw new PaperOpenError('CONFIG_INVALID', `${listed.error.path}: ${listed.error.message}`);
    instruments.set(listed.value.id, listed.value);
  }
  return { instruments, replays: histories };
}
