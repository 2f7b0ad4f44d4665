import type { Bybit, Wallet } from '@okd/bybit';
import type { Category, InstrumentId, Money } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Unavailable, VenueBalance, VenuePosition } from '../../ports/venue.ts';
import { balanceOf, positionOf } from './map.ts';
import { isPermission, unavailable } from './outcome.ts';
import type { Quarantine } from './quarantine.ts';
import { readClock } from './venue-clock.ts';
import { amount, idOf, SETTLE_COINS, TRADED, tradedOf } from './words.ts';

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

  /** A coin that cannot be read is told and left out: nothing of it counts as free. */
  balances(wallet: Wallet, at: number, quarantine: Quarantine): VenueBalance[] {
    for (const { text } of wallet.coin.unreadable) quarantine.take('wallet', text);
    return wallet.coin.rows.flatMap((coin) => {
      const balance = balanceOf(coin, at);
      if (balance === null) quarantine.take('wallet', JSON.stringify(coin));
      return balance ?? [];
    });
  }

  async readBalances(quarantine: Quarantine): Promise<Result<readonly VenueBalance[], Unavailable>> {
    const unread = await readClock(this.#bybit);
    if (unread !== null) return err(unread);
    // Before the request: what changes while it is under way is newer than what it answers.
    const at = this.#bybit.serverClock.now();
    const page = await this.#bybit.account.walletBalance();
    if (!page.ok) return err(unavailable(page.error));
    if (page.value.unreadable.length > 0) return err({ code: 'UNAVAILABLE', reason: 'the wallet could not be read' });
    return ok(page.value.rows.flatMap((wallet) => this.balances(wallet, at, quarantine)));
  }

  /** All or nothing: a position that is left out would look as if there were none. */
  async readPositions(canTrade: readonly Category[]): Promise<Result<readonly VenuePosition[], Unavailable>> {
    const unread = await readClock(this.#bybit);
    if (unread !== null) return err(unread);
    const at = this.#bybit.serverClock.now();
    const rows: VenuePosition[] = [];
    for (const settleCoin of SETTLE_COINS) {
      const listed = await this.#bybit.positions.all({ category: 'linear', settleCoin });
      if (!listed.ok && isPermission(listed.error) && !canTrade.includes('linear')) return ok([]);
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
