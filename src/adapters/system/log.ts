import pino, { type DestinationStream, type LevelWithSilent } from 'pino';
import type { Log } from '../../ports/log.ts';
import { redact } from './redact.ts';

export type SystemLogOptions = Readonly<{
  level?: LevelWithSilent;
  /** Default: stderr, written at once, so that the last words before a crash are there. */
  destination?: DestinationStream;
}>;

const STDERR = 2;

/** JSON lines, secrets redacted: `{"level":"warn","time":"…","event":"venue_link_down", …fields}`. */
export function systemLog(options: SystemLogOptions = {}): Log {
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    options.destination ?? pino.destination({ dest: STDERR, sync: true }),
  );
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      if (logger.isLevelEnabled(level)) logger[level](redact(fields), event);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
