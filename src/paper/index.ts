/** A paper exchange: in memory, with real rules, durable when it is given a journal. */
export { makeAccount } from './config/accounts.ts';
export { readPaperConfig } from './config/config.ts';
export { DEFAULT_FEES } from './config/fees.ts';
export type { ConfigError } from './config/reader.ts';
export { DEFAULT_INSTRUMENTS } from './config/catalogue.ts';
export type { InstrumentTerms } from './config/terms.ts';
export type { AccountConfig, AtEnd, PaperConfig, PaperOptions, ReplayConfig, ReplaySpeed } from './config/types.ts';
export type { Control, OrderOf } from './control.ts';
export type { ControlError } from './control-error.ts';
export type { MoneyControl } from './control-money.ts';
export type {
  ArrivalFault,
  ChangeFault,
  Fault,
  FaultRules,
  LaggingKind,
  OrderOperation,
  OrderSubject,
} from './faults.ts';
export { DEFAULT_QUOTES, REPLAYED } from './config/replay.ts';
export { PaperOpenError } from './open-error.ts';
export { openPaperExchange, type PaperExchange, type PaperInput } from './paper.ts';
export { symbolOfFile } from './replay/file-name.ts';
export type { ReplaySource } from './replay/histories.ts';
export type { HistoryError, HistoryErrorCode } from './replay/history-error.ts';
export type { HistoryEvent, HistoryKind } from './replay/history-event.ts';
export type { ReplayStatus } from './replay/replay.ts';
export { type HistorySummary, type LineSource, scanHistory } from './replay/source.ts';
export type { Leak } from './state/conservation.ts';
export { SYNTHETIC } from './state/state.ts';
export type { AccountTruth, GroundTruth } from './truth.ts';
