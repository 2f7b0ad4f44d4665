import { GTC, IOC, MatchingEngine, STP_CANCEL_MAKER, TRADED } from '../../src/matching/index.ts';
import { CANCEL, type Flow, LIMIT } from '../flows/flow.ts';
import type { Contender } from './contender.ts';

/**
 * Our engine through its public interface: every command, every event read. Each order has an account of its own and
 * asks for self-trade prevention, so that the check is paid for and changes nothing.
 */
export class OurEngine implements Contender {
  volume = 0;
  private readonly engine = new MatchingEngine();

  play(flow: Flow, from: number, to: number): void {
    const { engine } = this;
    const { events } = engine;
    const { kind, id, side, price, qty } = flow;
    let volume = 0;
    for (let at = from; at < to; at += 1) {
      const order = id[at] as number;
      const count =
        kind[at] === LIMIT
          ? engine.submit(
              order,
              order,
              side[at] as number,
              price[at] as number,
              qty[at] as number,
              GTC,
              STP_CANCEL_MAKER,
            )
          : kind[at] === CANCEL
            ? engine.cancel(order)
            : engine.submitMarket(order, order, side[at] as number, qty[at] as number, IOC, STP_CANCEL_MAKER);
      for (let index = 0; index < count; index += 1) if (events.type(index) === TRADED) volume += events.qty(index);
    }
    this.volume += volume;
  }
}
