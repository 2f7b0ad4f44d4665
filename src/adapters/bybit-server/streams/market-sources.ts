import { formatDecimal } from '../../../domain/decimal.ts';
import type { ExchangeInstrument, InsuranceFund, Liquidation, PublicEvent } from '../../../ports/exchange.ts';
import { formatsOf } from '../numbers.ts';
import { adlPush } from '../wire/adl.ts';
import { statusRow } from '../wire/system-status.ts';
import { sideWord } from '../words.ts';
import type { StreamSource } from './paced-stream.ts';
import type { StreamParts } from './stream.ts';

type About = Readonly<{ topic: string; instrument: ExchangeInstrument }>;

/** `allLiquidation.{symbol}`: every position that was taken over, by the side that it had. */
export function liquidationSource({ exchange }: StreamParts, { topic, instrument }: About): StreamSource {
  let waiting: Liquidation[] = [];
  return {
    first: () => null,
    hear: (event) => {
      if (event.type !== 'liquidation') return false;
      waiting.push(event.liquidation);
      return true;
    },
    next: () => {
      if (waiting.length === 0) return [];
      const { price, qty } = formatsOf(instrument);
      const data = waiting.map((one) => ({
        T: one.at,
        s: instrument.symbol,
        S: sideWord(one.side),
        v: qty(one.qty),
        p: price(one.price),
      }));
      waiting = [];
      return [JSON.stringify({ topic, type: 'snapshot', ts: exchange.now(), data })];
    },
  };
}

/** `priceLimit.{symbol}`: whenever the highest price to buy at or the lowest to sell at has moved. */
export function priceLimitSource({ exchange }: StreamParts, { topic, instrument }: About): StreamSource {
  const read = (): string => {
    const { buy, sell } = exchange.market.priceLimits(instrument.id);
    const { price } = formatsOf(instrument);
    return JSON.stringify({ symbol: instrument.symbol, buyLmt: price(buy), sellLmt: price(sell) });
  };
  return told(
    read,
    (data) => `{"topic":${JSON.stringify(topic)},"data":${data},"ts":${exchange.now()}}`,
    (event) => ['ticker', 'book'].includes(event.type),
  );
}

/** Pools of one topic: `USDT`, `USDC`, or `inverse` for those in other coins. */
export type Pools = 'USDT' | 'USDC' | 'inverse';

const poolsOf = ({ exchange }: StreamParts, pools: Pools): readonly InsuranceFund[] =>
  exchange.market
    .insuranceFunds()
    .filter(({ asset }) => (asset === 'USDT' || asset === 'USDC' ? asset === pools : pools === 'inverse'));

/** `insurance.{pools}`: all at first, then those whose balance has changed. */
export function insuranceSource(parts: StreamParts, topic: string, pools: Pools): StreamSource {
  let balances = new Map<string, bigint>();
  const text = (type: 'snapshot' | 'delta', funds: readonly InsuranceFund[]): string =>
    JSON.stringify({ topic, type, ts: parts.exchange.now(), data: funds.map(poolRow) });
  const look = (): readonly InsuranceFund[] => {
    const funds = poolsOf(parts, pools);
    const changed = funds.filter(({ asset, balance }) => balances.get(asset) !== balance);
    balances = new Map(funds.map(({ asset, balance }) => [asset, balance]));
    return changed;
  };
  return {
    first: () => {
      look();
      return text('snapshot', poolsOf(parts, pools));
    },
    hear: (event) => event.type === 'insurance',
    next: () => {
      const changed = look();
      return changed.length === 0 ? [] : [text('delta', changed)];
    },
  };
}

const poolRow = (fund: InsuranceFund) => ({
  coin: fund.asset,
  symbols: fund.symbols.join(','),
  balance: formatDecimal(fund.balance),
  updateTime: String(fund.updatedAt),
});

/** `adlAlert.{pools}`: not simulated; says what the funds hold. */
export function adlSource(parts: StreamParts, topic: string, pools: Pools): StreamSource {
  const read = (): string =>
    JSON.stringify(poolsOf(parts, pools).flatMap((fund) => fund.symbols.map((symbol) => adlPush(fund, symbol))));
  const text = (data: string): string =>
    `{"topic":${JSON.stringify(topic)},"type":"snapshot","ts":${parts.exchange.now()},"data":${data}}`;
  return told(read, text, (event) => event.type === 'insurance');
}

/** `system.status`: stops of the exchange, told when it is back. */
export function statusSource({ exchange }: StreamParts, topic: string): StreamSource {
  let known = exchange.market.interruptions().length;
  return {
    first: () => {
      known = exchange.market.interruptions().length;
      return null;
    },
    hear: (event) => event.type === 'interruption',
    next: () => {
      const all = exchange.market.interruptions();
      const fresh = all.slice(0, all.length - known);
      known = all.length;
      return fresh.length === 0 ? [] : [JSON.stringify({ topic, ts: exchange.now(), data: fresh.map(statusRow) })];
    },
  };
}

/** Tells a value at first, and then whenever it has become another. */
function told(read: () => string, text: (data: string) => string, hear: (event: PublicEvent) => boolean): StreamSource {
  let last = '';
  return {
    first: () => text((last = read())),
    hear,
    next: () => {
      const data = read();
      if (data === last) return [];
      last = data;
      return [text(data)];
    },
  };
}
