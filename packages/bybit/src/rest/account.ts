import type { BybitError } from '../errors.ts';
import type { ReadOptions, RestCaller } from '../rest.ts';
import type { Result } from '../result.ts';
import type { AccountInfo, FeeRate, Wallet } from '../wire/account.ts';
import { accountInfo, feeRate, wallet } from '../wire/account.ts';
import type { Category } from '../wire/enums.ts';
import { listOf } from '../wire/market.ts';
import { privateRead } from './endpoint.ts';
import type { Page } from './paging.ts';
import { readPage } from './paging.ts';

const WALLET = privateRead('/v5/account/wallet-balance', 50, listOf(wallet));
const INFO = privateRead('/v5/account/info', 50, accountInfo);
const FEE_RATE = privateRead('/v5/account/fee-rate', 5, listOf(feeRate));

export type WalletParams = Readonly<{
  accountType?: 'UNIFIED' | 'FUND';
  /** Several separated by commas. Coins of balance zero are left out unless they are asked for. */
  coin?: string;
}>;

export type FeeRateParams = Readonly<{
  category: Category;
  /** Not for option. */
  symbol?: string;
  /** Option only. */
  baseCoin?: string;
}>;

/** Balances and settings of the account that owns the key. */
export class AccountApi {
  readonly #caller: RestCaller;

  constructor(caller: RestCaller) {
    this.#caller = caller;
  }

  /** One row per account type, its coins inside. */
  walletBalance(params: WalletParams = {}, options?: ReadOptions): Promise<Result<Page<Wallet>, BybitError>> {
    return readPage(this.#caller, WALLET, { accountType: 'UNIFIED', ...params }, options);
  }

  info(options?: ReadOptions): Promise<Result<AccountInfo, BybitError>> {
    return this.#caller.read(INFO, {}, options);
  }

  feeRate(params: FeeRateParams, options?: ReadOptions): Promise<Result<Page<FeeRate>, BybitError>> {
    return readPage(this.#caller, FEE_RATE, params, options);
  }
}
