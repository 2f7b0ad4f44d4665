import type { InstrumentId, Money } from '../domain/ids.ts';
import { ok } from '../domain/result.ts';
import { cancelByVenue } from './disturbed.ts';
import { type Controlled, failed } from './control-error.ts';
import type { Core } from './core.ts';
import type { Decision } from './desk/decision.ts';
import { accountRisk } from './money/account-risk.ts';
import type { PositionRisk } from './money/contract-risk.ts';
import { crossTerms, handOver, isolatedTerms, type Terms } from './money/takeover.ts';
import { accountOf, isHouse } from './state/state.ts';
import type { Market } from './tape/market.ts';

/** What the venue does to positions and money by its own right; what no engine does is not there. */
export interface MoneyControl {
  /**
   * Takes (part of) every position of an account in a contract over at the mark, as deleveraging does; null: all of it.
   * Its orders there are canceled first (`before_adl`).
   */
  adl(uid: string, instrument: InstrumentId, qty: Money | null): Promise<Controlled<void>>;
  /** The same at the price at which a liquidation takes over, whether the account is in trouble or not. */
  bust(uid: string, instrument: InstrumentId, qty: Money | null): Promise<Controlled<void>>;
  /** Delivers or settles a contract; null: at its index. */
  settle(instrument: InstrumentId, price: Money | null): Promise<Controlled<void>>;
  /** Exchanges funding now; null: at the rate of now. */
  funding(instrument: InstrumentId, rate: Money | null): Promise<Controlled<void>>;
}

type Parts = Readonly<{ core: Core; markets: ReadonlyMap<InstrumentId, Market> }>;
type Taking = Readonly<{ kind: 'adl' | 'bust'; uid: string; market: Market; qty: Money | null }>;

/** Positions that the venue takes over. */
export function takeovers({ core, markets }: Parts): Pick<MoneyControl, 'adl' | 'bust'> {
  const take = async (
    kind: Taking['kind'],
    uid: string,
    instrument: InstrumentId,
    qty: Money | null,
  ): Promise<Controlled<void>> => {
    const market = markets.get(instrument);
    if (market === undefined) return failed('NOT_FOUND', `${instrument} is not listed`);
    if (isHouse(uid) || !core.desk.state.accounts.has(uid)) return failed('NOT_FOUND', `no account ${uid}`);
    if (qty !== null && qty <= 0n) return failed('INVALID', 'a quantity is above zero');
    const { value, durable } = core.decide((decision) => takePositions(decision, { kind, uid, market, qty }));
    await durable;
    return value ? ok(undefined) : failed('NOTHING_TO_DO', `${uid} holds nothing of ${instrument}`);
  };
  return {
    adl: (uid, instrument, qty) => take('adl', uid, instrument, qty),
    bust: (uid, instrument, qty) => take('bust', uid, instrument, qty),
  };
}

/** False when there is nothing to take. */
function takePositions(decision: Decision, { kind, uid, market, qty }: Taking): boolean {
  const account = accountOf(decision.desk.state.accounts, uid);
  const held = (): readonly PositionRisk[] =>
    (accountRisk(decision.desk.risk, account).contracts.get(market.id)?.positions ?? []).filter(
      ({ facts }) => facts.size !== 0n,
    );
  if (held().length === 0) return false;
  const reason = kind === 'adl' ? 'before_adl' : 'before_liquidation';
  for (const { order } of [...account.open.values()]) {
    if (order.instrument === market.id) cancelByVenue(decision, uid, order.orderId, reason);
  }
  for (const position of held()) {
    const { size, idx } = position.facts;
    const all = (size < 0n ? -size : size) as Money;
    const part = qty === null || qty > all ? all : qty;
    const terms = termsOf(decision, { kind, uid, market, qty: part }, position);
    const createdBy = kind === 'adl' ? 'adl' : 'liquidation';
    handOver(decision, market, { ...terms, uid, idx, size: (size < 0n ? -part : part) as Money, kind, createdBy });
  }
  return true;
}

function termsOf(decision: Decision, { kind, uid, market, qty }: Taking, position: PositionRisk): Terms {
  if (kind === 'adl' || qty === null) return { price: position.mark, fee: 0n as Money };
  const account = accountOf(decision.desk.state.accounts, uid);
  if (account.settings.current.marginMode === 'isolated') return isolatedTerms(market, position);
  return crossTerms(decision, uid, market, accountRisk(decision.desk.risk, account), position, qty);
}
