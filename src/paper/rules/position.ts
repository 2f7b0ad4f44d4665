import type { Lots, Money, Side, Ticks } from '../../domain/ids.ts';
import { notionalOf, priceOf, qtyOf } from '../../domain/instrument.ts';
import type { ExchangeInstrument } from '../../ports/exchange.ts';
import {
  type ContractKind,
  type Moved,
  moveContract,
  type OpenPart,
  tradeOf,
  tradeValue,
} from '../formulas/contract.ts';

export type { Moved, OpenPart };

type Valued = Pick<ExchangeInstrument, 'listing' | 'contract'>;

/** How a contract is valued; a pair as a linear one: quantity × price. */
export const kindOf = ({ contract }: Pick<ExchangeInstrument, 'contract'>): ContractKind =>
  contract?.valuation ?? 'linear';

/** What is paid for a fill: quantity × price in quote, exact; of inverse contracts quantity ÷ price in the base coin. */
export const valueOf = (instrument: Valued, price: Ticks, lots: Lots): Money =>
  kindOf(instrument) === 'inverse'
    ? tradeValue('inverse', qtyOf(instrument.listing, lots), priceOf(instrument.listing, price))
    : notionalOf(instrument.listing, price, lots);

/** A position after a trade that was worth `value`. */
export const movePosition = (kind: ContractKind, before: OpenPart, side: Side, qty: Money, value: Money): Moved =>
  moveContract(before, tradeOf(kind, side, qty, value));
