import type { OrderFields } from './order-fields.ts';

/** A refused field of an order; `code` says whether it is wrong or only not built yet. */
export type Problem = Readonly<{
  path: readonly string[];
  problem: string;
  allowed: string;
  code: 'VALIDATION_FAILED' | 'NOT_SUPPORTED';
}>;

/** What this version does, in one place: when a behaviour is built, its word moves in here or its field out of the list below. */
export const SUPPORTED = {
  type: ['market', 'limit'],
  category: ['spot', 'linear'],
  time_in_force: ['gtc', 'ioc', 'fok', 'post_only'],
} as const;

/** Known to the contract, without behaviour yet. */
// biome-ignore format: a table
const UNBUILT = [
  'stop_price', 'trigger_by', 'trail', 'expire_time', 'position_side', 'leverage', 'margin_mode', 'take_profit', 'stop_loss',
  'duration', 'slices', 'randomize', 'participation_rate', 'risk_aversion', 'venue_options',
] as const satisfies readonly (keyof OrderFields)[];

/** Asks for things that this version would have to ignore: each is named, none is ignored. */
export function unsupportedProblems(fields: OrderFields): readonly Problem[] {
  const problems: Problem[] = [];
  const unsupported = (path: readonly string[], problem: string, allowed: string) =>
    problems.push({ path, problem, allowed, code: 'NOT_SUPPORTED' });
  const check = (path: readonly string[], value: string | null | undefined, list: readonly string[]) => {
    if (typeof value === 'string' && !list.includes(value))
      unsupported(path, `${value} is not supported yet`, list.join(', '));
  };
  check(['type'], fields.type, SUPPORTED.type);
  check(['category'], fields.category, SUPPORTED.category);
  check(['time_in_force'], fields.time_in_force, SUPPORTED.time_in_force);
  for (const name of UNBUILT) {
    const value = fields[name];
    if (value !== null && value !== false) unsupported([name], 'is not supported yet', 'leave it out');
  }
  if (fields.routing?.allow_opposite_legs === true) {
    unsupported(['routing', 'allow_opposite_legs'], 'is not supported yet', 'false, or leave it out');
  }
  return problems;
}

/** What fields must and must not stand together. */
export function shapeProblems(fields: OrderFields): readonly Problem[] {
  const problems: Problem[] = [];
  const wrong = (name: string, problem: string, allowed: string) =>
    problems.push({ path: [name], problem, allowed, code: 'VALIDATION_FAILED' });
  const isMarket = fields.type === 'market';
  if (fields.quantity === null && fields.quote_quantity === null)
    wrong('quantity', 'is missing', 'a base quantity above 0');
  if (fields.quantity !== null && fields.quote_quantity !== null) {
    wrong('quote_quantity', 'stands beside quantity', 'one of quantity and quote_quantity');
  }
  if (
    fields.quote_quantity !== null &&
    !(isMarket && fields.side === 'buy' && (fields.category ?? 'spot') === 'spot')
  ) {
    wrong('quote_quantity', 'is for spot market buys', 'quantity');
  }
  if (isMarket && fields.price !== null) wrong('price', 'is not for market orders', 'max_slippage, or type limit');
  if (!isMarket && fields.price === null) wrong('price', 'is missing', 'a limit price above 0');
  if (!isMarket && fields.max_slippage !== null)
    wrong('max_slippage', 'is for market orders', 'price bounds a limit order');
  const time = fields.time_in_force;
  if (isMarket && (time === 'gtc' || time === 'post_only'))
    wrong('time_in_force', 'is not for market orders', 'ioc, fok, or leave it out');
  if (fields.reduce_only === true && (fields.category ?? 'spot') === 'spot') {
    wrong('reduce_only', 'is for derivatives', 'leave it out for spot');
  }
  return problems;
}
