// The documented answers beside this repository, as far as a comparison needs them.
import { existsSync, readFileSync } from 'node:fs';

const GOLDEN = new URL('../../../../shared/bybit/golden/', import.meta.url);

/** Whether the documented answers are there. */
export const hasGoldens = existsSync(new URL('paths.json', GOLDEN));

type Field = Readonly<{ name: string; type: string }>;
import type { Json } from '../../support/paper-venue.ts';
export type { Json };

export type Endpoint = Readonly<{
  method: 'GET' | 'POST';
  path: string;
  auth: boolean;
  category: readonly string[];
  scope: 'core' | 'extra' | 'deprecated';
  responseFields?: readonly Field[];
  golden: readonly string[];
}>;

export type Topics = Readonly<{
  stem: string;
  scope: string;
  topics: readonly string[];
  fields: readonly Field[];
  golden: readonly string[];
}>;

export type RestExample = Readonly<{
  request: Readonly<{ query?: Json; queryString?: string; body?: Json; bodyVariants?: readonly { body: Json }[] }>;
  response: Json;
}>;

export type SocketExample = Readonly<{ kind: string; message: Json }>;

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, GOLDEN), 'utf8'));

export const endpoints = (): readonly Endpoint[] => read('paths.json') as Endpoint[];
export const topicPages = (): readonly Topics[] => read('ws-topics.json') as Topics[];
/** By its name without folder and ending. */
export const restExample = (name: string): RestExample => read(`docs/rest/${name}.json`) as RestExample;
export const socketExample = (name: string): SocketExample => read(`docs/ws/${name}.json`) as SocketExample;

export const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1, -'.json'.length);

/** The table of response fields, by path below `at`. */
export const documented = (fields: readonly Field[] | undefined, at: string): ReadonlyMap<string, string> =>
  new Map((fields ?? []).map(({ name, type }) => [at === '' ? name : `${at}.${name}`, type]));
