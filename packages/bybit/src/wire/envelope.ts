import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';

/** What every REST answer is wrapped in, and what of it is left to check. */
export type Envelope = Readonly<{
  retCode: number;
  retMsg: string;
  result: unknown;
  retExtInfo: unknown;
  /** The venue's clock when it answered, ms; null where a sample leaves it out. */
  time: number | null;
}>;

/** Reads an answer. Anything that is not the V5 envelope (a proxy's page, a body cut short) is an error. */
export function readEnvelope(body: string): Result<Envelope, string> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // Not logged here: the caller reports it with the status and the first characters.
    return err(`not JSON: ${body.slice(0, 80)}`);
  }
  return envelopeOf(json);
}

function envelopeOf(json: unknown): Result<Envelope, string> {
  if (typeof json !== 'object' || json === null || !('retCode' in json)) return err('no retCode');
  const { retCode, retMsg, result, retExtInfo, time } = json as Record<string, unknown>;
  if (typeof retCode !== 'number' || !Number.isInteger(retCode)) return err('retCode is not an integer');
  return ok({
    retCode,
    retMsg: typeof retMsg === 'string' ? retMsg : '',
    result,
    retExtInfo,
    time: typeof time === 'number' && time > 0 ? time : null,
  });
}
