import { type Deed, type FaultError, type FaultPoint, type RuleOf, suits } from '../../adapters/bybit-server/index.ts';
import { parseDecimal } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money } from '../../domain/ids.ts';
import { err, ok, type Result, unwrap } from '../../domain/result.ts';
import { type ControlError, DEFAULT_INSTRUMENTS, type MoneyControl, type PaperExchange } from '../../paper/index.ts';
import { type Credential, PLAIN_ORDER } from '../../ports/exchange.ts';

type Done = Awaited<ReturnType<Deed>>;
type ActionOf<P extends FaultPoint, A extends string> = Extract<RuleOf<P>, { action: A }>;

/** What the exchange does at once, or at its time, because a rule says so: orders, instruments, accounts. */
export const exchangeDeeds = (exchange: PaperExchange): Readonly<Record<string, Deed>> => ({
  ...orderDeeds(exchange),
  ...moneyDeeds(exchange),
  ...instrumentDeeds(exchange),
  ...accountDeeds(exchange),
  ...memberDeeds(exchange),
});

const orderDeeds = ({ control }: PaperExchange): Readonly<Record<string, Deed>> => ({
  'MATCH venue_cancel': deed<'MATCH', 'venue_cancel'>(async ({ match, reason }) => {
    await control.cancelOrders((order) => suits(match, order), reason);
    return ok(null);
  }),
  'QRY clear_closed': deed<'QRY', 'clear_closed'>(async ({ match }) => {
    control.forgetClosed(match.uid ?? null);
    return ok(null);
  }),
});

function instrumentDeeds(exchange: PaperExchange): Readonly<Record<string, Deed>> {
  const { control } = exchange;
  return {
    'REF halt': deed<'REF', 'halt'>(async ({ match }) => {
      const halted = meant(exchange, match).filter((id) => exchange.instrument(id)?.status === 'trading');
      for (const id of halted) control.setStatus(id, 'closed');
      return ok(() => halted.forEach((id) => control.setStatus(id, 'trading')));
    }),
    'REF status': deed<'REF', 'status'>(async ({ match, status }) => {
      const before = meant(exchange, match).map((id) => [id, exchange.instrument(id)?.status ?? 'trading'] as const);
      for (const [id] of before) control.setStatus(id, status);
      return ok(() => before.forEach(([id, was]) => control.setStatus(id, was)));
    }),
    'REF terms': deed<'REF', 'terms'>(async ({ match, change }) => {
      const undos: (() => Promise<unknown>)[] = [];
      const ids = meant(exchange, match);
      if (ids.length === 0) return err({ code: 'NOT_FOUND', message: 'no instrument is meant' });
      for (const id of ids) {
        const before = control.instruments.termsOf(id);
        const changed = await control.instruments.change(id, change);
        if (!changed.ok) return refused(changed);
        if (before !== null) undos.push(() => control.instruments.change(id, plainTerms(before)));
      }
      return ok(async () => {
        for (const undo of undos) await undo();
      });
    }),
    'REF delist': deed<'REF', 'delist'>(async ({ match }) => {
      const ids = meant(exchange, match);
      if (ids.length === 0 || match.instrument === undefined)
        return err({ code: 'INVALID', message: 'match.instrument: what is expected' });
      for (const id of ids) await control.instruments.delist(id);
      return ok(null);
    }),
    'REF crowd': deed<'REF', 'crowd'>(async ({ match, count }) => {
      const category = match.category ?? 'linear';
      for (let i = 1; i <= count; i += 1) {
        const added = await control.instruments.add(madeUp(category, i));
        if (!added.ok && added.error.code !== 'THERE_ALREADY') return refused(added);
      }
      return ok(null);
    }),
  };
}

