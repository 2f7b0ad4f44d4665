/**
 * What Bybit's error codes ask of a client (docs/v5/error). The table is for reads, settings and for people; what an
 * order write may conclude from a code is decided in `outcome.ts`, and does not depend on this table being complete.
 */
export type ErrorClass =
  /** Send it again after a pause. */
  | 'retry'
  /** Sending the same again will fail the same. */
  | 'never'
  /** Already as asked: success in effect. */
  | 'no_op'
  /** Our picture is wrong or the outcome unclear: ask for the state, then decide. */
  | 'resync'
  /** Not in the table: nothing may be concluded. */
  | 'unlisted';

type Listed = Exclude<ErrorClass, 'unlisted'>;

/** Single codes and inclusive ranges. */
type Codes = readonly (number | readonly [number, number])[];

const TABLE: Readonly<Record<Listed, Codes>> = {
  retry: [
    -1, // request expired: with a fresh timestamp
    429, // high load on the trading service
    10002, // timestamp outside the window: after the clock was synchronised
    10006, // rate limit: when the window moves on
    10016, // server error (order writes: outcome unknown)
    10018, // IP limit, before it became HTTP 403
    10019, // trade socket restarting: on a new connection
    10403,
    10429,
    20003, // limits of the trade socket
    30034,
    30035,
    130035,
    130150, // too fast, older codes
    110063,
    110066, // settling, halted
    110079, // order still being processed
    110118, // no price for a market order
    131230,
    170005,
    170222,
    170191,
    170212,
    170144,
  ],
  never: [
    10001,
    10003,
    10004,
    10005,
    10007,
    10008,
    10009,
    10010,
    10017,
    10024,
    10027,
    10028,
    10029,
    10404,
    20006,
    33004,
    -2015,
    30208,
    30209,
    30228,
    100028,
    110003,
    110004,
    110006,
    110007,
    110009,
    [110011, 110014],
    [110018, 110024],
    110028,
    110029,
    110031,
    110032,
    110036,
    110038,
    110040,
    [110044, 110046],
    [110051, 110053],
    [110057, 110061],
    110064,
    110065,
    110074,
    110077,
    110090,
    [110092, 110095],
    110098,
    110099,
    110103,
    110108,
    110109,
    [110110, 110117],
    [110119, 110121],
    110123,
    110125,
    110132,
    170355,
    170371,
    170372,
    170105,
    [170115, 170117],
    170121,
    170124,
    [170130, 170134],
    170033,
    170136,
    170137,
    170140,
    170148,
    170145,
    170151,
    170157,
    170159,
    [170192, 170194],
    [170201, 170204],
    170217,
    170218,
    170311,
    170312,
    170313,
    170341,
    170381,
    170382,
    170810,
    [131200, 131213],
    [131215, 131217],
    [131227, 131229],
    [131231, 131233],
    181017,
    [181008, 181010],
    [182100, 182112],
    182120,
    3400045,
    3500002,
    3500153,
  ],
  no_op: [20001, 34040, 110010, [110025, 110027], 110043, 131214],
  resync: [
    10000, // server timeout
    10014, // duplicate request
    40004, // order changed while it was replaced
    110001,
    110005,
    110008,
    110017,
    110033,
    110034,
    110072,
    170001,
    170007,
    170032,
    170146,
    170147,
    170310,
    170139,
    170141,
    170142,
    170143,
    170190,
    170213,
  ],
};

const CLASSES: ReadonlyMap<number, Listed> = new Map(
  (Object.keys(TABLE) as Listed[]).flatMap((name) =>
    TABLE[name].flatMap((entry): [number, Listed][] => {
      const [first, last] = typeof entry === 'number' ? [entry, entry] : entry;
      return Array.from({ length: last - first + 1 }, (_, i) => [first + i, name]);
    }),
  ),
);

export const classOf = (code: number): ErrorClass => CLASSES.get(code) ?? 'unlisted';

/** The key, its owner or its address is barred: no request of this account will be accepted until a person acts. */
const ACCOUNT_BARRED: ReadonlySet<number> = new Set([10003, 10005, 10009, 10010, 10024, 10027, 10028, 33004, -2015]);

export const barsAccount = (code: number): boolean => ACCOUNT_BARRED.has(code);
