import type { ReplayConfig, ReplaySource } from '../../paper/index.ts';
import { type HistoryFile, openHistory } from './history-file.ts';

export type OpenReplays = Readonly<{ sources: readonly ReplaySource[]; close(): void }>;

/** Opens every history that is named, or none: the first that cannot be read is a CommandError. */
export function openReplays(replays: readonly ReplayConfig[]): OpenReplays {
  const files: HistoryFile[] = [];
  const close = (): void => {
    for (const file of files.splice(0)) file.close();
  };
  try {
    const sources = replays.map(({ file: path, ...terms }): ReplaySource => {
      const file = openHistory(path);
      files.push(file);
      return { ...terms, name: path, pace: 'file', lines: file.lines };
    });
    return { sources, close };
  } catch (error) {
    close();
    throw error;
  }
}
