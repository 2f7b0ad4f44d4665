import { formatDecimal, money } from '../../domain/decimal.ts';
import type { AssetId } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { CoinAmount, ExchangeRefusal, Member } from '../../ports/exchange.ts';
import type { Decision } from '../desk/decision.ts';
import { refuse } from '../rules/refusal.ts';
import { createSubMember } from './members.ts';
import { transferable } from './transfers.ts';

type Decided<T> = Result<T, ExchangeRefusal>;

/** What a new demo account has (V5 docs, "Demo Trading Service"). */
const DEMO_BALANCES: readonly CoinAmount[] = [
  { asset: 'USDT' as AssetId, amount: money('50000') },
  { asset: 'USDC' as AssetId, amount: money('50000') },
  { asset: 'BTC' as AssetId, amount: money('1') },
  { asset: 'ETH' as AssetId, amount: money('1') },
];

/** A sub-account under a made name, with the coins of a demo account. */
export function createDemoMember(decision: Decision, uid: string): Decided<Member> {
  const names = new Set([...decision.desk.state.members.values()].map(({ username }) => username));
  let count = 1;
  while (names.has(demoName(count))) count += 1;
  const made = createSubMember(decision, uid, { username: demoName(count), kind: 'normal', note: 'demo' });
  if (made.ok) deposit(decision, made.value.uid, DEMO_BALANCES);
  return made;
}

const demoName = (count: number): string => `demo${String(count).padStart(4, '0')}`;

/** Pays in, or takes out what could be moved out: play money has no other side. */
export function adjustMoney(decision: Decision, uid: string, amounts: readonly CoinAmount[]): Decided<void> {
  for (const one of amounts) {
    const { asset, amount } = one;
    const there = transferable(decision.desk, uid, asset);
    if (amount < 0n && -amount > there) {
      return refuse('TRANSFER_BALANCE', `${formatDecimal(there)} ${asset} can be taken out`);
    }
    deposit(decision, uid, [one]);
  }
  return ok(undefined);
}

function deposit(decision: Decision, uid: string, amounts: readonly CoinAmount[]): void {
  for (const { asset, amount } of amounts) {
    if (amount !== 0n) decision.emit({ type: 'deposited', at: decision.at, uid, asset, amount });
  }
}
