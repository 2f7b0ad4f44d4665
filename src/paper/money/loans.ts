import { ONE, ZERO, formatDecimal, maximum, minimum, scaleOf } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import { DEFAULT_ASSET_SCALE } from '../../domain/instrument.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { CoinAmount, ExchangeRefusal, Repayment } from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import { borrowRoom, spendable } from '../desk/funds.ts';
import { repayable } from '../formulas/borrow.ts';
import { toCoin } from '../formulas/contract.ts';
import { refuse } from '../rules/refusal.ts';
import { type AccountFacts, accountOf, coinOf, freeOf } from '../state/state.ts';
import { accountRisk } from './account-risk.ts';
import { coinTermsOf } from './terms.ts';

/** A loan by request, within the coin's limit and what the account's margin carries. */
export function borrow(decision: Decision, uid: string, asset: AssetId, amount: Money): Result<void, ExchangeRefusal> {
  const { desk, at } = decision;
  const { hourlyRate, borrowLimit } = coinTermsOf(asset);
  if (borrowLimit === ZERO) return refuse('COIN_NOT_LENT', asset);
  if (amount <= 0n || scaleOf(amount) > DEFAULT_ASSET_SCALE) {
    return refuse('LOAN_AMOUNT_INVALID', `above zero, at most ${DEFAULT_ASSET_SCALE} digits`);
  }
  const account = accountOf(desk.state.accounts, uid);
  const room = borrowRoom(desk.risk, account, asset, accountRisk(desk.risk, account));
  if (amount > room) return refuse('LOAN_TOO_LARGE', `${formatDecimal(room)} ${asset} can be borrowed`);
  decision.emit({ type: 'borrowed', at, uid, asset, amount, hourlyRate });
  return ok(undefined);
}

/** Pays loans back with what there is of the coin and, where that is wanted, with what other coins bring. */
export function repay(
  decision: Decision,
  uid: string,
  { asset, amount, convert }: Repayment,
): Result<readonly CoinAmount[], ExchangeRefusal> {
  const account = accountOf(decision.desk.state.accounts, uid);
  const owed = debts(account, asset);
  if (owed.length === 0) return refuse('NOTHING_OWED', asset ?? 'any coin');
  const paid: CoinAmount[] = [];
  for (const debt of owed) {
    const wanted = amount === null ? debt.amount : minimum(amount, debt.amount);
    const done = payDebt(decision, account, debt.asset, wanted, convert);
    if (done > 0n) paid.push({ asset: debt.asset, amount: done });
  }
  return paid.length === 0 ? refuse('NOTHING_TO_PAY_WITH', asset ?? 'any coin') : ok(paid);
}

/** Brings wallets that are below zero back to it, with other coins. What was borrowed by request is repaid otherwise. */
export function coverDebts(
  decision: Decision,
  uid: string,
  asset: AssetId | null,
): Result<readonly CoinAmount[], ExchangeRefusal> {
  const account = accountOf(decision.desk.state.accounts, uid);
  const owed = debts(account, asset);
  if (owed.some((debt) => coinOf(account, debt.asset).spotBorrow > 0n)) return refuse('LOAN_BY_REQUEST', asset ?? '');
  return ok(
    owed
      .map(({ asset: one, amount }) => ({ asset: one, amount: payDebt(decision, account, one, amount, true) }))
      .filter(({ amount }) => amount > 0n),
  );
}

/** What is owed of each coin: loans, and what a wallet is below zero. */
function debts(account: AccountFacts, asset: AssetId | null): readonly CoinAmount[] {
  return [...account.coins]
    .filter(([one]) => asset === null || one === asset)
    .map(([one, { wallet, spotBorrow }]) => ({
      asset: one,
      amount: (spotBorrow + (wallet < 0n ? -wallet : 0n)) as Money,
    }))
    .filter(({ amount }) => amount > 0n);
}

/** Pays up to `wanted`; says how much of the debt is gone. */
function payDebt(decision: Decision, account: AccountFacts, asset: AssetId, wanted: Money, convert: boolean): Money {
  const { uid } = account;
  const own = repayable(coinOf(account, asset).spotBorrow, wanted, freeOf(account, asset));
  if (own > 0n) decision.emit({ type: 'repaid', at: decision.at, uid, asset, amount: own });
  if (!convert || own === wanted) return own;
  const overdrawn = -minimum(coinOf(account, asset).wallet, ZERO);
  const bought = buyFor(decision, account, asset, (wanted - own) as Money);
  const left = (bought > overdrawn ? bought - overdrawn : 0n) as Money;
  const rest = repayable(coinOf(account, asset).spotBorrow, left, freeOf(account, asset));
  if (rest > 0n) decision.emit({ type: 'repaid', at: decision.at, uid, asset, amount: rest });
  return (own + bought) as Money;
}

/**
 * Pays what an account that is being liquidated owes with whatever it has, margin or not. True when anything moved.
 */
export function repayByForce(decision: Decision, account: AccountFacts): boolean {
  const { uid } = account;
  const before = decision.events.length;
  for (const { asset } of debts(account, null)) {
    const pay = (): void => {
      const own = repayable(coinOf(account, asset).spotBorrow, null, freeOf(account, asset));
      if (own > 0n) decision.emit({ type: 'repaid', at: decision.at, uid, asset, amount: own });
    };
    pay();
    const owed = debts(account, asset)[0]?.amount ?? ZERO;
    if (owed > 0n) buyFor(decision, account, asset, owed, (other) => unowed(account, other));
    pay();
  }
  return decision.events.length > before;
}

/** What an account has of a coin beyond what it owes of it and what is locked. */
const unowed = (account: AccountFacts, asset: AssetId): Money =>
  maximum(ZERO, (freeOf(account, asset) - coinOf(account, asset).spotBorrow) as Money);

/**
 * Sells other coins for an amount of one, at their index prices, those that are worth most first; says how much came
 * in. Rounded against the account, so that the exchange gives away nothing.
 */
function buyFor(
  decision: Decision,
  account: AccountFacts,
  asset: AssetId,
  wanted: Money,
  mayGive: (other: AssetId) => Money = (other) => spendable(decision.desk, account, other),
): Money {
  const { desk, at } = decision;
  const { uid } = account;
  const price = desk.risk.usd(asset);
  if (price === 0n) return ZERO;
  const worth = (one: AssetId): bigint => mayGive(one) * desk.risk.usd(one);
  const others = [...account.coins.keys()].filter((one) => one !== asset && worth(one) > 0n);
  others.sort((a, b) => (worth(b) > worth(a) ? 1 : worth(b) < worth(a) ? -1 : a < b ? -1 : 1));
  let missing: bigint = wanted;
  for (const other of others) {
    if (missing === 0n) break;
    const usd = desk.risk.usd(other);
    const there = mayGive(other);
    const needed = toCoin(missing * price, usd, 'up');
    const gives = minimum(needed, toCoin(there * ONE, ONE, 'down'));
    const gets = gives === needed ? missing : toCoin(gives * usd, price, 'down');
    if (gives <= 0n || gets <= 0n) continue;
    const amounts = { gives: { asset: other, amount: gives }, gets: { asset, amount: gets as Money } };
    decision.emit({ type: 'converted', at, uid, ...amounts });
    missing -= gets;
  }
  return (wanted - missing) as Money;
}
