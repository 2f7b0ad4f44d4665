import { formatDecimal, multiply, roundTo, ZERO } from '../../../domain/decimal.ts';
import type { AssetId, Money } from '../../../domain/ids.ts';
import type { Exchange, ExchangeInstrument, ExchangePosition } from '../../../ports/exchange.ts';

const GREEKS = ['delta', 'gamma', 'vega', 'theta'] as const;
type Greeks = Readonly<Record<(typeof GREEKS)[number], Money>>;

/** Digits after the point in which the greeks of an account are told. */
const SHOWN_DIGITS = 8;

type Held = Readonly<{ position: ExchangePosition; instrument: ExchangeInstrument }>;

/** Positions in options that are not flat, by the coin that they are on. */
export function optionsByCoin(exchange: Exchange, uid: string): ReadonlyMap<AssetId, readonly Held[]> {
  const coins = new Map<AssetId, Held[]>();
  const filter = { category: 'option', instrument: null, settle: null, base: null } as const;
  for (const position of exchange.positions(uid, filter)) {
    const instrument = exchange.instrument(position.instrument);
    if (instrument === null || position.size === ZERO) continue;
    coins.set(instrument.base, [...(coins.get(instrument.base) ?? []), { position, instrument }]);
  }
  return coins;
}

/** Greeks of positions: those of one contract times what is held, sold ones against it. */
export function greeksOf(exchange: Exchange, held: readonly Held[]): Greeks {
  const total = { delta: ZERO, gamma: ZERO, vega: ZERO, theta: ZERO };
  for (const { position, instrument } of held) {
    const greeks = exchange.ticker(instrument.id).option?.greeks;
    if (greeks === undefined) continue;
    for (const name of GREEKS)
      total[name] = (total[name] + multiply(greeks[name], position.size, 'half_even')) as Money;
  }
  return total;
}

const shown = (value: Money): string => formatDecimal(roundTo(value, SHOWN_DIGITS, 'half_even'));

/** Row of GET /v5/asset/coin-greeks and of the topic `greeks`. */
export function greeksRow(coin: AssetId, { delta, gamma, vega, theta }: Greeks) {
  return {
    baseCoin: coin,
    totalDelta: shown(delta),
    totalGamma: shown(gamma),
    totalVega: shown(vega),
    totalTheta: shown(theta),
  };
}

const sum = (held: readonly Held[], of: (position: ExchangePosition) => Money): Money =>
  held.reduce((total, { position }) => total + of(position), 0n) as Money;

/** Row of GET /v5/account/option-asset-info; its margins are those of positions. */
export const optionAssetRow = (coin: AssetId, held: readonly Held[], { delta }: Greeks, now: number) => ({
  coin,
  totalDelta: shown(delta),
  totalRPL: shown(sum(held, (position) => position.totalRealisedPnl)),
  totalUPL: shown(sum(held, (position) => position.unrealisedPnl)),
  assetIM: shown(sum(held, (position) => position.initialMargin)),
  assetMM: shown(sum(held, (position) => position.maintenanceMargin)),
  sendTime: now,
});
