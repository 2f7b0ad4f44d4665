import type { Member } from '../../../ports/exchange.ts';

/** `memberType` on the wire. */
export const MEMBER_KINDS = { 1: 'normal', 6: 'custodial' } as const;
const TYPE_OF = { normal: 1, custodial: 6 } as const satisfies Record<Member['kind'], number>;
const NORMAL = 1;
const FROZEN = 4;
/** Unified account 2.0. */
const ACCOUNT_MODE = 5;

const common = ({ uid, username, kind, note, frozen }: Member) => ({
  uid,
  username,
  memberType: TYPE_OF[kind],
  status: frozen ? FROZEN : NORMAL,
  remark: note,
});

export const madeMemberResult = common;
/** Row of the lists of sub-accounts. */
export const memberRow = (member: Member) => ({ ...common(member), accountMode: ACCOUNT_MODE });
