import type { Money, UnixMs } from '../../domain/ids.ts';
import type { Decision } from '../desk/decision.ts';
import { marginValue } from '../formulas/contract.ts';
import { fundingPayment, fundingResidue } from '../formulas/funding.ts';
import type { FundedRow } from '../state/cash-events.ts';
import { type PositionFacts, accountOf } from '../state/state.ts';
import type { Market } from '../tape/market.ts';

/** At what funding is settled: `due` is the boundary of the interval. */
export type FundingTurn = Readonly<{ due: UnixMs; rate: Money; mark: Money }>;

/**
 * Funding of one perpetual at a boundary of its interval: every position pays or receives value at mark × rate, those
 * of the exchange's own accounts too, so that what is paid is what is received; what rounding leaves is the insurance
 * fund's. The rate is told of, also where nobody holds the contract.
 */
export function settleFunding(decision: Decision, market: Market, { due, rate, mark }: FundingTurn): void {
  const { instrument } = market;
  const kind = instrument.contract?.valuation ?? 'linear';
  const { counters } = decision.desk;
  const rows = holdersOf(decision, market).map(([uid, { idx, size }]): FundedRow => {
    const cash = fundingPayment(kind, size, mark, rate);
    const ids = { execId: counters.id(instrument.category), orderId: counters.id(instrument.category) };
    return { uid, idx, ...ids, size, value: marginValue(kind, size, mark), cash };
  });
  decision.facts.push({ type: 'funding', instrument: market.id, at: due, rate });
  if (rows.length === 0) return;
  decision.emit({
    type: 'funded',
    at: decision.at,
    due,
    instrument: market.id,
    settle: instrument.settle,
    seq: decision.seq(market),
    rate,
    mark,
    index: market.index(),
    rows,
    residue: fundingResidue(rows.map(({ cash }) => cash)),
  });
  for (const { uid } of rows) decision.touch(uid, market);
}

/** Every open position in a contract, by account. */
export function holdersOf(decision: Decision, market: Market): readonly (readonly [uid: string, PositionFacts])[] {
  const { accounts } = decision.desk.state;
  return [...accounts.keys()].flatMap((uid) =>
    [...accountOf(accounts, uid).positions.values()]
      .filter(({ instrument, size }) => instrument === market.id && size !== 0n)
      .map((facts) => [uid, facts] as const),
  );
}
