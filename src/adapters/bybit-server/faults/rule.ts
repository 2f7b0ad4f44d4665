import * as z from 'zod';
import { err, ok, type Result } from '../../../domain/result.ts';
import { ACTIONS, DEEDS, type FaultPoint, MATCHED_BY, POINTS, STATES } from './actions.ts';
import { count, millis, word } from './fields.ts';

/** What a rule is about: everything that is given has to be so; a final `*` stands for any ending. */
const match = z.strictObject({
  uid: word.exactOptional(),
  /** `linear:BTCUSDT` */
  instrument: word.exactOptional(),
  category: z.enum(['spot', 'linear', 'inverse', 'option', 'spread']).exactOptional(),
  /** A path (`/v5/order/create`), an operation (`order.create`, `auth`) or a topic (`execution`). */
  on: word.exactOptional(),
  /** A socket's path (`/v5/private`), or its connection id. */
  connection: word.exactOptional(),
  address: word.exactOptional(),
  type: z.enum(['snapshot', 'delta']).exactOptional(),
});

/** From `inMs` on, for `forMs`: skips `after` matches, then fires `times` times at most, each with `chance`. */
const when = z.strictObject({
  after: count.exactOptional(),
  times: z.int().min(1).max(1_000_000).exactOptional(),
  inMs: millis.exactOptional(),
  forMs: millis.min(1).exactOptional(),
  chance: z.number().gt(0).max(1).exactOptional(),
});

const COMMON = {
  id: z
    .string()
    .regex(/^[\w.-]{1,60}$/, 'letters, digits, dots, lines, at most 60')
    .exactOptional(),
  match: match.default({}),
  when: when.default({}),
} as const;

type Actions<P extends FaultPoint> = (typeof ACTIONS)[P];
type Fields<P extends FaultPoint, A extends keyof Actions<P>> = Actions<P>[A] extends z.core.$ZodShape
  ? z.output<z.ZodObject<Actions<P>[A]>>
  : never;
type Common = z.output<z.ZodObject<typeof COMMON>>;

/** A rule of one point, as it was read: defaults filled in. */
export type RuleOf<P extends FaultPoint> = {
  [A in keyof Actions<P>]: Readonly<Common & { point: P; action: A } & Fields<P, A>>;
}[keyof Actions<P>];
export type FaultRule = { [P in FaultPoint]: RuleOf<P> }[FaultPoint];

/** As a program writes it: what has a default may be absent. */
export type FaultInput = Readonly<{ point: FaultPoint; action: string; id?: string }> &
  Readonly<{ match?: z.input<typeof match>; when?: z.input<typeof when> }> &
  Readonly<Record<string, unknown>>;

export type Problem = Readonly<{ path: string; message: string }>;

/** Reads a rule from JSON. Everything that is wrong with it is named. */
export function readRule(value: unknown, path = ''): Result<FaultRule, readonly Problem[]> {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return err([{ path: path || 'rule', message: 'an object is expected' }]);
  }
  const { point, action } = value as Record<string, unknown>;
  if (typeof point !== 'string' || !Object.hasOwn(ACTIONS, point)) {
    return err([{ path: at('point'), message: `one of ${POINTS.join(', ')} is expected` }]);
  }
  const actions: Readonly<Record<string, z.core.$ZodShape>> = ACTIONS[point as FaultPoint];
  const own = typeof action === 'string' && Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (own === undefined) {
    return err([{ path: at('action'), message: `${point} knows ${Object.keys(actions).join(', ')}` }]);
  }
  const schema = z.strictObject({ ...COMMON, point: z.literal(point), action: z.string(), ...own });
  const read = schema.safeParse(value);
  const problems = read.success
    ? []
    : read.error.issues.map((issue) => ({ path: at(issue.path.join('.') || 'rule'), message: issue.message }));
  problems.push(...misplaced(value as Record<string, unknown>, point as FaultPoint, `${point} ${action}`, at));
  return read.success && problems.length === 0 ? ok(read.data as unknown as FaultRule) : err(problems);
}

/** Conditions that could never hold for this point, or mean nothing for this action. */
function misplaced(
  value: Readonly<Record<string, unknown>>,
  point: FaultPoint,
  name: string,
  at: (name: string) => string,
): Problem[] {
  const allowed = name === 'QRY lag' ? MATCHED_BY.MATCH.filter((key) => key !== 'on') : MATCHED_BY[point];
  const known = Object.keys(match.shape);
  const problems: Problem[] = namesIn(value['match'])
    .filter((key) => known.includes(key) && !allowed.includes(key))
    .map((key) => ({ path: at(`match.${key}`), message: `${name} is matched by ${allowed.join(', ') || 'nothing'}` }));
  if (DEEDS.has(name) || STATES.has(name)) {
    for (const key of namesIn(value['when']).filter((one) => one === 'after' || one === 'times')) {
      problems.push({ path: at(`when.${key}`), message: `${name} waits for nothing that could be counted` });
    }
  }
  return problems;
}

const namesIn = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];