/** The terms on which an account trades. */
function accountDeeds(exchange: PaperExchange): Readonly<Record<string, Deed>> {
  const { control } = exchange;
  return {
    'ACCT fees': deed<'ACCT', 'fees'>((rule) =>
      eachUid(exchange, rule, async (uid) => {
        const before = control.accounts.feesOf(uid);
        if (before === null) return ok(null);
        const rates = (given: Readonly<{ maker: string; taker: string }>) => ({
          maker: amountOf(given.maker),
          taker: amountOf(given.taker),
        });
        const { spot, linear } = rule;
        const futures = linear === undefined ? {} : { linear: rates(linear), inverse: rates(linear) };
        const done = await control.accounts.setFees(uid, {
          ...before,
          ...(spot === undefined ? {} : { spot: rates(spot) }),
          ...futures,
        });
        return done.ok ? ok(async () => void (await control.accounts.setFees(uid, before))) : refused(done);
      }),
    ),
    'ACCT cap': deed<'ACCT', 'cap'>(async ({ maxOpenOrders }) => {
      const before = control.accounts.setCap(maxOpenOrders);
      return ok(() => void control.accounts.setCap(before));
    }),
    'ACCT mode': deed<'ACCT', 'mode'>((rule) =>
      eachUid(exchange, rule, async (uid) => {
        const set = await control.accounts.setMode(uid, rule.instrument as InstrumentId, rule.mode === 'hedge');
        return set.ok ? ok(null) : refused(set);
      }),
    ),
  };
}

/** Its keys, its money, and what somebody else does with them. */
function memberDeeds(exchange: PaperExchange): Readonly<Record<string, Deed>> {
  const { control } = exchange;
  return {
    'ACCT key': deed<'ACCT', 'key'>(async ({ apiKey, change }) => {
      const before = exchange.credential(apiKey);
      const done = control.setKey(apiKey, change as Partial<Credential> | null);
      return done.ok ? ok(() => (before === null ? undefined : control.putKey(before))) : refused(done);
    }),
    'ACCT balance': deed<'ACCT', 'balance'>((rule) =>
      eachUid(exchange, rule, async (uid) => {
        const amount = amountOf(rule.amount);
        const done = await control.deposit(uid, rule.asset as AssetId, amount);
        return done.ok
          ? ok(async () => void (await control.deposit(uid, rule.asset as AssetId, -amount as Money)))
          : refused(done);
      }),
    ),
    'ACCT order': deed<'ACCT', 'order'>((rule) => eachUid(exchange, rule, (uid) => placeAside(exchange, uid, rule))),
    'ACCT cancel': deed<'ACCT', 'cancel'>(async (rule) => {
      const { instrument } = rule;
      const isMeant = instrument === undefined ? rule.match : { ...rule.match, instrument };
      await control.cancelOrders((order) => suits(isMeant, order), 'by_user');
      return ok(null);
    }),
  };
}

/** What the venue does by its own right, where there is an engine for it. */
function moneyDeeds(exchange: PaperExchange): Readonly<Record<string, Deed>> {
  const { adl, bust, settle, funding } = exchange.control.money;
  const qtyOf = (qty: string | undefined): Money | null => (qty === undefined ? null : amountOf(qty));
  /** Of one account in one contract: both have to be named. */
  const take =
    (run: (uid: string, instrument: InstrumentId, qty: Money | null) => ReturnType<MoneyControl['adl']>) =>
    async ({
      match: { uid, instrument },
      qty,
    }: ActionOf<'MATCH', 'adl'> | ActionOf<'MATCH', 'bust'>): Promise<Done> => {
      if (uid === undefined || instrument === undefined) {
        return err({ code: 'INVALID', message: 'match.uid and match.instrument: whose position is expected' });
      }
      const done = await run(uid, instrument as InstrumentId, qtyOf(qty));
      return done.ok ? ok(null) : refused(done);
    };
  const each = async (
    match: RuleOf<'MATCH'>['match'],
    run: (id: InstrumentId) => ReturnType<MoneyControl['settle']>,
  ) => {
    for (const id of meant(exchange, match)) {
      const done = await run(id);
      if (!done.ok) return refused(done);
    }
    return ok(null);
  };
  const deeds: Record<string, Deed> = {};
  if (adl !== undefined) deeds['MATCH adl'] = deed<'MATCH', 'adl'>(take(adl));
  if (bust !== undefined) deeds['MATCH bust'] = deed<'MATCH', 'bust'>(take(bust));
  if (settle !== undefined)
    deeds['MATCH settle'] = deed<'MATCH', 'settle'>(({ match, price }) =>
      each(match, (id) => settle(id, qtyOf(price))),
    );
  if (funding !== undefined)
    deeds['MATCH funding'] = deed<'MATCH', 'funding'>(({ match, rate }) =>
      each(match, (id) => funding(id, qtyOf(rate))),
    );
  return deeds;
}

