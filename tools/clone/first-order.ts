// Sends the order that the ready line prints, word for word, and watches it until it is filled.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VENUES = ['okd_internal', 'bybit'];
const POLL_MS = 200;

type Child = { readonly venue: string; readonly filled_quantity: number | string };
export type Order = { readonly id: string; readonly status: string; readonly children: readonly Child[] };

/** An answer is the order itself or an envelope around it. */
function orderOf(body: string): Order {
  const answer = JSON.parse(body) as Partial<Order> & { data?: Partial<Order> };
  const { id, status, children } = answer.data ?? answer;
  if (typeof id !== 'string' || typeof status !== 'string' || !Array.isArray(children)) {
    throw new Error(`the answer holds no order: ${body.slice(0, 500)}`);
  }
  return { id, status, children };
}

const without = (order: Order, has: (child: Child) => boolean): string[] =>
  VENUES.filter((venue) => !order.children.some((child) => child.venue === venue && has(child)));

/** Runs the printed line in the clone's folder; the order must be created with a child on each venue. */
export async function send(curl: string, cwd: string): Promise<Order> {
  const line = `${curl} --silent --show-error --write-out '\\n%{http_code}'`;
  const { stdout } = await run('sh', ['-c', line], { cwd, timeout: 30_000 });
  const at = stdout.lastIndexOf('\n');
  const [body, status] = [stdout.slice(0, at), stdout.slice(at + 1).trim()];
  if (status !== '201') throw new Error(`the printed curl line was answered ${status}, not 201: ${body.slice(0, 500)}`);
  const order = orderOf(body);
  const missing = without(order, () => true);
  if (missing.length > 0) throw new Error(`order ${order.id} has no child on ${missing.join(' and ')}`);
  return order;
}

/** Asks for the order until it is filled, with a fill on each venue. */
export async function untilFilled(url: string, token: string, withinMs: number): Promise<Order> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`GET ${url} was answered ${answer.status}: ${await answer.text()}`);
    const order = orderOf(await answer.text());
    const unfilled = without(order, (child) => Number(child.filled_quantity) > 0);
    if (order.status === 'filled' && unfilled.length === 0) return order;
    const final = ['filled', 'canceled', 'rejected', 'expired'].includes(order.status);
    if (final || performance.now() > end) {
      throw new Error(`order ${order.id} is ${order.status}, without a fill on: ${unfilled.join(', ') || 'none'}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
