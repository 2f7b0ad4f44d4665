/** The coins that contracts are written on. Numbers of everything that the catalogue lists of one. */
export type CoinRow = Readonly<{
  /** In USDT, when nothing else is known. */
  reference: string;
  dailyVolatility: number;
  /** Of contracts; `step` is the smallest quantity of linear ones. */
  tick: string;
  step: string;
  maxPrice: string;
  maxLimitQty: string;
  maxMarketQty: string;
  fundingCap: string;
  /** Quantity of a level that the agents show. */
  levelQty: string;
}>;

export const COINS = {
  BTC: {
    reference: '60000', dailyVolatility: 0.02, tick: '0.1', step: '0.001', maxPrice: '1999999.8', maxLimitQty: '1190',
    maxMarketQty: '500', fundingCap: '0.00375', levelQty: '0.8',
  },
  ETH: {
    reference: '3000', dailyVolatility: 0.025, tick: '0.01', step: '0.01', maxPrice: '199999.98', maxLimitQty: '7240',
    maxMarketQty: '3000', fundingCap: '0.00375', levelQty: '12',
  },
  SOL: {
    reference: '150', dailyVolatility: 0.035, tick: '0.01', step: '0.1', maxPrice: '19999.98', maxLimitQty: '79770',
    maxMarketQty: '9300', fundingCap: '0.00375', levelQty: '120',
  },
  XRP: {
    reference: '2', dailyVolatility: 0.03, tick: '0.0001', step: '0.1', maxPrice: '1999.9998', maxLimitQty: '3600000',
    maxMarketQty: '1000000', fundingCap: '0.005', levelQty: '9000',
  },
  BNB: {
    reference: '600', dailyVolatility: 0.02, tick: '0.1', step: '0.01', maxPrice: '19999.8', maxLimitQty: '6930',
    maxMarketQty: '1900', fundingCap: '0.005', levelQty: '20',
  },
} as const satisfies Record<string, CoinRow>; // biome-ignore format: a table

export type Coin = keyof typeof COINS;
