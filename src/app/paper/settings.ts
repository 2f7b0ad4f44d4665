import { isAbsolute, join } from 'node:path';
import {
  type ConfigError,
  type PaperConfig,
  readPaperConfig,
  type ReplayConfig,
  type ReplaySpeed,
} from '../../paper/index.ts';
import { CommandError } from '../exit.ts';

export type SettingsSource = Readonly<{
  /** As it came from a file; checked here. */
  config: unknown;
  /** Names the configuration in messages. */
  configName?: string;
  /** Where relative paths in it start; the working directory where absent. */
  baseDir?: string;
  /** Besides those of the configuration. */
  replays?: readonly ReplayConfig[];
  /** Instead of the configuration's. */
  replaySpeed?: ReplaySpeed;
  /** Instead of what the configuration says. */
  listen?: Readonly<{ host?: string; port?: number }>;
}>;

export type PaperSettings = Readonly<{
  config: PaperConfig;
  /** Nobody named accounts, so one is made. An empty list is a wish. */
  makesAccount: boolean;
}>;

/** Everything that is wrong with a configuration is in the one CommandError that is thrown. */
export function readSettings(source: SettingsSource): PaperSettings {
  const { config, configName = 'the configuration', baseDir = '.', replays = [], replaySpeed, listen } = source;
  const read = readPaperConfig(config);
  if (!read.ok) throw new CommandError('CONFIG_INVALID', problems(configName, read.error));
  const named = read.value.replay.map((one) => ({
    ...one,
    file: isAbsolute(one.file) ? one.file : join(baseDir, one.file),
  }));
  const settled = {
    ...read.value,
    replay: [...named, ...replays],
    replaySpeed: replaySpeed ?? read.value.replaySpeed,
    listen: { ...read.value.listen, ...listen },
  };
  const namesAccounts = typeof config === 'object' && config !== null && 'accounts' in config;
  return { config: settled, makesAccount: !namesAccounts };
}

function problems(name: string, errors: readonly ConfigError[]): string {
  const lines = errors.map(({ path, message }) => `  ${path || 'the file'} ${message}`);
  return [`${name} cannot be used:`, ...lines].join('\n');
}
