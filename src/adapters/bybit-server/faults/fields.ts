import * as z from 'zod';

/** Fields that several actions have, and how they are checked. Times are milliseconds of the exchange's clock. */
export const millis = z
  .int()
  .min(0)
  .max(30 * 86_400_000);
export const count = z.int().min(0).max(1_000_000);
export const word = z.string().min(1).max(200);
export const part = z.number().gt(0).max(1);
export const decimal = z.string().regex(/^-?\d{1,30}(\.\d{1,18})?$/, 'a plain decimal in quotes is expected');
export const instrument = z
  .string()
  .regex(/^(spot|linear|inverse|option|spread):[A-Z0-9-]{1,40}$/, 'an instrument is expected, like spot:BTCUSDT');
/** Whether the exchange hears of the request at all. */
export const accepted = z.boolean().default(true);
export const json = z.json();

/**
 * What happens to one field of a message. Without `path` (dots between names and places, `data.0.execQty`) chance
 * takes one of its leaves; `add` puts a new field there.
 */
export const mutation = {
  path: word.exactOptional(),
  how: z.enum(['drop', 'null', 'value', 'add']),
  /** What `value` and `add` put there; a word that nobody knows where it is absent. */
  value: json.exactOptional(),
} as const;
