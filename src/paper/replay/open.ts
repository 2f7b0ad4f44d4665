import type { Log } from '../../ports/log.ts';
import type { Assembly } from '../assembly.ts';
import type { ReplayedHistories } from './histories.ts';
import { type ReplayFile, Replays } from './replay.ts';
import { ReplayedMarket } from './replayed-market.ts';

/** Makes histories ready to play in the markets of an exchange. They are by hand when one of them is. */
export function openReplays(
  { core, clock, config, markets }: Pick<Assembly, 'core' | 'clock' | 'config' | 'markets'>,
  log: Log,
  histories: readonly ReplayedHistories[],
): Replays {
  const files = histories.flatMap(({ id, quotes, files }): readonly ReplayFile[] => {
    const market = markets.get(id);
    if (market === undefined) throw new RangeError(`${id} is not listed`);
    const target = new ReplayedMarket(market, new Set(files.map(({ kind }) => kind)), quotes);
    return files.map(({ source, kind, symbol }) => {
      const { name, atEnd, lines } = source;
      return { name, atEnd, lines, symbol, group: `${id} ${kind}`, target };
    });
  });
  const isByHand = histories.some((one) => one.files.some(({ source }) => source.pace === 'manual'));
  return new Replays(core, clock, log, { files, speed: config.replaySpeed, pace: isByHand ? 'manual' : 'file' });
}
