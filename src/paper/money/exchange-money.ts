import { maximum, ZERO } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type {
  AccountLending,
  AddedMargin,
  CoinAmount,
  CoinLending,
  ExchangeMoney,
  ExchangePosition,
  ExchangeRefusal,
  MarginMode,
  PositionIdx,
  Repayment,
} from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import { borrowRoom, mayBorrow } from '../desk/funds.ts';
import type { Desk } from '../desk/desk.ts';
import { type AccountFacts, coinOf, freeOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import { exchangePosition } from '../views/positions.ts';
import type { Views } from '../views/views.ts';
import { type AccountRisk, accountRisk, collateralOf } from './account-risk.ts';
import { borrow, coverDebts, repay } from './loans.ts';
import { addMargin, setAutoAddMargin, setMarginMode } from './margin-mode.ts';
import { coinTermsOf, knownCoins } from './terms.ts';

type Answer<T> = Promise<Result<T, ExchangeRefusal>>;
export type MoneyParts = Readonly<{
  desk: Desk;
  views: Views;
  /** A decision and its answer, once both are durable. */
  answer: <T>(run: (decision: Decision) => Result<T, ExchangeRefusal>) => Answer<T>;
}>;

/** The port's part about loans and margin: writes are decisions, queries read what is durable. */
export class MoneyFront implements ExchangeMoney {
  readonly #parts: MoneyParts;

  constructor(parts: MoneyParts) {
    this.#parts = parts;
  }

  borrow(uid: string, asset: AssetId, amount: Money): Answer<void> {
    return this.#parts.answer((decision) => borrow(decision, uid, asset, amount));
  }

  repay(uid: string, repayment: Repayment): Answer<readonly CoinAmount[]> {
    return this.#parts.answer((decision) => repay(decision, uid, repayment));
  }

  coverDebts(uid: string, asset: AssetId | null): Answer<readonly CoinAmount[]> {
    return this.#parts.answer((decision) => coverDebts(decision, uid, asset));
  }

  setMarginMode(uid: string, mode: MarginMode): Answer<void> {
    return this.#parts.answer((decision) => setMarginMode(decision, uid, mode));
  }

  async addMargin(uid: string, added: AddedMargin): Answer<ExchangePosition> {
    const { desk, views, answer } = this.#parts;
    const done = await answer((decision) => addMargin(decision, uid, added));
    if (!done.ok) return done;
    const { instrument } = desk.markets.get(added.instrument) as Market;
    return ok(exchangePosition(desk.risk, views.account(uid), instrument, added.idx));
  }

  setAutoAddMargin(uid: string, id: InstrumentId, idx: PositionIdx | null, on: boolean): Answer<void> {
    return this.#parts.answer((decision) => setAutoAddMargin(decision, uid, id, idx, on));
  }

  coinTerms(): readonly CoinLending[] {
    return knownCoins().map(lendingOf);
  }

  lending(uid: string): readonly AccountLending[] {
    const { desk, views } = this.#parts;
    const account = views.account(uid);
    const risk = accountRisk(desk.risk, account);
    const coins = new Set([...knownCoins(), ...account.coins.keys()]);
    return [...coins].map((asset) => this.#accountLending(account, risk, asset));
  }

  spotRoom(uid: string, asset: AssetId): Readonly<{ own: Money; borrowable: Money }> {
    const { desk, views } = this.#parts;
    const account = views.account(uid);
    const own = maximum(ZERO, freeOf(account, asset));
    return { own, borrowable: mayBorrow(desk, account, asset, accountRisk(desk.risk, account)) };
  }

  #accountLending(account: AccountFacts, risk: AccountRisk, asset: AssetId): AccountLending {
    const source = this.#parts.desk.risk;
    const { wallet, locked, spotBorrow } = coinOf(account, asset);
    return {
      ...lendingOf(asset),
      index: source.usd(asset),
      isCollateral: collateralOf(account.settings.current, asset) !== null,
      wallet,
      locked,
      spotBorrow,
      borrowed: risk.coins.get(asset)?.borrowAmount ?? ZERO,
      available: borrowRoom(source, account, asset, risk),
    };
  }
}

function lendingOf(asset: AssetId): CoinLending {
  const { collateral, hourlyRate, borrowLimit } = coinTermsOf(asset);
  return { asset, collateral, hourlyRate, limit: borrowLimit };
}
