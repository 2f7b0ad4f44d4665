declare const approved: unique symbol;

/**
 * What passed every risk check. Only `src/risk` makes one; `route()` and whatever else leads to a venue takes nothing
 * less, so the compiler forces every order through the gate. The verdict itself travels beside it.
 */
export type RiskApproved<T> = Readonly<{ value: T; readonly [approved]: true }>;
