import * as z from 'zod';
import { count, isoTimeField, oneOf, words } from './answers.ts';
import { ENVIRONMENTS } from './bybit.ts';

/** Public views of the running instance: nothing of any account. */
const reason = z.object({
  component: words('journal, recovery, bybit, …'),
  code: words('stable word'),
  message: words('what to do'),
});
export const live = z.object({ status: oneOf(['ok'], 'the process answers') }).meta({ id: 'Live' });
export const readiness = z
  .object({
    ready: z.boolean().meta({ description: 'orders are accepted' }),
    reasons: z.array(reason).meta({ description: 'why not; or what limps' }),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof readiness>;

export const publicStatus = z
  .object({
    state: oneOf(['operational', 'degraded', 'down'], 'overall'),
    environment: oneOf(ENVIRONMENTS, 'environment'),
    version: words('version'),
    started_at: isoTimeField('since when it runs'),
    uptime_seconds: count('seconds'),
    incidents: z.array(
      z.object({ at: isoTimeField('when'), text: words('what'), resolved_at: isoTimeField('end').nullable() }),
    ),
    links: z.array(z.object({ name: words('name'), url: words('address') })),
  })
  .meta({ id: 'PublicStatus' });
export type PublicStatus = z.infer<typeof publicStatus>;
