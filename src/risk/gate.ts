import { err, ok, type Result } from '../domain/result.ts';
import type { RiskApproved } from '../domain/risk-approved.ts';
import { CHECKS, type RiskDenial, type RiskFacts } from './checks.ts';

/** The only place that approves: all checks pass, or the first that does not says why. */
export function approve<T>(subject: T, facts: RiskFacts): Result<RiskApproved<T>, RiskDenial> {
  for (const check of CHECKS) {
    const denial = check.deny(facts);
    if (denial !== null) return err(denial);
  }
  return ok({ value: subject } as unknown as RiskApproved<T>);
}

/** Every check with its numbers, for people who ask before they trade. */
export const reviewChecks = (facts: RiskFacts) =>
  CHECKS.map(({ name, deny, limit, value }) => ({
    name,
    passed: deny(facts) === null,
    limit: limit(facts),
    value: value(facts),
  }));
