import { money, ZERO } from '../../domain/decimal.ts';
import type { Category } from '../../domain/ids.ts';
import type { FeeRates } from '../../ports/exchange.ts';
import { at, type ConfigReader } from './reader.ts';
import type { CategoryFees } from './types.ts';

/**
 * Bybit's rates without a VIP level; the taker pays 0.055 % on perpetuals as executions show. Options by the schedule of
 * 2025: of the index, and never more than a part of the option's price.
 */
export const DEFAULT_FEES: CategoryFees = {
  spot: { maker: money('0.001'), taker: money('0.001') },
  linear: { maker: money('0.0002'), taker: money('0.00055') },
  inverse: { maker: money('0.0002'), taker: money('0.00055') },
  option: { maker: money('0.0002'), taker: money('0.0003') },
};

/** `{ "spot": { "maker": "0.001", "taker": "0.001" }, "linear": … }`; a negative maker rate is a rebate. */
export function readFees(read: ConfigReader, value: unknown, path: string, fallback: CategoryFees): CategoryFees {
  const fields = read.object(value, path, Object.keys(DEFAULT_FEES));
  const rates = (category: Category): FeeRates => {
    const where = at(path, category);
    const row = read.object(fields[category], where, ['maker', 'taker']);
    const maker = read.decimal(row.maker, at(where, 'maker'), fallback[category].maker, null);
    const taker = read.decimal(row.taker, at(where, 'taker'), fallback[category].taker, ZERO);
    for (const [name, rate] of Object.entries({ maker, taker })) {
      if (rate >= money('0.1') || rate <= money('-0.1')) read.fail(at(where, name), 'must be between -0.1 and 0.1');
    }
    if (maker < 0n && -maker > taker) read.fail(at(where, 'maker'), 'is a rebate above the taker fee');
    return { maker, taker };
  };
  return { spot: rates('spot'), linear: rates('linear'), inverse: rates('inverse'), option: rates('option') };
}
