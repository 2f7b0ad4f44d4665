import type { Decision } from '../desk/decision.ts';
import { type AccountFacts, INSURANCE, isHouse } from '../state/state.ts';
import { workInsurance } from './insurance.ts';
import { liquidate } from './liquidation.ts';

/**
 * Sees to it that no account is left whose margin says that it has to be liquidated. Accounts are looked at when a
 * price that they depend on has moved, or what they have has changed. True when anything was done: other things may
 * follow from it.
 */
export function watchRisk(decision: Decision): boolean {
  const { sound, state } = decision.desk;
  const changed = new Set<string>();
  for (const change of decision.changes) {
    if (change.type === 'position' || change.type === 'coin' || change.type === 'settings') changed.add(change.uid);
  }
  let any = false;
  for (const account of state.accounts.values()) {
    if (isHouse(account.uid) || !(holds(account) || owes(account))) continue;
    const prices = pricesOf(decision, account);
    if (!changed.has(account.uid) && sound.isSound(account.uid, prices)) continue;
    if (liquidate(decision, account.uid)) any = true;
    sound.found(account.uid, prices);
  }
  const insurance = state.accounts.get(INSURANCE);
  // Whoever the fund traded with may have orders to trim, and prices that it made may trigger others.
  const traded = insurance !== undefined && holds(insurance) && workInsurance(decision);
  return any || traded;
}

const holds = (account: AccountFacts): boolean => {
  for (const { size } of account.positions.values()) if (size !== 0n) return true;
  return false;
};

const owes = (account: AccountFacts): boolean => {
  for (const { wallet, spotBorrow } of account.coins.values()) if (wallet < 0n || spotBorrow > 0n) return true;
  return false;
};

/** Marks and indices of its contracts, and what its coins and theirs are worth. */
function pricesOf({ desk }: Decision, account: AccountFacts): readonly bigint[] {
  const prices: bigint[] = [];
  for (const { instrument, size } of account.positions.values()) {
    const market = size === 0n ? undefined : desk.markets.get(instrument);
    if (market !== undefined) prices.push(market.mark(), market.index(), desk.risk.usd(market.instrument.settle));
  }
  for (const asset of account.coins.keys()) prices.push(desk.risk.usd(asset));
  return prices;
}
