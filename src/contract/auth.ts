import * as z from 'zod';
import { count, oneOf, words, yes } from './answers.ts';
import { optional, strict, text, word } from './fields.ts';

/** Signing in. A user has a role on each of their accounts; administrators also look after users and accounts. */
export const ROLES = ['viewer', 'trader', 'risk', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const EMAIL = { max: 254, min: 3, pattern: /^[^\s@]+@[^\s@]+$/, allowed: 'an e-mail address' };
const REFRESH = { max: 512, pattern: /^[A-Za-z0-9_.-]+$/, allowed: 'the refresh_token of the latest answer' };

export const loginBody = strict({
  email: text(EMAIL, 'e-mail'),
  password: text({ max: 1024, allowed: '1 to 1024 characters' }, 'password'),
  session: optional(word(['token', 'cookie'], 'cookie: the refresh token comes as an HttpOnly cookie')),
  totp: optional(text({ max: 10, allowed: 'leave it out: second factors are not supported yet' }, 'one-time code')),
}).meta({ id: 'LoginRequest' });

export const refreshBody = strict({ refresh_token: optional(text(REFRESH, 'absent with a cookie session')) }).meta({
  id: 'RefreshRequest',
});

export const signedIn = z
  .object({
    access_token: words('for Authorization: Bearer'),
    refresh_token: words('works once; absent with a cookie session').optional(),
    token_type: oneOf(['Bearer'], 'always Bearer'),
    expires_in: count('seconds that the access token lives'),
  })
  .meta({ id: 'SignedIn' });
export type SignedIn = z.infer<typeof signedIn>;

export const me = z
  .object({
    user: z.object({ id: words('id'), email: words('e-mail'), administrator: yes('looks after users and accounts') }),
    account: words('account of this request').nullable(),
    role: oneOf(ROLES, 'role on it').nullable(),
    accounts: z.array(z.object({ id: words('account'), role: oneOf(ROLES, 'role') })),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof me>;

export const signedOut = z.object({ signed_out: yes('the session is over') }).meta({ id: 'SignedOut' });
