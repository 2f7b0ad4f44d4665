import type { Bybit, Wallet } from '@okd/bybit';
import type { InstrumentId, Money } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Unavailable, VenueBalance, VenuePosition } from '../../ports/venue.ts';
import { balanceOf, positionOf } from './map.ts';
import { unavailable } from './outcome.ts';
import { amount, idOf, TRADED, tradedOf } from './words.ts';

/** What an account holds and pays on Bybit: balances, positions, fee rates, leverage. */
export class AccountFacts {
  readonly #bybit: Bybit;
  readonly #fees = new Map<InstrumentId, Readonly<{ maker: Money; taker: Money }>>();
  readonly #leverage = new Map<InstrumentId, Money>();
  readonly #asked = new Set<InstrumentId>();

  constructor(bybit: Bybit) {
    this.#bybit = bybit;
  }

  /** Reads fee rates anew; what cannot be read keeps its last value. */
  async refresh(): Promise<void> {
    for (const category of TRADED) {
      const page = await this.#bybit.account.feeRate({ category });
      if (!page.ok) continue;
      for (const row of page.value.rows) {
        const maker = amount(row.makerFeeRate);
        const taker = amount(row.takerFeeRate);
        if (row.symbol !== null && maker !== null && taker !== null)
          this.#fees.set(idOf(category, row.symbol), { maker, taker });
      }
    }
  }

  fees(instrument: InstrumentId): Readonly<{ maker: Money; taker: Money }> | null {
    return this.#fees.get(instrument) ?? null;
  }

  /** Known once a position of the symbol was seen; the first question about a symbol asks Bybit for it. */
  leverage(instrument: InstrumentId): Money | null {
    const traded = tradedOf(instrument);
    if (!this.#asked.has(instrument) && traded?.category === 'linear') {
      this.#asked.add(instrument);
      void this.#askLeverage(instrument, traded.symbol);
    }
    return this.#leverage.get(instrument) ?? null;
  }

  async #askLeverage(instrument: InstrumentId, symbol: string): Promise<void> {
    const page = await this.#bybit.positions.list({ category: 'linear', symbol });
    if (!page.ok) {
      this.#asked.delete(instrument);
      return;
    }
    for (const row of page.value.rows) {
      const position = positionOf('linear', row, 0);
      if (position !== null) this.notePosition(position);
    }
  }

  notePosition(position: VenuePosition): void {
    if (position.leverage !== null && position.leverage > 0n)
      this.#leverage.set(position.instrument, position.leverage);
  }

  balances(wallet: Wallet, at: number): VenueBalance[] {
    return wallet.coin.rows.map((coin) => balanceOf(coin, at)).filter((row) => row !== null);
  }

  async readBalances(): Promise<Result<readonly VenueBalance[], Unavailable>> {
    // Before the request: what changes while it is under way is newer than what it answers.
    const at = this.#bybit.serverClock.now();
    const page = await this.#bybit.account.walletBalance();
    if (!page.ok) return err(unavailable(page.error));
    const unread =
      page.value.unreadable.length + page.value.rows.reduce((sum, row) => sum + row.coin.unreadable.length, 0);
    if (unread > 0) return err({ code: 'UNAVAILABLE', reason: 'a balance could not be read' });
    return ok(page.value.rows.flatMap((wallet) => this.balances(wallet, at)));
  }

  async readPositions(settleCoins: readonly string[]): Promise<Result<readonly VenuePosition[], Unavailable>> {
    const at = this.#bybit.serverClock.now();
    const rows: VenuePosition[] = [];
    for (const settleCoin of settleCoins) {
      const listed = await this.#bybit.positions.all({ category: 'linear', settleCoin });
      if (!listed.ok) return err(unavailable(listed.error));
      if (listed.value.unreadable.length > 0)
        return err({ code: 'UNAVAILABLE', reason: 'a position could not be read' });
      for (const row of listed.value.rows) {
        const position = positionOf('linear', row, at);
        if (position === null) return err({ code: 'UNAVAILABLE', reason: 'a position could not be read' });
        this.notePosition(position);
        rows.push(position);
      }
    }
    return ok(rows);
  }
}
