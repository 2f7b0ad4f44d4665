import { randomBytes } from 'node:crypto';
import { argonPasswords, type UserStore } from '../../adapters/http/index.ts';
import { money } from '../../domain/decimal.ts';
import type { AccountId, AssetId, UserId } from '../../domain/ids.ts';
import type { Desk } from '../core/desk.ts';
import type { Gateway } from '../core/gateway.ts';

export const ADMIN_EMAIL = 'admin@localhost';
const ADMIN = 'u1' as UserId;
const ACCOUNT = 'a1' as AccountId;
const AGENTS = 'agents' as AccountId;

/** What the first account of a `paper` instance has on each of the two venues. */
export const DEMO_FUNDS: Readonly<Record<string, string>> = {
  USDT: '1000000',
  BTC: '10',
  ETH: '100',
  BNB: '1000',
  XRP: '100000',
};
/** What the market agents of the internal venue own: enough for every quote of a long time. */
const AGENT_FUNDS: Readonly<Record<string, string>> = {
  USDT: '1000000000', BTC: '10000', ETH: '100000', BNB: '500000', XRP: '200000000',
}; // biome-ignore format: one line

/** What was made at the first start and is shown once. */
export type FirstStart = Readonly<{ password: string | null }>;

/** `password`: from the environment; null makes one. `wasServed`: an earlier start has got as far as its ready line. */
export type FirstStartWish = Readonly<{ password: string | null; wasServed: boolean }>;

/** The first administrator, their account and, on `paper`, its play money. Does nothing that is already there. */
export async function prepareInstance(
  gateway: Gateway,
  users: UserStore,
  wish: FirstStartWish,
  isPaper: boolean,
): Promise<FirstStart> {
  const made = await prepareAdministrator(gateway, users, wish);
  if (gateway.desk(ACCOUNT) === null) await gateway.openAccount(ACCOUNT, 'main', false);
  if (!isPaper) return made;
  await fund(gateway, ACCOUNT, DEMO_FUNDS);
  if (gateway.desk(AGENTS) === null) await gateway.openAccount(AGENTS, 'market agents', true);
  await fund(gateway, AGENTS, AGENT_FUNDS);
  return made;
}

/** Each fact is looked for by itself: a first start that was interrupted is finished by the next. */
async function prepareAdministrator(
  gateway: Gateway,
  users: UserStore,
  { password: wished, wasServed }: FirstStartWish,
): Promise<FirstStart> {
  const at = gateway.clock.now();
  const known = users.user(ADMIN);
  let made: string | null = null;
  // Before an instance was ever served nobody has been told a password: it is made again, and told with the ready line.
  if (known === null || !wasServed) {
    made = wished === null ? randomBytes(12).toString('base64url') : null;
    const passwordHash = await argonPasswords().hash(wished ?? `${made}`);
    if (known !== null) await users.record({ type: 'password_changed', at, user: ADMIN, passwordHash });
    else
      await users.record({
        type: 'user_created',
        at,
        user: ADMIN,
        email: ADMIN_EMAIL,
        passwordHash,
        administrator: true,
      });
  }
  if (known?.accounts.has(ACCOUNT) !== true) {
    await users.record({ type: 'role_granted', at, user: ADMIN, account: ACCOUNT, role: 'admin' });
  }
  return { password: made };
}

/** Deposits under a key of their own: a first start that was interrupted is finished by the next, and pays nothing twice. */
async function fund(gateway: Gateway, account: AccountId, funds: Readonly<Record<string, string>>): Promise<void> {
  const desk = gateway.desk(account);
  if (desk === null) return;
  await Promise.all(Object.entries(funds).map(([asset, amount]) => deposit(gateway, desk, asset as AssetId, amount)));
}

function deposit(gateway: Gateway, desk: Desk, asset: AssetId, amount: string): Promise<void> {
  const key = `opening-${asset}`;
  const message = {
    type: 'transfer', at: gateway.clock.now(), direction: 'deposit', asset, amount: money(amount), reference: 'opening balance',
    actor: 'okd', note: 'play money of the paper environment', idempotency: { key, fingerprint: key },
  } as const; // biome-ignore format: short members together
  return desk.effects.ask(
    (replyTo) => ({ ...message, replyTo }),
    () => undefined,
  );
}

export const agentsDesk = (gateway: Gateway): Desk | null => gateway.desk(AGENTS);
export const firstAccount = ACCOUNT;
export const administrator = ADMIN;
