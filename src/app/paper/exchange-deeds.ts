import { type Deed, type FaultError, type FaultPoint, type RuleOf, suits } from '../../adapters/bybit-server/index.ts';
import { parseDecimal } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money } from '../../domain/ids.ts';
import { err, ok, type Result, unwrap } from '../../domain/result.ts';
import type { ControlError, PaperExchange } from '../../paper/index.ts';
import { type Credential, PLAIN_ORDER } from '../../ports/exchange.ts';

type Done = Awaited<ReturnType<Deed>>;
type ActionOf<P extends FaultPoint, A extends string> = Extract<RuleOf<P>, { action: A }>;

/** What the exchange does at once, or at its time, because a rule says so: orders, instruments, accounts. */
export function exchangeDeeds(exchange: PaperExchange): Readonly<Record<string, Deed>> {
  const { control } = exchange;
  return {
    'MATCH venue_cancel': deed<'MATCH', 'venue_cancel'>(async ({ match, reason }) => {
      await control.cancelOrders((order) => suits(match, order), reason);
      return ok(null);
    }),
    'QRY clear_closed': deed<'QRY', 'clear_closed'>(async ({ match }) => {
      control.forgetClosed(match.uid ?? null);
      return ok(null);
    }),
    'REF halt': deed<'REF', 'halt'>(async ({ match }) => {
      const halted = meant(exchange, match).filter((id) => exchange.instrument(id)?.status === 'trading');
      for (const id of halted) control.setStatus(id, 'closed');
      return ok(() => halted.forEach((id) => control.setStatus(id, 'trading')));
    }),
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

const deed = <P extends FaultPoint, A extends string>(run: (rule: ActionOf<P, A>) => Promise<Done>): Deed =>
  run as unknown as Deed;

const refused = ({ error }: { readonly error: ControlError }): Result<never, FaultError> =>
  err({ code: error.code, message: error.message });

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
