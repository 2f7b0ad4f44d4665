import * as z from 'zod';
import { parseDecimal } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money, UnixMs } from '../../domain/ids.ts';

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
/** Null: all of them. */
export const halt = z.strictObject({ instrument: instrument.nullable().default(null) });
export const clock = z.union([z.strictObject({ advance_ms: z.int() }), z.strictObject({ to_ms: z.int() })], {
  error: 'advance_ms or to_ms is expected, in whole milliseconds',
});
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

const row = z.record(z.string(), z.json());
/** Checked by the reader of the configuration, whose rows they are. */
export const account = row;
export const instruments = z.union(
  [
    z.strictObject({ add: row }),
    z.strictObject({ change: instrument, terms: row }),
    z.strictObject({ delist: instrument }),
  ],
  { error: '{ add }, { change, terms } or { delist } is expected' },
);
/** Times of the exchange's clock. */
const point = z
  .strictObject({ at_ms: z.int(), price: decimal })
  .transform(({ at_ms: atMs, price }) => ({ atMs, price }));
export const path = z.strictObject({ instrument, points: z.array(point).min(1).max(100_000) });
export const saved = z.strictObject({ snapshot: z.record(z.string(), z.json()) });
