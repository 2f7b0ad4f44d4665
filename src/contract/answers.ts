import * as z from 'zod';
import type { Money } from '../domain/ids.ts';
import type { IsoTime } from './time.ts';

/**
 * The words that answer schemas are written in. Answers are typed values: an amount is `Money` until it is printed.
 * The schemas give the types, the OpenAPI document, and the tests that compare real answers with both.
 */
export const money = (description: string) =>
  z
    .custom<Money>((value) => typeof value === 'bigint')
    .meta({
      type: ['number', 'string'],
      format: 'decimal',
      description: `${description} (exact; a string with decimals=string)`,
    });

export const isoTimeField = (description: string) =>
  z.custom<IsoTime>((value) => typeof value === 'string').meta({ type: 'string', format: 'date-time', description });

/** A count or a statistic: never money. */
export const count = (description: string) => z.number().meta({ description });
export const words = (description: string) => z.string().meta({ description });
export const oneOf = <const Words extends readonly [string, ...string[]]>(list: Words, description: string) =>
  z.enum(list).meta({ description });
export const yes = (description: string) => z.boolean().meta({ description });

/** A page of a list: `next_cursor` goes into `cursor` of the next request, null at the end. */
export const page = <Item extends z.ZodType>(name: string, item: Item) =>
  z.object({
    [name]: z.array(item),
    next_cursor: z.string().nullable().meta({ description: 'for the next page; null at the end' }),
    stale: z.boolean().optional().meta({ description: 'true when the list may lag behind what was acknowledged' }),
  });

/** What the parts of the program hand over for a page. */
export type Page<T> = Readonly<{ items: readonly T[]; nextCursor: string | null; stale: boolean }>;

/** The shape of an answer on the wire, read with decimals=string: what the dashboard sees. */
export type OnWire<T> = T extends Money | IsoTime
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly OnWire<Item>[]
      : { readonly [Key in keyof T]: OnWire<T[Key]> };
