import type { Category } from '../../../domain/ids.ts';
import type { FaultRule } from './rule.ts';

/** What passes an injection point. Absent or null: not known there, so that a rule that asks for it does not suit. */
export type FaultSubject = Readonly<{
  uid?: string | null;
  instrument?: string | null;
  category?: Category | null;
  /** Path, operation or topic. */
  on?: string;
  /** A socket: its path and id. */
  path?: string;
  connectionId?: string;
  address?: string;
  /** Of a public message. */
  type?: string;
}>;

/** Of which stream a message is; `uid` is null for public ones. */
export type PushSubject = Readonly<{ uid: string | null; topic: string; category: Category | null }>;

/** Whether everything that a rule asks for is so. */
export function suits(match: FaultRule['match'], subject: FaultSubject): boolean {
  const { uid, instrument, category, on, connection, address, type } = match;
  return (
    (uid === undefined || isLike(uid, subject.uid)) &&
    (instrument === undefined || isLike(instrument, subject.instrument)) &&
    (category === undefined || category === categoryOf(subject)) &&
    (on === undefined || isLike(on, subject.on)) &&
    (connection === undefined || connection === subject.connectionId || isLike(connection, subject.path)) &&
    (address === undefined || isLike(address, subject.address)) &&
    (type === undefined || type === subject.type)
  );
}

const categoryOf = ({ category, instrument }: FaultSubject): string | null =>
  category ?? instrument?.split(':')[0] ?? null;

/** `order.*` is like anything that begins with `order.`. */
export function isLike(pattern: string, value: string | null | undefined): boolean {
  if (value === null || value === undefined) return false;
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}

/** For the trace. */
export function summary(subject: FaultSubject): Readonly<Record<string, string>> {
  const what: Record<string, string> = {};
  for (const [key, value] of Object.entries(subject)) if (typeof value === 'string') what[key] = value;
  return what;
}
