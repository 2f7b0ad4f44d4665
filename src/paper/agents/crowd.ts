import { divide } from '../../domain/decimal.ts';
import type { AssetId, InstrumentId, Money } from '../../domain/ids.ts';
import type { Rng } from '../../ports/rng.ts';
import type { PaperInstrument } from '../config/listings.ts';
import { marketPlan, type MarketTerms } from '../config/market-terms.ts';
import type { Core } from '../core.ts';
import type { Market } from '../tape/market.ts';
import type { Agent } from './agent.ts';
import { Maker } from './maker.ts';
import { Noise } from './noise.ts';
import { Pit } from './pit.ts';
import type { References } from './references.ts';
import { Informed, Momentum } from './takers.ts';

/** Where chance as a float becomes a factor of an exact price. */
const PARTS = 1_000_000_000n;
/** The one place where it does. */
const above = (price: Money, fraction: number): Money =>
  divide(price * (PARTS + BigInt(Math.round(fraction * Number(PARTS)))), PARTS, 'half_even') as Money;

/** All agents of one symbol. */
export class Crowd {
  readonly market: Market;
  /** As it was when the agents came. */
  readonly instrument: PaperInstrument;
  /** Makers first, from the nearest to the deepest. */
  readonly agents: readonly Agent[];
  /** It took its orders back until it is told otherwise. */
  isSilent = false;
  #hasLeft = false;
  #toldIndex: Money | null = null;
  readonly #pit: Pit;
  readonly #makers: readonly Maker[];
  readonly #core: Core;
  readonly #references: References;

  constructor(
    of: Readonly<{ core: Core; references: References; streamOf: (name: string) => Rng }>,
    market: Market,
    terms: MarketTerms,
  ) {
    const plan = marketPlan(terms);
    const pit = new Pit(market, plan);
    const stream = (name: string): Rng => of.streamOf(`${market.id} ${name}`);
    this.market = market;
    this.instrument = market.instrument;
    this.#core = of.core;
    this.#references = of.references;
    this.#pit = pit;
    this.#makers = plan.makers.map((one, i) => new Maker(pit, stream(`maker ${i}`), one, plan));
    const others: Agent[] = [];
    if (plan.noise !== null) {
      const noise = new Noise(pit, stream('noise'), plan.noise, plan.activity);
      pit.quoters.push(noise);
      others.push(noise);
    }
    if (plan.momentum !== null) others.push(new Momentum(pit, stream('momentum'), plan.momentum, plan));
    if (plan.informed !== null) others.push(new Informed(pit, stream('informed'), plan.informed, plan.activity));
    pit.quoters.push(...this.#makers);
    this.agents = [...this.#makers, ...others];
  }

  get id(): InstrumentId {
    return this.market.id;
  }

  isOf(coin: AssetId): boolean {
    const { base, quote } = this.market.instrument;
    return base === coin || quote === coin;
  }

  /** One agent's turn. */
  turn(agent: Agent, now: number): void {
    if (!this.#isOpen()) return;
    const deed = agent.look(now);
    if (deed !== null) this.#core.act(deed, [this.id]);
  }

  /** All ladders at once: at the start, and when the price was moved. */
  quote(now: number): void {
    if (!this.#isOpen()) return;
    this.#core.act(
      (decision) => {
        for (const maker of this.#makers) maker.look(now)(decision);
      },
      [this.id],
    );
  }

  /** Tells the exchange the index where it is for the agents to say; whether it has moved since it was last told. */
  tellIndex(): boolean {
    if (!this.market.followsCoin) {
      this.market.reference = this.#references.index(this.market.instrument) ?? this.market.reference;
    }
    const index = this.market.index();
    if (index === this.#toldIndex) return false;
    this.#toldIndex = index;
    return true;
  }

  /** Quotes in the place of others: their orders give way to its own, and then they leave. */
  succeed(before: Crowd, now: number): void {
    const { quoters } = this.#pit;
    const own = quoters.length;
    quoters.push(...before.#pit.quoters);
    this.quote(now);
    quoters.length = own;
    before.leave();
  }

  /** For good. */
  leave(): void {
    this.#hasLeft = true;
    this.isSilent = true;
    this.withdraw();
  }

  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  withdraw(): void {
    this.#core.act(() => {
      for (const quoter of this.#pit.quoters) quoter.withdraw();
    }, [this.id]);
  }

  forget(): void {
    for (const quoter of this.#pit.quoters) quoter.forget();
  }

  /** Hears the fair price; false while nothing may be quoted. */
  #isOpen(): boolean {
    if (this.isSilent || this.market.status !== 'trading') return false;
    const fair = this.#fair();
    if (fair === null || fair <= 0n) return false;
    this.#pit.tell(fair);
    return true;
  }

  /** Null: nobody knows it. */
  #fair(): Money | null {
    const { market } = this;
    const { base, contract } = market.instrument;
    const index = this.#references.index(market.instrument);
    if (contract === null) return index;
    if (!market.followsCoin) {
      if (index === null) return null;
      market.reference = index;
    }
    const worth = market.fairPrice();
    return contract.kind === 'perpetual' ? above(worth, this.#references.basis(base)) : worth;
  }
}
