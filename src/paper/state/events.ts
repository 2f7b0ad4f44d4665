import type { AccountEvent } from './account-events.ts';
import type { ControlEvent } from './control-events.ts';
import type { CashEvent } from './cash-events.ts';
import type { ExchangeEvent } from './exchange-events.ts';
import type { ListingEvent } from './listing-events.ts';
import type { MemberEvent } from './member-events.ts';
import type { OrderEvent } from './order-events.ts';
import type { SpreadEvent } from './spread-events.ts';
import type { TradedEvent } from './trade-events.ts';

/**
 * What happened, as it is journalled (JSON, exact amounts as decimal strings). A replay applies these and decides
 * nothing: every number that a rule computed is inside.
 */
export type PaperEvent =
  | ControlEvent
  | ExchangeEvent
  | ListingEvent
  | AccountEvent
  | CashEvent
  | MemberEvent
  | OrderEvent
  | SpreadEvent
  | TradedEvent;
export type EventOf<T extends PaperEvent['type']> = Extract<PaperEvent, { type: T }>;

export type { ControlEvent } from './control-events.ts';
export type { AccountEvent } from './account-events.ts';
export type { CashEvent } from './cash-events.ts';
export type { ExchangeEvent } from './exchange-events.ts';
export type { ListingEvent } from './listing-events.ts';
export type { MemberEvent, StoredKey } from './member-events.ts';
export type { OrderEvent } from './order-events.ts';
export type { SpreadEvent } from './spread-events.ts';
export type { TradedEvent, TradeHalf } from './trade-events.ts';
