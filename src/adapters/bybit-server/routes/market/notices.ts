import { ok } from '../../../../domain/result.ts';
import { optional, pageSize, text, whole, withDefault } from '../../params/fields.ts';
import { publicRoute } from '../../route.ts';
import { statusRow } from '../../wire/system-status.ts';

export const time = publicRoute({ method: 'GET', path: '/v5/market/time', params: {} }, (_params, { now }) =>
  ok({ timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` }),
);

export const systemStatus = publicRoute(
  { method: 'GET', path: '/v5/system/status', params: { id: optional(text), state: optional(text) }, retMsg: '' },
  (params, { exchange }) => {
    const list = exchange.market
      .interruptions()
      .map(statusRow)
      .filter(
        (row) => (params.id === null || row.id === params.id) && (params.state === null || row.state === params.state),
      );
    return ok({ list });
  },
);

/** Not simulated: nobody writes any. */
export const announcements = publicRoute(
  {
    method: 'GET',
    path: '/v5/announcements/index',
    params: {
      locale: text,
      type: optional(text),
      tag: optional(text),
      page: withDefault(whole(1, 1_000_000), 1),
      limit: pageSize(1000, 20),
    },
  },
  () => ok({ total: 0, list: [] }),
);
