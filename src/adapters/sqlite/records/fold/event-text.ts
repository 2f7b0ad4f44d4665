import { formatDecimal } from '../../../../domain/decimal.ts';
import { unreachable } from '../../../../domain/result.ts';
import type { ChildEvent } from '../../../../domain/order.ts';
import type { OrderRequest } from '../../../../oms/events.ts';

/** What happened to an order in a few words: numbers and reasons, without the event's own name. */
export function requestText({ side, qty, quoteQty, instrument, type, price }: OrderRequest): string {
  const size = qty !== null ? formatDecimal(qty) : quoteQty !== null ? `for ${formatDecimal(quoteQty)}` : '';
  return `${side} ${size} ${instrument} ${type}${price === null ? '' : ` at ${formatDecimal(price)}`}`;
}

export function childEventText(event: ChildEvent): string {
  switch (event.type) {
    case 'acknowledged':
    case 'accepted':
      return event.venueOrderId ?? '';
    case 'traded':
      return `${formatDecimal(event.execution.qty)} at ${formatDecimal(event.execution.price)}`;
    case 'amend_requested':
    case 'amended':
      return `${formatDecimal(event.qty)} at ${formatDecimal(event.price)}`;
    case 'cancel_refused':
    case 'amend_refused':
    case 'doubted':
    case 'canceled':
    case 'expired':
    case 'rejected':
      return event.reason;
    case 'cancel_requested':
    case 'quarantined':
    case 'unverifiable':
    case 'confirmed':
      return '';
    default:
      return unreachable(event);
  }
}
