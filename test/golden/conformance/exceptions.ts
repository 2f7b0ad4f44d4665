// In what the exchange differs from an example on purpose, or cannot mean anything by an answer. Each entry is looked
// at: one whose differences are not there any more fails the test.

export type Exception = Readonly<{
  /** `documented`: the documentation's own words ask for it, and its example shows something else. */
  kind: 'documented' | 'choice' | 'not simulated';
  reason: string;
  /** Exactly what the comparison finds; nothing where an answer has the right shape and means nothing. */
  differences: readonly string[];
}>;

const each = (names: readonly string[], exception: Exception) =>
  Object.fromEntries(names.map((name) => [name, exception]));

/** By the name of the example, or by name and category. */
export const EXCEPTIONS: Readonly<Record<string, Exception>> = {
  'trade__snapshot spot': {
    kind: 'documented',
    reason: 'the direction of a tick is of derivatives only',
    differences: ['data[].L: missing'],
  },
  'trade__snapshot option': {
    kind: 'documented',
    reason: 'the direction of a tick is of futures only',
    differences: ['data[].L: missing'],
  },
  'orderbook-rpi__ack-subscribe': {
    kind: 'documented',
    reason: 'the page of connections shows it for every topic of spot',
    differences: ['req_id: not in the example'],
  },
  'execution__message spot': {
    kind: 'documented',
    reason: 'how an order came about is not told of spot',
    differences: ['data[].createType: missing'],
  },
  'order__message spot': {
    kind: 'documented',
    reason: 'spot has the price that its order was made at, where derivatives have the last price',
    differences: ['data[].basePrice: not in the example'],
  },
  'get_v5_market_instruments-info__linear-linear': {
    kind: 'not simulated',
    reason: 'nothing is listed before it trades: no auctions',
    differences: ['result.list[]: no rows'],
  },
  get_v5_system_status__default: {
    kind: 'not simulated',
    reason: 'there is no maintenance to tell of',
    differences: ['result.list[]: no rows'],
  },
  'system-status__message': {
    kind: 'not simulated',
    reason: 'there is no maintenance to tell of',
    differences: ['nothing came'],
  },
  get_v5_announcements_index__default: {
    kind: 'not simulated',
    reason: 'nothing is announced',
    differences: ['result.list[]: no rows'],
  },
  get_v5_user_invitation_referrals__default: {
    kind: 'not simulated',
    reason: 'nobody is invited',
    differences: ['result.records[]: no rows'],
  },
  'post_v5_account_set-hedging-mode__default': {
    kind: 'not simulated',
    reason: 'it is a switch of portfolio margin',
    differences: ['140001 Switching the PM spot hedging switch is not allowed in non PM mode'],
  },
  'get_v5_account_user-setting-config__default': {
    kind: 'documented',
    reason: 'the table of fields has it, its example is older',
    differences: ['result.deltaEnable: not in the example'],
  },
  get_v5_user_escrow_sub_members__default: {
    kind: 'not simulated',
    reason: 'nobody manages the money of others',
    differences: ['result.subMembers[]: no rows'],
  },
  strategy__message: {
    kind: 'not simulated',
    reason: 'orders that the exchange works itself, by time or as icebergs, do not exist',
    differences: ['nothing came'],
  },
  post_v5_apilimit_set__default: {
    kind: 'not simulated',
    reason: 'nobody is an institution',
    differences: ['3500002 Current user is not an institutional user'],
  },
  'get_v5_account_mmp-state__default': {
    kind: 'not simulated',
    reason: 'no protection of market makers',
    differences: ['result.result[]: no rows'],
  },
  ...each(['post_v5_account_mmp-modify__default', 'post_v5_account_mmp-reset__default'], {
    kind: 'not simulated',
    reason: 'no protection of market makers: asking for it is refused, so that nobody relies on it',
    differences: ["110065 MMP hasn't yet been enabled for your account. Please contact your BD manager."],
  }),
  'get_v5_position_move-history__default': {
    kind: 'not simulated',
    reason: 'positions are not moved between users',
    differences: ['result.list[]: no rows'],
  },
  'post_v5_position_move-positions__default': {
    kind: 'not simulated',
    reason: 'positions are not moved between users: every request is answered as rejected by the other side',
    differences: [],
  },
};
