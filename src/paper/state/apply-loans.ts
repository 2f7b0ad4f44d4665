import { ZERO } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import type { Change } from './changes.ts';
import type { EventOf } from './events.ts';
import { ledgerLine } from './ledger-line.ts';
import { type PaperState, SYNTHETIC } from './state.ts';
import { Wallets } from './wallets.ts';

/** What is borrowed is in the wallet, and owed. */
export function lent(state: PaperState, event: EventOf<'borrowed'> | EventOf<'repaid'>): readonly Change[] {
  const { uid, asset, at, amount } = event;
  const type = event.type === 'borrowed' ? 'borrow' : 'repay';
  const change = (type === 'borrow' ? amount : -amount) as Money;
  const wallets = new Wallets(state);
  const { wallet } = wallets.change(uid, asset, (coin) => ({
    ...coin,
    wallet: (coin.wallet + change) as Money,
    spotBorrow: (coin.spotBorrow + change) as Money,
  }));
  const line = { ...ledgerLine(state, uid, asset, wallet), at, type, qty: amount, cashFlow: change, change } as const;
  const changes: Change[] = [...wallets.changes(), { type: 'record', uid, record: line }];
  if (event.type === 'repaid') return changes;
  const { hourlyRate } = event;
  const record = { kind: 'borrow', at, asset, hourlyRate, amount, interest: ZERO } as const;
  return [...changes, { type: 'record', uid, record }];
}

/** The exchange takes one coin and gives the other. */
export function converted(state: PaperState, event: EventOf<'converted'>): readonly Change[] {
  const { uid, gives, gets, at } = event;
  const wallets = new Wallets(state);
  const records: Change[] = [];
  const move = (asset: AssetId, amount: Money): void => {
    const balance = wallets.move(uid, asset, amount, ZERO);
    wallets.move(SYNTHETIC, asset, -amount as Money, ZERO);
    const qty = (amount < 0n ? -amount : amount) as Money;
    const type = amount < 0n ? 'convert_out' : 'convert_in';
    const line = { ...ledgerLine(state, uid, asset, balance), at, type, qty, cashFlow: amount } as const;
    records.push({ type: 'record', uid, record: { ...line, change: amount } });
  };
  move(gives.asset, -gives.amount as Money);
  move(gets.asset, gets.amount);
  return [...wallets.changes(), ...records];
}
