import * as z from 'zod';
import { parseDecimal } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';
import type { Fault } from '../../paper/index.ts';

/** What each command of the control interface takes: control.ts says what it does. */
const decimal = z.string().transform((text, context): Money => {
  const parsed = parseDecimal(text);
  if (parsed.ok) return parsed.value;
  context.addIssue(`not a plain decimal: ${text.slice(0, 40)}`);
  return z.NEVER;
});
const instrument = z.string().transform((text) => text as InstrumentId);
const asset = z
  .string()
  .regex(/^[A-Z0-9]{1,20}$/)
  .transform((text) => text as AssetId);
const count = z.int().min(0).max(1_000_000);

export const nothing = z.strictObject({});

export const trade = z.strictObject({
  instrument,
  side: z.enum(['buy', 'sell']),
  qty: decimal,
  price: decimal.nullable().default(null),
});

export const fill = z.strictObject({ uid: z.string(), orderId: z.string(), qty: decimal.nullable().default(null) });
export const reference = z.strictObject({ instrument, price: decimal });
export const deposit = z.strictObject({ uid: z.string(), asset, amount: decimal });
export const status = z.strictObject({ instrument, status: z.enum(['trading', 'closed']) });
export const quoting = z.strictObject({ instrument, quoting: z.boolean() });

export const key = z.strictObject({
  apiKey: z.string(),
  change: z
    .strictObject({
      apiSecret: z.string().min(1).exactOptional(),
      readOnly: z.boolean().exactOptional(),
      permissions: z.record(z.string(), z.array(z.string())).exactOptional(),
      ips: z.array(z.string()).exactOptional(),
      expiresAt: z
        .int()
        .transform((ms) => ms as UnixMs)
        .nullable()
        .exactOptional(),
    })
    .nullable(),
});

export const fault = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('reject_after_ack'), count }),
  z.strictObject({ type: z.literal('hold_changes'), ms: count }),
  z.strictObject({ type: z.literal('fill_before_change'), count, part: z.number().gt(0).max(1) }),
  z.strictObject({ type: z.literal('lag_queries'), ms: count }),
]) satisfies z.ZodType<Fault>;
