import type { Side } from '../../domain/ids.ts';
import type { SelfTradePrevention, TimeInForce } from '../../domain/order.ts';
import { invariant } from '../../domain/result.ts';
import {
  type Command,
  MatchingEngine,
  type MatchingEvent,
  SELF_TRADE_MODES,
  SIDES,
  TIMES_IN_FORCE,
} from '../../matching/index.ts';

/** What an order book needs of a matching engine: commands in, what they did out, in order. */
export interface Engine {
  execute(command: Submit | Cancel | Amend): readonly MatchingEvent[];
}

type Submit = Extract<Command, { type: 'submit' }>;
type Cancel = Extract<Command, { type: 'cancel' }>;
type Amend = Extract<Command, { type: 'amend' }>;

const sideCode = (side: Side): number => SIDES.indexOf(side);
const timeCode = (timeInForce: TimeInForce): number => TIMES_IN_FORCE.indexOf(timeInForce);
const selfTradeCode = (mode: SelfTradePrevention): number => SELF_TRADE_MODES.indexOf(mode);

/** The matching engine, spoken to in words. */
export function matchingEngine(): Engine {
  const engine = new MatchingEngine();
  const run = (command: Submit | Cancel | Amend): void => {
    switch (command.type) {
      case 'submit': {
        const { id, account, price, qty } = command;
        invariant(price !== null, 'the exchange bounds its market orders');
        const [side, time] = [sideCode(command.side), timeCode(command.timeInForce)];
        engine.submit(id, account, side, price, qty, time, selfTradeCode(command.selfTrade));
        return;
      }
      case 'cancel':
        engine.cancel(command.id);
        return;
      case 'amend': {
        invariant(command.price !== null && command.qty !== null, 'an amendment names price and quantity');
        engine.amend(command.id, command.price, command.qty);
        return;
      }
    }
  };
  return {
    execute(command) {
      run(command);
      return engine.events.decodeAll();
    },
  };
}