const deed = <P extends FaultPoint, A extends string>(run: (rule: ActionOf<P, A>) => Promise<Done>): Deed =>
  run as unknown as Deed;

const refused = ({ error }: { readonly error: ControlError }): Result<never, FaultError> =>
  err({ code: error.code, message: error.message });

/** A symbol that nobody has heard of, with the terms of BTCUSDT. */
function madeUp(category: string, i: number): Readonly<Record<string, unknown>> {
  const coin = `CROWD${i}`;
  return {
    ...plainTerms(DEFAULT_INSTRUMENTS.find((one) => one.category === category && one.symbol === 'BTCUSDT') ?? {}),
    category,
    symbol: `${coin}USDT`,
    base: coin,
    market: null,
  };
}

/** Terms in the configuration's words: contracts stay what they are. */
function plainTerms(terms: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(terms).filter(([name]) => name !== 'contract'));
}

const amountOf = (text: string): Money => unwrap(parseDecimal(text));

/** Every instrument that a rule is about. */
function meant(exchange: PaperExchange, match: RuleOf<'REF'>['match']): readonly InstrumentId[] {
  return (['spot', 'linear', 'inverse', 'option'] as const)
    .flatMap((category) => exchange.instruments(category))
    .filter(({ id, category }) => suits(match, { instrument: id, category }))
    .map(({ id }) => id);
}

/** Accounts are named one by one: a rule for all of them is more likely a mistake than a wish. */
async function eachUid(
  exchange: PaperExchange,
  { match }: RuleOf<'ACCT'>,
  run: (uid: string) => Promise<Done>,
): Promise<Done> {
  if (match.uid === undefined) return err({ code: 'INVALID', message: 'match.uid: whose account is expected' });
  const uids = exchange.groundTruth().accounts.filter(({ uid, synthetic }) => !synthetic && suits(match, { uid }));
  if (uids.length === 0) return err({ code: 'NOT_FOUND', message: `no account ${match.uid}` });
  const undos: (() => unknown)[] = [];
  for (const { uid } of uids) {
    const done = await run(uid);
    if (!done.ok) return done;
    if (done.value !== null) undos.push(done.value);
  }
  return ok(async () => {
    for (const undo of undos) await undo();
  });
}

async function placeAside(exchange: PaperExchange, uid: string, rule: ActionOf<'ACCT', 'order'>): Promise<Done> {
  const { side, qty, price, clientOrderId, count } = rule;
  for (let i = 0; i < count; i += 1) {
    const placed = await exchange.place(uid, {
      ...PLAIN_ORDER,
      qtyIn: 'base',
      timeInForce: 'gtc',
      reduceOnly: false,
      slippage: null,
      selfTrade: 'none',
      instrument: rule.instrument as InstrumentId,
      clientOrderId,
      side,
      type: price === null ? 'market' : 'limit',
      qty: amountOf(qty),
      price: price === null ? null : amountOf(price),
    });
    if (!placed.ok) return err({ code: placed.error.code, message: placed.error.detail });
  }
  return ok(null);
}
