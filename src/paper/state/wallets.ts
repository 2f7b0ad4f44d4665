import type { AssetId, Money } from '../../domain/ids.ts';
import type { Change } from './changes.ts';
import { accountOf, type CoinFacts, coinOf, type PaperState } from './state.ts';

/** The coins that one event changes: an account may have several positions in it. */
export class Wallets {
  readonly #state: PaperState;
  readonly #coins = new Map<string, Extract<Change, { type: 'coin' }>>();

  constructor(state: PaperState) {
    this.#state = state;
  }

  /** Moves a wallet, with what of it is a profit; says what it is after it. */
  move(uid: string, asset: AssetId, amount: Money, realised: Money): Money {
    return this.change(uid, asset, (coin) => ({
      ...coin,
      wallet: (coin.wallet + amount) as Money,
      realised: (coin.realised + realised) as Money,
    })).wallet;
  }

  change(uid: string, asset: AssetId, change: (coin: CoinFacts) => CoinFacts): CoinFacts {
    const key = `${uid}/${asset}`;
    const before = this.#coins.get(key)?.facts ?? coinOf(accountOf(this.#state.accounts, uid), asset);
    const facts = change(before);
    this.#coins.set(key, { type: 'coin', uid, asset, facts });
    return facts;
  }

  changes(): Iterable<Change> {
    return this.#coins.values();
  }
}
