import type { AssetId, InstrumentId } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { ExchangeRefusal, PositionIdx } from '../../ports/exchange.ts';
import { refuse } from '../rules/refusal.ts';
import { type AccountFacts, accountOf, positionOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';
import type { Decision } from './decision.ts';
import { isHedged, mayHedge } from './position-mode.ts';

type Checked = Result<void, ExchangeRefusal>;

/** Hedge or one-way mode of one instrument, or of a settle coin (V5 docs, "Switch Position Mode"). */
export function setHedged(decision: Decision, uid: string, of: InstrumentId | AssetId, hedged: boolean): Checked {
  const market = decision.desk.markets.get(of as InstrumentId);
  return market === undefined
    ? setCoin(decision, uid, of as AssetId, hedged)
    : setInstrument(decision, uid, market, hedged);
}

function setInstrument(decision: Decision, uid: string, market: Market, hedged: boolean): Checked {
  const account = accountOf(decision.desk.state.accounts, uid);
  const settings = account.settings.current;
  if (!mayHedge(market.instrument)) {
    return hedged
      ? refuse('HEDGE_NOT_SUPPORTED', `${market.id} is one-way`)
      : refuse('MODE_UNCHANGED', 'it is one-way already');
  }
  if (isHedged(settings, market.instrument) === hedged) return refuse('MODE_UNCHANGED', 'it is so already');
  const blocked = blockOf(account, market);
  if (blocked !== null) return refuse(blocked, `${market.id} is in use`);
  const modes = { ...settings.hedged, [market.id]: hedged };
  decision.emit({ type: 'settings_set', at: decision.at, uid, settings: { ...settings, hedged: modes } });
  keepLeverage(decision, uid, market, hedged);
  return ok(undefined);
}

/** Switches what is not in use, and is what new listings begin with; what is in use stays as it is. */
function setCoin(decision: Decision, uid: string, coin: AssetId, hedged: boolean): Checked {
  const { desk } = decision;
  const account = accountOf(desk.state.accounts, uid);
  const settings = account.settings.current;
  const all = [...desk.markets.values()].filter(({ instrument }) => instrument.settle === coin && mayHedge(instrument));
  if (all.length === 0) {
    return hedged
      ? refuse('HEDGE_NOT_SUPPORTED', `contracts in ${coin} are one-way`)
      : refuse('MODE_UNCHANGED', 'they are one-way already');
  }
  const other = all.filter(({ instrument }) => isHedged(settings, instrument) !== hedged);
  const before = settings.hedged[coin] ?? false;
  if (other.length === 0 && before === hedged) return refuse('MODE_UNCHANGED', 'they are so already');
  const used = new Set(other.filter((market) => blockOf(account, market) !== null));
  const modes: Record<string, boolean> = { ...settings.hedged, [coin]: hedged };
  for (const market of all) {
    if (used.has(market)) modes[market.id] = !hedged;
    else delete modes[market.id];
  }
  decision.emit({ type: 'settings_set', at: decision.at, uid, settings: { ...settings, hedged: modes } });
  for (const market of other) if (!used.has(market)) keepLeverage(decision, uid, market, hedged);
  return ok(undefined);
}

function blockOf(account: AccountFacts, { id }: Market): 'MODE_BLOCKED_BY_POSITION' | 'MODE_BLOCKED_BY_ORDERS' | null {
  for (const { instrument, size } of account.positions.values()) {
    if (instrument === id && size !== 0n) return 'MODE_BLOCKED_BY_POSITION';
  }
  for (const { order } of account.open.values()) if (order.instrument === id) return 'MODE_BLOCKED_BY_ORDERS';
  return null;
}

/** The positions of the new mode begin with the leverage of the old one's. */
function keepLeverage(decision: Decision, uid: string, market: Market, hedged: boolean): void {
  const account = accountOf(decision.desk.state.accounts, uid);
  const [from, to]: readonly [PositionIdx, readonly PositionIdx[]] = hedged ? [0, [1, 2]] : [1, [0]];
  const { leverage } = positionOf(account, market.id, from);
  for (const positionIdx of to) {
    if (positionOf(account, market.id, positionIdx).leverage === leverage) continue;
    const set = { type: 'leverage_set', at: decision.at, uid, instrument: market.id, positionIdx, leverage } as const;
    decision.emit(set);
  }
}
