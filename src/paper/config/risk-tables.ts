import type { TierRow } from './terms.ts';

/** `[upTo, maintenanceRate, maxLeverage]`; the last row has no end. */
type Row = readonly [upTo: string | null, maintenanceRate: string, maxLeverage: string];

const rows = (table: readonly Row[]): readonly TierRow[] =>
  table.map(([upTo, maintenanceRate, maxLeverage]) => ({ upTo, maintenanceRate, maxLeverage }));

/** Position values in USDT (or USDC). */
export const LINEAR_TIERS = {
  BTC: rows([
    ['2000000', '0.005', '100'],
    ['10000000', '0.0056', '90'],
    ['20000000', '0.0062', '80'],
    ['40000000', '0.01', '50'],
    ['80000000', '0.02', '25'],
    ['160000000', '0.04', '12.5'],
    [null, '0.1', '5'],
  ]),
  ETH: rows([
    ['1500000', '0.005', '100'],
    ['5000000', '0.0075', '75'],
    ['15000000', '0.01', '50'],
    ['30000000', '0.02', '25'],
    ['60000000', '0.04', '12.5'],
    [null, '0.1', '5'],
  ]),
  SOL: rows([
    ['1000000', '0.005', '100'],
    ['3000000', '0.0075', '75'],
    ['8000000', '0.01', '50'],
    ['16000000', '0.02', '25'],
    ['32000000', '0.04', '12.5'],
    [null, '0.1', '5'],
  ]),
  XRP: rows([
    ['800000', '0.0066', '75'],
    ['3000000', '0.01', '50'],
    ['8000000', '0.02', '25'],
    ['16000000', '0.04', '12.5'],
    [null, '0.1', '5'],
  ]),
  BNB: rows([
    ['500000', '0.0066', '75'],
    ['2000000', '0.01', '50'],
    ['5000000', '0.02', '25'],
    ['10000000', '0.04', '12.5'],
    [null, '0.1', '5'],
  ]),
} as const;

/** Position values in the base coin, in which inverse contracts settle. */
export const INVERSE_TIERS = {
  BTC: inverse('150', '300', '450', '600', '900'),
  ETH: inverse('3000', '6000', '9000', '12000', '18000'),
  SOL: inverse('50000', '100000', '150000', '200000', '300000'),
  XRP: inverse('3000000', '6000000', '9000000', '12000000', '18000000'),
} as const;

function inverse(...limits: readonly [string, string, string, string, string]): readonly TierRow[] {
  const [a, b, c, d, e] = limits;
  return rows([
    [a, '0.005', '100'],
    [b, '0.01', '66.66'],
    [c, '0.015', '50'],
    [d, '0.02', '40'],
    [e, '0.03', '25'],
    [null, '0.05', '12.5'],
  ]);
}
