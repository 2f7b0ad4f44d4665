import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod';
import { CommandError } from './exit.ts';

/**
 * The one place that reads the environment and configuration files. Every field is optional and has a safe default;
 * unknown fields are refused; all problems are reported together.
 */
const port = z.number().int().min(0).max(65_535);
const listen = z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: port.optional() });

const serveSchema = z.strictObject({
  listen: listen.optional(),
  environment: z.enum(['paper', 'demo', 'testnet', 'mainnet']).optional(),
  bybit: z
    .strictObject({
      environment: z.enum(['paper', 'demo', 'testnet', 'mainnet']).optional(),
      /** Any server that speaks V5 instead of the environment's own. */
      baseUrl: z.url().optional(),
      wsUrl: z.url().optional(),
    })
    .optional(),
  /** Configuration of the built-in exchange, as `okd paper --config` reads it. */
  paper: z.record(z.string(), z.unknown()).optional(),
  internal: z
    .strictObject({ symbols: z.array(z.string().regex(/^[A-Z0-9]{2,20}$/)).optional(), agents: z.boolean().optional() })
    .optional(),
  fees: z.strictObject({ routing: z.union([z.literal(0), z.boolean()]).optional() }).optional(),
  /** What happens to orders on Bybit when the journal can no longer be written. */
  onJournalFailure: z.enum(['leave', 'cancel_all']).optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).optional(),
});
export type ServeConfig = z.output<typeof serveSchema>;

/** Reads a JSON or YAML file; YAML is a superset of JSON, so one parser serves both. */
export function readConfigFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandError(
      'CONFIG_NOT_READABLE',
      `cannot read ${path}: ${error instanceof Error ? error.message : error}`,
    );
  }
  try {
    return parseYaml(text) ?? {};
  } catch (error) {
    throw new CommandError(
      'CONFIG_INVALID',
      `${path} is neither JSON nor YAML: ${error instanceof Error ? error.message : error}`,
    );
  }
}

export function readServeConfig(path: string | undefined): ServeConfig {
  const raw = path === undefined ? {} : readConfigFile(path);
  const parsed = serveSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new CommandError('CONFIG_INVALID', `${path}:\n  ${problems.join('\n  ')}`);
}

export type Environment = Readonly<{
  dataDir: string | null;
  adminPassword: string | null;
  liveConfirm: string | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | null;
}>;

/** Variables of the process that mean something here. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const level = env['OKD_LOG_LEVEL'] ?? env['LOG_LEVEL'];
  const levels = ['debug', 'info', 'warn', 'error'] as const;
  return {
    dataDir: env['OKD_DATA'] ?? null,
    adminPassword: env['OKD_ADMIN_PASSWORD'] ?? null,
    liveConfirm: env['OKD_LIVE_CONFIRM'] ?? null,
    logLevel: levels.find((one) => one === level?.toLowerCase()) ?? null,
  };
}

/** Where an instance keeps what it must not lose: `--data`, else OKD_DATA, else `.okd` in the working directory. */
export const dataDirOf = (option: string | undefined, env: Environment): string =>
  resolve(option ?? env.dataDir ?? '.okd');

export function readPort(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(value) && value <= 65_535) return value;
  throw new CommandError('INVALID_PORT', `--port takes a number from 0 to 65535 (0: any free port), not ${text}`);
}
