import * as z from 'zod';
import type { JsonSchema } from '../../../contract/fields.ts';

/** Named schemas of the document, filled as schemas are rendered. */
export type Components = Record<string, JsonSchema>;

/**
 * A zod schema as JSON Schema 2020-12, the dialect of OpenAPI 3.1. Named parts move to the components. `input` is what
 * a client may send, `output` what it gets.
 */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Components): JsonSchema {
  const { $schema: _dialect, $defs, ...rendered } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  for (const [name, part] of Object.entries($defs ?? {})) components[name] = tidy(part, io) as JsonSchema;
  return tidy(rendered, io) as JsonSchema;
}

/** Points references at the components; leaves out that an optional input may also be null, which says nothing new. */
function tidy(value: unknown, io: 'input' | 'output'): unknown {
  if (Array.isArray(value)) return value.map((item) => tidy(item, io));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Readonly<Record<string, unknown>>;
  const { anyOf, $ref, ...rest } = object;
  if (typeof $ref === 'string') return { $ref: $ref.replace('#/$defs/', '#/components/schemas/') };
  if (io === 'input' && Array.isArray(anyOf) && anyOf.length === 2 && isNull(anyOf[1])) {
    return tidy({ ...(anyOf[0] as object), ...rest }, io);
  }
  return Object.fromEntries(
    Object.entries(object)
      .filter(([key, item]) => key !== 'id' || typeof item !== 'string')
      .map(([key, item]) => [key, tidy(item, io)]),
  );
}

const isNull = (schema: unknown): boolean => (schema as { type?: unknown }).type === 'null';
