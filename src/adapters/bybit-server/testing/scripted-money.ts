import { money, ZERO } from '../../../domain/decimal.ts';
import type { AssetId } from '../../../domain/ids.ts';
import { err, ok, type Result } from '../../../domain/result.ts';
import type {
  AccountLending,
  CoinAmount,
  ExchangeMoney,
  ExchangePosition,
  ExchangeRefusal,
} from '../../../ports/exchange.ts';

type Answer<T> = Promise<Result<T, ExchangeRefusal>>;

/** What the next writes answer. */
type Script = { readonly refusal: ExchangeRefusal | null; readonly held: readonly ExchangePosition[] };

const BTC: AccountLending = {
  asset: 'BTC' as AssetId,
  collateral: [{ upTo: null, ratio: money('0.95') }],
  hourlyRate: money('0.00000057'),
  limit: money('400'),
  index: money('60000'),
  isCollateral: true,
  wallet: money('1'),
  locked: ZERO,
  spotBorrow: ZERO,
  borrowed: ZERO,
  available: money('3'),
};

/** Loans and margin of a scripted exchange: one coin, no rules, everything asked for is remembered. */
export class ScriptedMoney implements ExchangeMoney {
  readonly asked: (readonly unknown[])[] = [];
  lent: readonly AccountLending[] = [BTC];
  repaid: readonly CoinAmount[] = [];
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  borrow: ExchangeMoney['borrow'] = (...asked) => this.#answer('borrow', asked, undefined);
  repay: ExchangeMoney['repay'] = (...asked) => this.#answer('repay', asked, this.repaid);
  coverDebts: ExchangeMoney['coverDebts'] = (...asked) => this.#answer('coverDebts', asked, this.repaid);
  setMarginMode: ExchangeMoney['setMarginMode'] = (...asked) => this.#answer('setMarginMode', asked, undefined);
  addMargin: ExchangeMoney['addMargin'] = (...asked): Answer<ExchangePosition> =>
    this.#answer('addMargin', asked, this.#script.held[0] as ExchangePosition);
  setAutoAddMargin: ExchangeMoney['setAutoAddMargin'] = (...asked) => this.#answer('auto', asked, undefined);
  coinTerms: ExchangeMoney['coinTerms'] = () => this.lent;
  lending: ExchangeMoney['lending'] = () => this.lent;
  spotRoom: ExchangeMoney['spotRoom'] = () => ({ own: money('1'), borrowable: money('2') });

  #answer<T>(what: string, asked: readonly unknown[], value: T): Answer<T> {
    const { refusal } = this.#script;
    if (refusal !== null) return Promise.resolve(err(refusal));
    this.asked.push([what, ...asked]);
    return Promise.resolve(ok(value));
  }
}
