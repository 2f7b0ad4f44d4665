import { type ApiError, ERRORS, type ErrorCode, refusal } from '../../contract/errors.ts';
import { err, type Result } from '../../domain/result.ts';
import type { Denial } from '../../oms/messages.ts';

/** With the journal gone, cancels still leave for other venues, from memory; the client is told just that. */
export const canceledFromMemory = (sent: number): Result<never, ApiError> =>
  err(
    refusal('JOURNAL_UNAVAILABLE', {
      message: `Cancels of ${sent} orders on other venues were sent from memory and are not stored.`,
      details: { cancels_sent: sent },
    }),
  );

/** The core's refusal in the contract's words. A code that the contract does not know is a bug of ours, and says so. */
export function denied(denial: Denial): Result<never, ApiError> {
  const known = denial.code in ERRORS;
  const code = (known ? denial.code : 'INTERNAL_ERROR') as ErrorCode;
  const details = known ? denial.details : { code: denial.code };
  return err(refusal(code, { message: denial.message, ...(details === undefined ? {} : { details }) }));
}
