import type { UnixMs } from '../domain/ids.ts';
import type { AnomalyCode, Emit } from './events.ts';
import type { AccountOutput } from './messages.ts';
import type { AccountState } from './state.ts';

/** Keeps what should not have happened, and calls a person: once for each code and detail, however often it is met. */
export function raise(
  state: AccountState,
  emit: Emit,
  out: AccountOutput[],
  code: AnomalyCode,
  detail: string,
  at: UnixMs,
): void {
  if (state.isSaid(code, detail)) return;
  emit({ type: 'anomaly', at, code, detail });
  out.push({ type: 'alarm', code, detail });
}
