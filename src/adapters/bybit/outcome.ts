import { type BybitError, describeError, type OrderAck, type WriteOutcome } from '@okd/bybit';
import type { VenueOrderId } from '../../domain/ids.ts';
import type { Outcome, RefusalCode, Unavailable } from '../../ports/venue.ts';

/** Bybit's refusals in the port's words (docs/v5/error). A code without a word here is still a proven refusal. */
const CODES: Readonly<Record<number, RefusalCode>> = {
  110003: 'PRICE_OUT_OF_RANGE',
  110004: 'INSUFFICIENT_BALANCE',
  110007: 'INSUFFICIENT_BALANCE',
  110017: 'REDUCE_ONLY',
  110020: 'TOO_MANY_ORDERS',
  110074: 'INSTRUMENT_NOT_TRADING',
  30208: 'PRICE_OUT_OF_RANGE',
  30209: 'PRICE_OUT_OF_RANGE',
  110120: 'PRICE_OUT_OF_RANGE',
  110121: 'PRICE_OUT_OF_RANGE',
  170192: 'PRICE_OUT_OF_RANGE',
  170193: 'PRICE_OUT_OF_RANGE',
  170194: 'PRICE_OUT_OF_RANGE',
  170371: 'PRICE_OUT_OF_RANGE',
  170372: 'PRICE_OUT_OF_RANGE',
  170810: 'TOO_MANY_ORDERS',
  110094: 'BELOW_MIN_NOTIONAL',
  30228: 'INSTRUMENT_NOT_TRADING',
  170121: 'INSTRUMENT_NOT_FOUND',
  170124: 'QTY_OUT_OF_RANGE',
  170131: 'INSUFFICIENT_BALANCE',
  170132: 'PRICE_OUT_OF_RANGE',
  170133: 'PRICE_OUT_OF_RANGE',
  170134: 'OFF_TICK',
  170136: 'QTY_OUT_OF_RANGE',
  170137: 'OFF_STEP',
  170140: 'BELOW_MIN_NOTIONAL',
  110001: 'ORDER_NOT_FOUND',
  170213: 'ORDER_NOT_FOUND',
  110008: 'ORDER_ALREADY_FINAL',
  110010: 'ORDER_ALREADY_FINAL',
  170139: 'ORDER_ALREADY_FINAL',
  170142: 'ORDER_ALREADY_FINAL',
  170143: 'ORDER_NOT_FOUND',
  170190: 'ORDER_ALREADY_FINAL',
  34040: 'NOT_MODIFIED',
};

const codeOf = (error: BybitError): string => (error.type === 'venue' ? `${error.code}` : error.type);

export function outcomeOf(written: WriteOutcome<OrderAck>): Outcome {
  switch (written.type) {
    case 'acknowledged':
      return { type: 'acknowledged', venueOrderId: written.value.orderId as VenueOrderId };
    case 'refused':
      return {
        type: 'refused',
        refusal: {
          code: refusalCode(written),
          venueCode: codeOf(written.error),
          message: describeError(written.error),
        },
      };
    case 'unknown':
      if (written.cause !== 'already_exists') return { type: 'unknown', reason: describeError(written.error) };
      return {
        type: 'refused',
        refusal: {
          code: 'DUPLICATE_ORDER_ID',
          venueCode: codeOf(written.error),
          message: describeError(written.error),
        },
      };
  }
}

function refusalCode({ cause, error }: Extract<WriteOutcome<OrderAck>, { type: 'refused' }>): RefusalCode {
  if (cause === 'account') return isPermission(error) ? 'NOT_PERMITTED' : 'ACCOUNT_BLOCKED';
  if (error.type === 'held') return 'RATE_LIMITED';
  if (error.type !== 'venue') return 'VENUE_REFUSED';
  return CODES[error.code] ?? (cause === 'order_state' ? 'ORDER_NOT_FOUND' : 'VENUE_REFUSED');
}

/** The key lacks a permission for what was asked. What it has permissions for goes on. */
export const isPermission = (error: BybitError): boolean => error.type === 'venue' && error.code === 10005;

/** A read that gave nothing. */
export function unavailable(error: BybitError): Unavailable {
  const reason = describeError(error);
  if (error.type === 'held') return { code: 'RATE_LIMITED', reason };
  return { code: 'UNAVAILABLE', reason };
}
