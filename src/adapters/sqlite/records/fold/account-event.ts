import { decodeText } from '../../../../kernel/codec.ts';
import type { AccountEvent } from '../../../../oms/events.ts';

type Routed = Extract<AccountEvent, { type: 'routed' }>;

/** An account's event, with a routing decision left as the text that it is in the journal. */
export type FoldedEvent = Exclude<AccountEvent, Routed> | (Omit<Routed, 'decision'> & Readonly<{ decision: string }>);

const ROUTED = '{"type":"routed"';

/**
 * A decision is most of what an order has in the journal, and nothing here looks into it: reading its hundreds of
 * amounts only to write them again was a quarter of all the work.
 */
export function decodeAccountEvent(text: string): FoldedEvent {
  if (!text.startsWith(ROUTED)) return decodeText(text) as FoldedEvent;
  const { decision, ...rest } = JSON.parse(text) as { decision: unknown };
  return { ...(decodeText(JSON.stringify(rest)) as Omit<Routed, 'decision'>), decision: JSON.stringify(decision) };
}
