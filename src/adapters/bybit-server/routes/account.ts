import { formatDecimal } from '../../../domain/decimal.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Credential, ExchangeInstrument } from '../../../ports/exchange.ts';
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
  (_params, { credential }) =>
    ok({
      marginMode: 'REGULAR_MARGIN',
      updatedTime: String(credential.createdAt),
      // Unified account 2.0.
      unifiedMarginStatus: 5,
      dcpStatus: 'OFF',
      timeWindow: 0,
      smpGroup: 0,
      isMasterTrader: false,
      spotHedgingStatus: 'OFF',
    }),
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

const queryApi = accountRoute(
  {
    method: 'GET',
    path: '/v5/user/query-api',
    permission: 'open',
    limit: sameLimit('user.query-api', 10),
    retMsg: '',
    params: {},
  },
  (_params, { credential, now }) => ok(apiKeyResult(credential, now)),
);

/** Every group of permissions is named, those that a key has not with an empty list. */
const PERMISSION_GROUPS = [
  'ContractTrade', 'Spot', 'Wallet', 'Options', 'Derivatives', 'CopyTrading', 'BlockTrade', 'Exchange', 'NFT', 'Affiliate',
  'Earn', 'FiatP2P', 'FiatConvertBroker', 'FiatGlobalPay', 'FiatBitPay', 'BitCard', 'ByXPost',
] as const; // biome-ignore format: a list
const DAY_MS = 24 * 3_600_000;
/** Days until a key ends that is bound to addresses: it does not. */
const NEVER_ENDS = -2;

function apiKeyResult(credential: Credential, now: number) {
  const { expiresAt } = credential;
  const numeric = /^\d{1,15}$/.test(credential.uid) ? Number(credential.uid) : 0;
  return {
    id: credential.uid,
    note: credential.note,
    apiKey: credential.apiKey,
    readOnly: credential.readOnly ? 1 : 0,
    secret: '',
    permissions: Object.fromEntries(PERMISSION_GROUPS.map((group) => [group, credential.permissions[group] ?? []])),
    ips: credential.ips.length === 0 ? ['*'] : credential.ips,
    type: 1,
    deadlineDay: expiresAt === null ? NEVER_ENDS : Math.max(0, Math.floor((expiresAt - now) / DAY_MS)),
    expiredAt: isoSeconds(expiresAt ?? 0),
    createdAt: isoSeconds(credential.createdAt),
    unified: 0,
    uta: 1,
    userID: numeric,
    inviterID: 0,
    vipLevel: 'No VIP',
    mktMakerLevel: '0',
    affiliateID: 0,
    rsaPublicKey: '',
    isMaster: true,
    parentUid: '0',
    kycLevel: 'LEVEL_DEFAULT',
    kycRegion: '',
    userIDInt64: String(numeric),
    inviterIDInt64: '0',
    affiliateIDInt64: '0',
  };
}

/** `2025-10-13T03:20:45Z`. */
const isoSeconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

export const ACCOUNT_ROUTES: readonly Route[] = [walletBalance, accountInfo, feeRate, queryApi];
