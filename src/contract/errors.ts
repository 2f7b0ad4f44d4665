/**
 * Every error code that a client can meet: its HTTP status, what happened, and what to do. Codes are stable: programs
 * branch on them, the documentation lists them. The exact numbers of a case are in `details`.
 */
type Entry = Readonly<{ status: number; happened: string; todo: string }>;

// biome-ignore format: a table
export const ERRORS = {
  VALIDATION_FAILED: { status: 400, happened: 'A field is missing, unknown or has a value that is not allowed.', todo: 'Correct the fields named in details.' },
  NOT_SUPPORTED: { status: 422, happened: 'The request asks for something that this version does not do.', todo: 'Leave out the fields named in details, or use what details lists as supported.' },
  UNAUTHENTICATED: { status: 401, happened: 'There is no access token.', todo: 'Sign in at /api/auth/login and send Authorization: Bearer with the access token.' },
  TOKEN_INVALID: { status: 401, happened: 'The access token is not one of this gateway.', todo: 'Sign in again.' },
  TOKEN_EXPIRED: { status: 401, happened: 'The access token has expired.', todo: 'Get a new one at /api/auth/refresh.' },
  SESSION_REVOKED: { status: 401, happened: 'The session was ended: signed out, password changed, user disabled, or a used refresh token was presented again.', todo: 'Sign in again.' },
  LOGIN_FAILED: { status: 401, happened: 'E-mail and password do not belong together.', todo: 'Check both; after several failures the next attempt has to wait.' },
  REFRESH_TOKEN_INVALID: { status: 401, happened: 'The refresh token is unknown, expired or already used.', todo: 'Sign in again. A refresh token works once: keep the one from the latest answer.' },
  FORBIDDEN: { status: 403, happened: 'Your role does not allow this.', todo: 'Ask an administrator for one of the roles in details.' },
  REQUEST_HEADER_MISSING: { status: 403, happened: 'A request authenticated by cookie lacks the header that proves its origin.', todo: 'Send X-OKD-Request: 1 and Content-Type: application/json.' },
  ORIGIN_NOT_ALLOWED: { status: 403, happened: 'The browser page belongs to an origin that is not allowed here.', todo: 'Add the origin to the configuration, or open the page from this gateway.' },
  ROUTE_NOT_FOUND: { status: 404, happened: 'There is no such path.', todo: 'See /docs for all paths.' },
  ORDER_NOT_FOUND: { status: 404, happened: 'This account has no such order.', todo: 'Check the id; GET /api/trading/orders lists the orders of the account.' },
  ACCOUNT_NOT_FOUND: { status: 404, happened: 'There is no such account, or you have no role on it.', todo: 'GET /api/auth/me lists your accounts.' },
  INSTRUMENT_NOT_FOUND: { status: 404, happened: 'No venue lists this instrument.', todo: 'GET /api/market/instruments lists all; mind the category.' },
  ASSET_NOT_FOUND: { status: 404, happened: 'The asset is not known here.', todo: 'GET /api/wallet/balances and GET /api/market/instruments name the assets.' },
  CONNECTION_NOT_FOUND: { status: 404, happened: 'The account has no Bybit connection.', todo: 'Connect one at POST /bybit/connect.' },
  METHOD_NOT_ALLOWED: { status: 405, happened: 'The path does not take this method.', todo: 'Use one of the methods in the Allow header.' },
  REQUEST_TIMEOUT: { status: 408, happened: 'The request did not arrive completely in time.', todo: 'Send it again.' },
  DUPLICATE_CLIENT_ORDER_ID: { status: 409, happened: 'The account has used this client_order_id before.', todo: 'Ask for that order with ?client_order_id=, or choose a new id.' },
  IDEMPOTENCY_KEY_REUSED: { status: 409, happened: 'The Idempotency-Key was used with another request.', todo: 'Repeat the same request under its key, or choose a new key.' },
  ORDER_ALREADY_FINAL: { status: 409, happened: 'The order is filled, canceled, rejected or expired.', todo: 'Nothing can be changed any more; read the order.' },
  ENVIRONMENT_MISMATCH: { status: 409, happened: 'An instance trades in one environment, and this is another one.', todo: 'Leave the environment out, or start an instance for it (okd serve --env).' },
  BYBIT_UID_IN_USE: { status: 409, happened: 'This Bybit account is connected to another account of the instance.', todo: 'Disconnect it there first.' },
  CONNECTION_IN_USE: { status: 409, happened: 'Orders are open over this connection.', todo: 'Cancel the open orders on Bybit first.' },
  LEVERAGE_MISMATCH: { status: 409, happened: 'The symbol has another leverage while a position or order is open.', todo: 'Use the leverage in details, or close first.' },
  MARGIN_MODE_MISMATCH: { status: 409, happened: 'The account has another margin mode while a position or order is open.', todo: 'Use the mode in details, or close first.' },
  LIMIT_ALREADY_EXCEEDED: { status: 409, happened: 'The new limit is exceeded already.', todo: 'Read in details what would be sent; repeat with confirm: true.' },
  BODY_TOO_LARGE: { status: 413, happened: 'The body is larger than 64 KiB.', todo: 'Send less.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, happened: 'The body is not plain JSON.', todo: 'Send Content-Type: application/json, without Content-Encoding.' },
  HEADERS_TOO_LARGE: { status: 431, happened: 'The headers are larger than 16 KiB.', todo: 'Send fewer or shorter headers.' },
  INSUFFICIENT_BALANCE: { status: 422, happened: 'The available balance does not cover this.', todo: 'Reduce the quantity to what details says would fit, or add funds.' },
  RISK_LIMIT_EXCEEDED: { status: 422, happened: 'A risk limit would be exceeded.', todo: 'Reduce the order; details names the limit and what is left of it.' },
  STOP_LOSS_REQUIRED: { status: 422, happened: 'The settings require a stop loss with this order.', todo: 'Add stop_loss.' },
  PRICE_COLLAR: { status: 422, happened: 'The price is too far through the reference price.', todo: 'Use a price inside the collar in details.' },
  NO_REFERENCE_PRICE: { status: 422, happened: 'There is no fresh price to protect this order with.', todo: 'Send a limit order with post_only, or wait for a price.' },
  NO_ELIGIBLE_VENUE: { status: 422, happened: 'No venue can take this order under its routing and the settings.', todo: 'Read in details why each venue was left out.' },
  INSUFFICIENT_LIQUIDITY: { status: 422, happened: 'The books do not hold enough inside the allowed slippage.', todo: 'Reduce the quantity, raise max_slippage, or send a limit order.' },
  KILL_SWITCH_ACTIVE: { status: 422, happened: 'Trading is stopped by the kill switch.', todo: 'A person with the role risk or admin releases it at POST /api/risk/kill-switch.' },
  INSTRUMENT_NOT_TRADING: { status: 422, happened: 'The instrument is not open for trading.', todo: 'Wait, or choose another.' },
  OFF_TICK: { status: 422, happened: 'The price is not a multiple of the tick size.', todo: 'Use one of the neighbours in details.' },
  OFF_STEP: { status: 422, happened: 'The quantity is not a multiple of the step size.', todo: 'Use one of the neighbours in details.' },
  PRICE_OUT_OF_RANGE: { status: 422, happened: 'The price is outside of what the venue takes.', todo: 'Use a price inside the range in details.' },
  QTY_OUT_OF_RANGE: { status: 422, happened: 'The quantity is outside of what the venue takes.', todo: 'Use a quantity inside the range in details.' },
  BELOW_MIN_NOTIONAL: { status: 422, happened: 'Price times quantity is below the smallest order.', todo: 'Raise it to the minimum in details.' },
  TOO_MANY_ORDERS: { status: 422, happened: 'Too many orders are open.', todo: 'Cancel some first.' },
  REDUCE_ONLY: { status: 422, happened: 'There is no position that this reduce-only order would reduce.', todo: 'Leave out reduce_only, or check the position.' },
  POST_ONLY_WOULD_TAKE: { status: 422, happened: 'A post-only order would have traded at once.', todo: 'Use a more passive price.' },
  BYBIT_KEY_REFUSED: { status: 422, happened: 'The Bybit key cannot be used.', todo: 'Follow the hint in details: permissions, IP addresses, expiry or clock.' },
  VENUE_REFUSED: { status: 422, happened: 'The venue refused.', todo: 'Read the code and text of the venue in details.' },
  RATE_LIMITED: { status: 429, happened: 'Too many requests.', todo: 'Wait as long as Retry-After says. Cancels have a budget of their own.' },
  TOO_MANY_ATTEMPTS: { status: 429, happened: 'Too many failed sign-ins.', todo: 'Wait as long as Retry-After says.' },
  INTERNAL_ERROR: { status: 500, happened: 'An error on our side.', todo: 'Report the request_id. If you sent an order, look it up by its client_order_id before sending again.' },
  VENUE_UNAVAILABLE: { status: 503, happened: 'The venue cannot be reached now.', todo: 'Try again; GET /bybit/status says more.' },
  JOURNAL_UNAVAILABLE: { status: 503, happened: 'Nothing can be stored durably, so no order is accepted. Cancels still leave.', todo: 'Free the disk and restart; see /health/ready.' },
  RECORDS_UNAVAILABLE: { status: 503, happened: 'Past orders cannot be read now. Trading does not depend on it.', todo: 'Try again in a few seconds; if it stays, stop the gateway and run okd records rebuild.' },
  NOT_READY: { status: 503, happened: 'The gateway is starting, recovering or stopping.', todo: 'Wait until /health/ready answers 200.' },
  AUTH_TIMEOUT: { status: 401, happened: 'The socket did not authenticate in time.', todo: 'Send { "op": "auth", "token": "…" } as the first message.' },
  SLOW_CONSUMER: { status: 429, happened: 'The socket does not read fast enough; nothing was dropped in silence, it is closed instead.', todo: 'Connect again and subscribe with "since": the last seq of each channel.' },
  TOO_MANY_SUBSCRIPTIONS: { status: 429, happened: 'The socket has as many subscriptions as one may have.', todo: 'Unsubscribe some, or use another socket.' },
} as const satisfies Readonly<Record<string, Entry>>;

export type ErrorCode = keyof typeof ERRORS;
export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/** `details` holds plain values and amounts (bigint); never a secret, never a stack. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** An expected failure of the API. `retryAfterMs` becomes the Retry-After header. */
export type ApiError = Readonly<{
  code: ErrorCode;
  message: string;
  details: ErrorDetails | null;
  retryAfterMs: number | null;
}>;

/** An error with its documented text; `message` replaces the text where the case has a better one. */
export function refusal(
  code: ErrorCode,
  more: Readonly<{ message?: string; details?: ErrorDetails; retryAfterMs?: number }> = {},
): ApiError {
  const { happened, todo } = ERRORS[code];
  return {
    code,
    message: more.message === undefined ? `${happened} ${todo}` : `${more.message} ${todo}`,
    details: more.details ?? null,
    retryAfterMs: more.retryAfterMs ?? null,
  };
}
