/** A paper exchange: in memory, with real rules, durable when it is given a journal. */
export { makeAccount } from './config/accounts.ts';
export { readPaperConfig } from './config/config.ts';
export { DEFAULT_FEES } from './config/fees.ts';
export type { ConfigError } from './config/reader.ts';
export { DEFAULT_INSTRUMENTS, type InstrumentTerms } from './config/terms.ts';
export type { AccountConfig, AtEnd, PaperConfig, PaperOptions, ReplayConfig } from './config/types.ts';
export type { Control, ControlError } from './control.ts';
export type { Fault } from './faults.ts';
export { PaperOpenError } from './listing.ts';
export { openPaperExchange, type PaperExchange, type PaperInput } from './paper.ts';
export { type HistoryError, type HistoryErrorCode, type HistoryLine, parseHistoryLine } from './replay/history-line.ts';
export type { ReplaySource, ReplayStatus } from './replay/replay.ts';
export { type HistorySummary, type LineSource, scanHistory } from './replay/source.ts';
export type { Leak } from './state/conservation.ts';
export { SYNTHETIC } from './state/state.ts';
export type { AccountTruth, GroundTruth } from './truth.ts';
