import { startChild } from '../lib/child.ts';
import type { Report } from '../lib/figure.ts';
import { Histogram } from '../lib/histogram.ts';
import type { Flood } from './flooder.ts';
import { type Lane, socketLane } from './lanes.ts';
import type { Server } from './server.ts';

const KINDS: readonly Flood['kind'][] = ['frames', 'operations', 'batches', 'topics'];
const MEASURED_MS = 4_000;
/** A client that trades in peace: one order at a time, two hundred a second at most. */
const PAUSE_MS = 6;

let sent = 1_000_000;

/** Its 99th percentile from order to acknowledgement, in milliseconds. */
async function p99(lane: Lane): Promise<number> {
  const times = new Histogram();
  const end = performance.now() + MEASURED_MS;
  while (performance.now() < end) {
    const begun = performance.now();
    await lane.order(sent++);
    times.record((performance.now() - begun) * 1_000);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return times.percentile(0.99) / 1_000;
}

/** How much longer a well-behaved client waits while another floods the exchange. */
export async function floods(report: Report, server: Server): Promise<void> {
  const lane = await socketLane(server);
  await p99(lane);
  for (const [index, kind] of KINDS.entries()) {
    const quiet = await p99(lane);
    const flooder = startChild(new URL('./flooder.ts', import.meta.url));
    await flooder.ask({ ws: server.ws, kind, localAddress: `127.0.0.${2 + index}` } satisfies Flood);
    const flooded = await p99(lane);
    const { sent: frames, cut } = await flooder.ask<{ sent: number; cut: number }>('counts');
    await flooder.stop();
    report({
      metric: 'flooded_p99_ms',
      case: kind,
      value: flooded,
      unit: 'ms',
      better: 'lower',
      peer: { name: 'quiet', value: quiet },
      note: `${frames} bad messages, cut off ${cut} times`,
    });
  }
  await lane.close();
}
