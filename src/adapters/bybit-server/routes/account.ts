import { formatDecimal } from '../../../domain/decimal.ts';
import { err, ok } from '../../../domain/result.ts';
import type { ExchangeInstrument } from '../../../ports/exchange.ts';
import { sameLimit } from '../limits.ts';
import { CATEGORIES, category, oneOf, optional, saying, text } from '../params/fields.ts';
import { accountRoute, type Route } from '../route.ts';
import { chosenCoins, walletRow } from '../wire/wallet.ts';
import { maybeInstrument } from './find.ts';

const walletBalance = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/wallet-balance',
    permission: 'open',
    limit: sameLimit('account.wallet-balance', 50),
    params: { accountType: saying(oneOf(['UNIFIED']), 'accountType only support UNIFIED.'), coin: optional(text) },
  },
  (params, { exchange, uid }) => {
    const wallet = exchange.wallet(uid);
    const asked = params.coin === null ? null : params.coin.split(',').map((coin) => coin.trim());
    return ok({ list: [walletRow(wallet, chosenCoins(wallet, asked))] });
  },
);

const accountInfo = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/info',
    permission: 'open',
    limit: sameLimit('account.info', 50),
    params: {},
  },
  (_params, { credential, exchange, uid }) => {
    const { marginMode, dcp, smpGroup } = exchange.settings(uid);
    const windows = [dcp.derivatives, dcp.spot, dcp.options].filter((seconds) => seconds !== null);
    return ok({
      marginMode: marginMode === 'isolated' ? 'ISOLATED_MARGIN' : 'REGULAR_MARGIN',
      updatedTime: String(credential.createdAt),
      // Unified account 2.0.
      unifiedMarginStatus: 5,
      dcpStatus: windows.length > 0 ? 'ON' : 'OFF',
      timeWindow: windows[0] ?? 0,
      smpGroup,
      isMasterTrader: false,
      // Of portfolio margin, which is not simulated.
      spotHedgingStatus: 'OFF',
    });
  },
);

const feeRate = accountRoute(
  {
    method: 'GET',
    path: '/v5/account/fee-rate',
    permission: 'open',
    limit: sameLimit('account.fee-rate', 5),
    params: { category: category(...CATEGORIES), symbol: optional(text), baseCoin: optional(text) },
  },
  (params, { exchange, uid }) => {
    const one = maybeInstrument(exchange, params.category, params.symbol);
    if (!one.ok) return err(one.error);
    const chosen = one.value === null ? exchange.instruments(params.category) : [one.value];
    const ratesOf = ({ id }: ExchangeInstrument) => {
      const { taker, maker } = exchange.feeRates(uid, id);
      return { takerFeeRate: formatDecimal(taker), makerFeeRate: formatDecimal(maker) };
    };
    if (params.category === 'option') {
      const list = oneOfEachCoin(chosen)
        .filter(({ base }) => params.baseCoin === null || base === params.baseCoin)
        .map((instrument) => ({ symbol: '', baseCoin: instrument.base, ...ratesOf(instrument) }));
      return ok({ category: params.category, list });
    }
    const list = chosen.map((instrument) => ({ symbol: instrument.symbol, ...ratesOf(instrument) }));
    return ok(params.category === 'spot' ? { category: params.category, list } : { list });
  },
);

/** Options have one rate for all of a coin. */
const oneOfEachCoin = (instruments: readonly ExchangeInstrument[]): readonly ExchangeInstrument[] => [
  ...new Map(instruments.map((instrument) => [instrument.base, instrument])).values(),
];

export const ACCOUNT_ROUTES: readonly Route[] = [walletBalance, accountInfo, feeRate];
