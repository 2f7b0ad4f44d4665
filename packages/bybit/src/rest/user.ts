import type { BybitError } from '../errors.ts';
import type { ReadOptions, RestCaller } from '../rest.ts';
import type { Result } from '../result.ts';
import type { ApiKeyDetails } from '../wire/account.ts';
import { apiKey } from '../wire/account.ts';
import { privateRead } from './endpoint.ts';

const QUERY_API = privateRead('/v5/user/query-api', 10, apiKey);

/** The key itself: its permissions, bound addresses, expiry, and the account it belongs to. */
export class UserApi {
  readonly #caller: RestCaller;

  constructor(caller: RestCaller) {
    this.#caller = caller;
  }

  queryApi(options?: ReadOptions): Promise<Result<ApiKeyDetails, BybitError>> {
    return this.#caller.read(QUERY_API, {}, options);
  }
}
