import { divide, maximum, minimum } from '../../domain/decimal.ts';
import type { InstrumentId, Lots, Money, UnixMs } from '../../domain/ids.ts';
import { instrumentId } from '../../domain/ids.ts';
import { priceOf, qtyOf } from '../../domain/instrument.ts';
import type { SpreadInstrument, SpreadKind, SpreadLeg } from '../../ports/exchange.ts';
import type { PaperInstrument } from '../config/listings.ts';

/** Coins whose perpetual is traded against the coin itself. */
const ARBITRAGED = ['BTC', 'ETH', 'SOL'];
/** The coin whose dated futures are traded against the coin, its perpetual and each other. */
const DATED = 'BTC';

type Pair = readonly [far: PaperInstrument, near: PaperInstrument];

/**
 * The combos of what is listed now, six of the default catalogue: the perpetual against its coin of BTC, ETH and SOL;
 * of BTC the nearest dated future against the coin and against the perpetual, and the second one against the nearest.
 */
export function combosOf(
  find: (id: InstrumentId) => PaperInstrument | null,
  listed: Iterable<PaperInstrument>,
  now: UnixMs,
): readonly SpreadInstrument[] {
  const pairs: (Pair | null)[] = ARBITRAGED.map((coin) => both(perpetual(find, coin), spot(find, coin)));
  const [first = null, second = null] = futures(listed, now);
  pairs.push(both(first, spot(find, DATED)), both(second, first), both(first, perpetual(find, DATED)));
  return pairs.flatMap((pair) => {
    const combo = pair === null ? null : comboOf(...pair);
    return combo === null ? [] : [combo];
  });
}

type Maybe = PaperInstrument | null;
const both = (far: Maybe, near: Maybe): Pair | null => (far === null || near === null ? null : [far, near]);
const spot = (find: (id: InstrumentId) => Maybe, coin: string): Maybe => find(instrumentId('spot', `${coin}USDT`));
const perpetual = (find: (id: InstrumentId) => Maybe, coin: string): Maybe =>
  find(instrumentId('linear', `${coin}USDT`));

/** Those that are still to be delivered, nearest first. */
function futures(listed: Iterable<PaperInstrument>, now: UnixMs): readonly PaperInstrument[] {
  const dated = [...listed].filter(
    ({ category, settle, base, contract }) =>
      category === 'linear' && settle === 'USDT' && base === DATED && contract?.kind === 'future',
  );
  return dated.filter((one) => deliveryOf(one) > now).sort((a, b) => deliveryOf(a) - deliveryOf(b));
}

const deliveryOf = ({ contract }: PaperInstrument): number => contract?.delivery?.at ?? Number.POSITIVE_INFINITY;

/** Null where the grids of the legs do not fit: every price and quantity of a combo has to be one of both legs. */
export function comboOf(far: PaperInstrument, near: PaperInstrument): SpreadInstrument | null {
  const tick = minimum(far.listing.tick, near.listing.tick);
  const step = maximum(far.listing.step, near.listing.step);
  const fits =
    maximum(far.listing.tick, near.listing.tick) % tick === 0n &&
    step % minimum(far.listing.step, near.listing.step) === 0n;
  const highest = maximum(highestOf(far), highestOf(near));
  const maxPrice = ((highest / tick) * tick) as Money;
  if (!fits || (2n * maxPrice) / tick >= BigInt(Number.MAX_SAFE_INTEGER)) return null;
  const least = maximum(qtyOf(far.listing, far.listing.minQty), qtyOf(near.listing, near.listing.minQty));
  const most = minimum(qtyOf(far.listing, far.listing.maxLimitQty), qtyOf(near.listing, near.listing.maxLimitQty));
  const delivery = Math.min(deliveryOf(far), deliveryOf(near));
  return {
    symbol: `${far.symbol}_${nameOf(near)}`,
    kind: kindOf(far, near),
    status: 'trading',
    base: far.base,
    quote: far.quote,
    settle: far.settle,
    tick,
    step,
    minPrice: -maxPrice as Money,
    maxPrice,
    minQty: Number(divide(least, step, 'up')) as Lots,
    maxQty: Number(most / step) as Lots,
    launchedAt: Math.max(far.launchedAt, near.launchedAt) as UnixMs,
    deliveryAt: Number.isFinite(delivery) ? (delivery as UnixMs) : null,
    far: legOf(far),
    near: legOf(near),
  };
}

const highestOf = ({ listing }: PaperInstrument): Money => priceOf(listing, listing.maxPrice);
const nameOf = ({ category, symbol, base, quote }: PaperInstrument): string =>
  category === 'spot' ? `${base}/${quote}` : symbol;

const legOf = ({ id, symbol, contract }: PaperInstrument): SpreadLeg => ({
  instrument: id,
  symbol,
  kind: contract === null ? 'spot' : contract.kind === 'future' ? 'future' : 'perpetual',
});

function kindOf(far: PaperInstrument, near: PaperInstrument): SpreadKind {
  const isDated = (one: PaperInstrument): boolean => one.contract?.kind === 'future';
  if (near.contract === null) return isDated(far) ? 'carry_trade' : 'funding_rate_arb';
  return isDated(near) ? 'future_spread' : 'perp_basis';
}
