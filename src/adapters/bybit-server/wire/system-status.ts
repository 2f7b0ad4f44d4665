import type { Interruption } from '../../../ports/exchange.ts';

const ALL_SERVICES = [1, 2, 3, 4, 5];
const ALL_PRODUCTS = [1, 2, 3, 4];
const TEMPORARY = 2;
const PRODUCTION = 1;

/** Row of GET /v5/system/status and of the topic `system.status`: a time in which the exchange did not run. */
export const statusRow = ({ from, to }: Interruption) => ({
  id: statusId(from, to),
  title: 'The exchange was stopped',
  state: 'completed',
  begin: String(from),
  end: String(to),
  href: '',
  serviceTypes: ALL_SERVICES,
  product: ALL_PRODUCTS,
  uidSuffix: [],
  maintainType: TEMPORARY,
  env: PRODUCTION,
});

/** Shaped like Bybit's, made of its times: the same whenever it is asked for. */
function statusId(from: number, to: number): string {
  const hex = (value: number): string => value.toString(16).padStart(12, '0');
  return `${hex(from).slice(4)}-${hex(from).slice(0, 4)}-11f0-bcc9-${hex(to)}`;
}
