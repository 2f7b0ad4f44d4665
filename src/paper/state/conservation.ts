import type { AssetId, InstrumentId, Money } from '../../domain/ids.ts';
import { splitInstrumentId } from '../../domain/ids.ts';
import { addTo } from './apply.ts';
import { type AccountFacts, isHouse, type PaperState } from './state.ts';

/** What is left over; an exchange that is right has none. */
export type Leak =
  | Readonly<{ type: 'coin'; asset: AssetId; difference: Money }>
  | Readonly<{ type: 'contracts'; instrument: InstrumentId; difference: Money }>
  | Readonly<{ type: 'locked'; uid: string; asset: AssetId; difference: Money }>
  | Readonly<{ type: 'overspent'; uid: string; asset: AssetId; difference: Money }>;

/**
 * Proves that no money was made or lost, exactly. Per coin: the wallets of all accounts, the synthetic one included,
 * less what they borrowed and what their open futures cost, plus the fees, less the deposits, is zero. (A position's unrealised profit is
 * size × mark − cost; sizes sum to zero, so the costs alone stand for what the two sides owe each other.) Per
 * instrument the sizes sum to zero; per account what is locked is what its orders hold, and no client spends what it
 * has not.
 */
export function findLeaks(state: PaperState): readonly Leak[] {
  const leaks: Leak[] = [];
  for (const [asset, difference] of coinSums(state))
    if (difference !== 0n) leaks.push({ type: 'coin', asset, difference });
  const sizes = new Map<InstrumentId, Money>();
  for (const account of state.accounts.values()) {
    for (const { instrument, size } of account.positions.values()) {
      sizes.set(instrument, ((sizes.get(instrument) ?? 0n) + size) as Money);
    }
    leaks.push(...accountLeaks(account));
  }
  for (const [instrument, difference] of sizes) {
    if (difference !== 0n) leaks.push({ type: 'contracts', instrument, difference });
  }
  return leaks;
}

function coinSums(state: PaperState): ReadonlyMap<AssetId, Money> {
  const sums = new Map(state.fees);
  for (const [asset, amount] of state.deposits) addTo(sums, asset, -amount as Money);
  for (const account of state.accounts.values()) {
    for (const [asset, { wallet, spotBorrow }] of account.coins) addTo(sums, asset, (wallet - spotBorrow) as Money);
    for (const [asset, amount] of account.fund) addTo(sums, asset, amount);
    for (const { instrument, settle, cost } of account.positions.values()) {
      // An option's premium has left the wallet already: its cost is in nobody's debt.
      if (settle !== null && splitInstrumentId(instrument).category !== 'option') addTo(sums, settle, -cost as Money);
    }
  }
  return sums;
}

function accountLeaks(account: AccountFacts): readonly Leak[] {
  const { uid } = account;
  const leaks: Leak[] = [];
  const held = new Map<AssetId, Money>();
  for (const facts of account.open.values()) if (facts.heldAsset !== null) addTo(held, facts.heldAsset, facts.held);
  // A loss on a perpetual may take more than is there: the account is then to be liquidated, which is no leak. With
  // spot margin an order may spend what is not there.
  const settles = new Set([...account.positions.values()].map((position) => position.settle));
  for (const [asset, { wallet, locked }] of account.coins) {
    const difference = (locked - (held.get(asset) ?? 0n)) as Money;
    if (difference !== 0n) leaks.push({ type: 'locked', uid, asset, difference });
    const free = (wallet - locked) as Money;
    if (free < 0n && !isHouse(uid) && !settles.has(asset) && !account.settings.current.spotMargin.on)
      leaks.push({ type: 'overspent', uid, asset, difference: free });
  }
  return leaks;
}
