/** Price-time matching of one symbol, in memory and deterministic: published as `okd/matching`. */
export * from './codes.ts';
export type * from './command.ts';
export { MatchingEngine } from './engine.ts';
export type { EventReader } from './event-buffer.ts';
export type { MatchingEvent } from './events.ts';
export type { Matcher } from './matcher.ts';
export type { BookSnapshot, SnapshotError } from './snapshot.ts';
export { warmUp } from './warm-up.ts';
