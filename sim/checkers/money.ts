import type { Gateway } from '../../src/app/core/gateway.ts';
import { formatDecimal } from '../../src/domain/decimal.ts';
import { type AssetId, INTERNAL_VENUE, type Money } from '../../src/domain/ids.ts';
import type { AccountState } from '../../src/oms/state.ts';
import type { AccountTruth } from '../../src/paper/index.ts';
import { FUNDS, type Person } from '../world/settings.ts';
import { World } from '../world/world.ts';
import type { Verdicts } from './verdicts.ts';

type Sums = Map<AssetId, bigint>;
const add = (sums: Sums, asset: AssetId, amount: bigint): void => {
  sums.set(asset, (sums.get(asset) ?? 0n) + amount);
};
const text = (amount: bigint): string => formatDecimal(amount as Money);
const ASSETS = Object.keys(FUNDS) as AssetId[];

/**
 * V9 on the internal venue: what was paid in is what accounts and platform have, with the fees that are under way
 * between them. And no account holds more than it has.
 */
export function internalConservation(gateway: Gateway, verdicts: Verdicts): void {
  const sums: Sums = new Map();
  for (const [asset, { total }] of gateway.platform.balances.entries()) add(sums, asset, total);
  for (const { state, account } of gateway.desks.values()) {
    for (const { asset, amount, type } of state.transfers) add(sums, asset, type === 'deposited' ? -amount : amount);
    const booked = gateway.platform.bookedFrom(account.number);
    for (const { n, asset, amount } of state.outbox.values()) if (n > booked) add(sums, asset, amount);
    for (const [asset, { total, held }] of state.balances.entries()) {
      add(sums, asset, total);
      verdicts.expect(
        'V9',
        `${account.id} ${asset}`,
        held >= 0n && total >= held,
        () => `${text(held)} of ${text(total)} held`,
      );
    }
  }
  for (const [asset, difference] of sums) {
    verdicts.expect('V9', `okd_internal ${asset}`, difference === 0n, () => `differs by ${text(difference)}`);
  }
}

/**
 * V7: the gateway's executions alone explain every balance and position of the venue, to the last digit. The wallet of
 * the settle coin is taken less what open positions cost: that is what buying and selling contracts moved.
 */
export function venueMoney(state: AccountState, truth: AccountTruth, person: Person, verdicts: Verdicts): void {
  const expected: Sums = new Map(ASSETS.map((asset) => [asset, World.opening(asset)]));
  const sizes = new Map<string, bigint>();
  for (const { order, parent, executions } of state.children.values()) {
    if (order.venue === INTERNAL_VENUE) continue;
    const { base, quote } = state.parent(parent).coins;
    const sign = order.side === 'buy' ? 1n : -1n;
    const isSpot = order.instrument.startsWith('spot:');
    for (const { qty, notional, fee, feeAsset } of executions) {
      if (isSpot) add(expected, base, sign * qty);
      else sizes.set(order.instrument, (sizes.get(order.instrument) ?? 0n) + sign * qty);
      add(expected, quote, -sign * notional);
      add(expected, feeAsset, -fee);
    }
  }
  const actual: Sums = new Map();
  for (const [asset, { wallet }] of truth.coins) add(actual, asset, wallet);
  for (const { settle, cost } of truth.positions.values()) if (settle !== null) add(actual, settle, -cost);
  for (const [asset, amount] of expected) {
    const wallet = actual.get(asset) ?? 0n;
    verdicts.expect(
      'V7',
      `${person.account} ${asset}`,
      amount === wallet,
      () => `the fills say ${text(amount)}, the venue ${text(wallet)}`,
    );
  }
  for (const id of new Set([...sizes.keys(), ...truth.positions.keys()])) {
    const [sum, size] = [sizes.get(id) ?? 0n, truth.positions.get(id as never)?.size ?? 0n];
    verdicts.expect(
      'V7',
      `${person.account} ${id}`,
      sum === size,
      () => `the fills say ${text(sum)}, the venue ${text(size)}`,
    );
  }
}
