import { add, ZERO } from '../../domain/decimal.ts';
import type { AssetId, Money } from '../../domain/ids.ts';
import { unreachable } from '../../domain/result.ts';
import type { LedgerRecord } from '../../ports/exchange.ts';
import type { Change } from './changes.ts';
import type { AccountEvent, EventOf } from './events.ts';
import { accountOf, type CoinFacts, coinOf, newAccount, type PaperState, positionOf } from './state.ts';

export function applyAccountEvent(state: PaperState, event: AccountEvent): readonly Change[] {
  switch (event.type) {
    case 'deposited':
      return deposit(state, event);
    case 'transferred':
      return transfer(state, event);
    case 'settings_set':
      return [{ type: 'settings', uid: event.uid, settings: event.settings }];
    case 'leverage_set': {
      const position = positionOf(accountOf(state.accounts, event.uid), event.instrument, event.positionIdx);
      const facts = { ...position, leverage: event.leverage, updatedAt: event.at };
      return [{ type: 'position', uid: event.uid, facts }];
    }
    default:
      return unreachable(event);
  }
}

function deposit(state: PaperState, event: EventOf<'deposited'>): readonly Change[] {
  const { uid, asset, amount } = event;
  let account = state.accounts.get(uid);
  if (account === undefined) state.accounts.set(uid, (account = newAccount(uid)));
  state.deposits.set(asset, add(state.deposits.get(asset) ?? ZERO, amount));
  const coin = coinOf(account, asset);
  const wallet = add(coin.wallet, amount);
  return [
    { type: 'coin', uid, asset, facts: { ...coin, wallet } },
    { type: 'record', uid, record: ledgerRecord(state, event, uid, coin, amount) },
  ];
}

/** How many transfers are remembered: their ids stay taken so long. */
const MOST_TRANSFERS = 50_000;

/** Whoever is not known yet begins with what is sent. */
function transfer(state: PaperState, event: EventOf<'transferred'>): readonly Change[] {
  const { asset, amount, from, to } = event;
  if (!state.accounts.has(to.uid)) state.accounts.set(to.uid, newAccount(to.uid));
  const { type: _, ...kept } = event;
  state.transfers.set(event.transferId, kept);
  const [oldest] = state.transfers.keys();
  if (state.transfers.size > MOST_TRANSFERS && oldest !== undefined) state.transfers.delete(oldest);
  const record = { ...kept, kind: 'transfer' } as const;
  const uids = from.uid === to.uid ? [from.uid] : [from.uid, to.uid];
  return [
    ...half(state, event, from.uid, from.wallet, -amount as Money, asset),
    ...half(state, event, to.uid, to.wallet, amount, asset),
    ...uids.map((uid): Change => ({ type: 'record', uid, record })),
  ];
}

function half(
  state: PaperState,
  event: EventOf<'transferred'>,
  uid: string,
  wallet: 'unified' | 'fund',
  amount: Money,
  asset: AssetId,
): readonly Change[] {
  const account = accountOf(state.accounts, uid);
  if (wallet === 'fund') {
    return [{ type: 'fund', uid, asset, amount: add(account.fund.get(asset) ?? ZERO, amount) }];
  }
  const coin = coinOf(account, asset);
  return [
    { type: 'coin', uid, asset, facts: { ...coin, wallet: add(coin.wallet, amount) } },
    { type: 'record', uid, record: ledgerRecord(state, event, uid, coin, amount) },
  ];
}

function ledgerRecord(
  state: PaperState,
  event: EventOf<'deposited'> | EventOf<'transferred'>,
  uid: string,
  before: CoinFacts,
  change: Money,
): LedgerRecord {
  const { at, asset } = event;
  state.records += 1;
  return {
    kind: 'ledger',
    id: `${uid}_${asset}_${state.records}`,
    at,
    type: change < 0n ? 'transfer_out' : 'transfer_in',
    asset,
    instrument: null,
    side: null,
    qty: change < 0n ? (-change as Money) : change,
    size: ZERO,
    price: ZERO,
    funding: ZERO,
    fee: ZERO,
    feeRate: ZERO,
    cashFlow: change,
    change,
    balance: add(before.wallet, change),
    tradeId: '',
    orderId: '',
    clientOrderId: null,
  };
}
