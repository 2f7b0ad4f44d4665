import { negate, ZERO } from '../../domain/decimal.ts';
import type { InstrumentId, Money, Side, UnixMs } from '../../domain/ids.ts';
import type { ExchangeExecution } from '../../ports/exchange.ts';

/** A position in an option from its first trade until it was flat again. */
export type ClosedOption = Readonly<{
  instrument: InstrumentId;
  side: Side;
  openedAt: UnixMs;
  at: UnixMs;
  qty: Money;
  openValue: Money;
  openFee: Money;
  closeValue: Money;
  closeFee: Money;
  deliveryFee: Money;
  deliveryPrice: Money | null;
}>;

type Open = { -readonly [K in keyof ClosedOption]: ClosedOption[K] } & { size: Money };

const signed = (side: Side, qty: Money): Money => (side === 'buy' ? qty : negate(qty));
const share = (value: Money, part: Money, whole: Money): Money => ((value * part) / whole) as Money;

function opened(one: ExchangeExecution): Open {
  return {
    instrument: one.instrument, side: one.side, openedAt: one.at, at: one.at, size: ZERO, qty: ZERO, openValue: ZERO,
    openFee: ZERO, closeValue: ZERO, closeFee: ZERO, deliveryFee: ZERO, deliveryPrice: null,
  }; // biome-ignore format: a row
}

/** Adds part of an execution to a position: with its side it opens, against it it closes. */
function take(open: Open, one: ExchangeExecution, qty: Money): void {
  const [value, fee] = [share(one.notional, qty, one.qty), share(one.fee, qty, one.qty)];
  open.at = one.at;
  open.size = (open.size + signed(one.side, qty)) as Money;
  if (one.side === open.side) {
    open.qty = (open.qty + qty) as Money;
    open.openValue = (open.openValue + value) as Money;
    open.openFee = (open.openFee + fee) as Money;
    return;
  }
  open.closeValue = (open.closeValue + value) as Money;
  if (one.kind !== 'delivery') open.closeFee = (open.closeFee + fee) as Money;
  else {
    open.deliveryFee = (open.deliveryFee + fee) as Money;
    open.deliveryPrice = one.price;
  }
}

/** The positions that executions, newest first, opened and closed; newest first. What is not flat yet is not there. */
export function closedOptions(executions: readonly ExchangeExecution[]): readonly ClosedOption[] {
  const open = new Map<InstrumentId, Open>();
  const closed: ClosedOption[] = [];
  for (const one of [...executions].reverse()) {
    let left = one.qty;
    while (left > ZERO) {
      const position = open.get(one.instrument) ?? opened(one);
      open.set(one.instrument, position);
      const held = position.size < ZERO ? negate(position.size) : position.size;
      // What is more than there is turns the position around: the rest opens another.
      const qty = one.side === position.side || left <= held ? left : held;
      take(position, one, qty);
      left = (left - qty) as Money;
      if (position.size !== ZERO) continue;
      open.delete(one.instrument);
      closed.unshift(position);
    }
  }
  return closed;
}
