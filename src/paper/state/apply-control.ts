import { unreachable } from '../../domain/result.ts';
import type { Change } from './changes.ts';
import type { ControlEvent } from './control-events.ts';
import { decodeSnapshot } from './snapshot.ts';
import type { PaperState } from './state.ts';

/** The accounts are changed here already: the changes are for the views. */
export function applyControlEvent(state: PaperState, event: ControlEvent): readonly Change[] {
  switch (event.type) {
    case 'fees_set':
      state.userFees.set(event.uid, event.fees);
      return [];
    case 'restored':
      return restore(state, event.state);
    default:
      return unreachable(event);
  }
}

/** Counters only grow, and the base of the ids stays: what is made from now on is like nothing that was made before. */
function restore(state: PaperState, text: string): readonly Change[] {
  const { state: saved, changes } = decodeSnapshot(new TextEncoder().encode(text));
  for (const [name, value] of Object.entries(saved)) {
    const own = state[name as keyof PaperState];
    if (own instanceof Map && value instanceof Map) {
      own.clear();
      for (const [key, one] of value) (own as Map<unknown, unknown>).set(key, one);
    } else if (own instanceof Set && value instanceof Set) {
      own.clear();
      for (const one of value) (own as Set<unknown>).add(one);
    }
  }
  state.ids = Math.max(state.ids, saved.ids);
  state.seq = Math.max(state.seq, saved.seq);
  state.priority = Math.max(state.priority, saved.priority);
  state.records = Math.max(state.records, saved.records);
  return changes;
}
