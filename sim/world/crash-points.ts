import type { Journal } from '../../src/ports/journal.ts';
import { TransportError } from '../../src/ports/network.ts';
import { type Rng, uniform } from '../../src/ports/rng.ts';
import type { SimProcess } from '../lib/process.ts';
import type { FaultCounts } from '../lib/fault-rules.ts';
import type { ProcessNetwork } from '../lib/sim-network.ts';

/** Steps of an order between which the gateway is killed. */
export const CRASH_POINTS = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** How likely each point kills the process that passes it; nothing while the plan is off. */
export type CrashPlan = { on: boolean; readonly chance: Readonly<Partial<Record<CrashPoint, number>>> };

const decoder = new TextDecoder();
const CREATE = '/v5/order/create';
/** After sending, the kill comes within this time: before or after the request's arrival, before its reply. */
const P2_WITHIN_MS = 1.5;

/** Kills the gateway at named points of an order, by standing between it and its ground. */
export class CrashPoints {
  readonly #plan: CrashPlan;
  readonly #rng: Rng;
  readonly #counts: FaultCounts;

  constructor(plan: CrashPlan, rng: Rng, counts: FaultCounts) {
    this.#plan = plan;
    this.#rng = rng;
    this.#counts = counts;
  }

  #strikes(point: CrashPoint): boolean {
    const chance = this.#plan.chance[point] ?? 0;
    return this.#plan.on && chance > 0 && uniform(this.#rng) < chance;
  }

  #kill(point: CrashPoint, process: SimProcess): void {
    if (!process.alive) return;
    this.#counts.add(point);
    process.kill();
  }

  /** P1: the intention to send is durable, nothing has left. */
  journal(journal: Journal, process: SimProcess): Journal {
    return {
      append: (partition, records) => {
        const first = journal.append(partition, records);
        const sends = partition.startsWith('account:') && records.some(plansBybitChild);
        if (sends && this.#strikes('P1')) journal.whenDurable(() => this.#kill('P1', process));
        return first;
      },
      assertOpen: () => journal.assertOpen(),
      whenDurable: (run) => journal.whenDurable(() => process.alive && run()),
      read: (partition, fromSeq) => journal.read(partition, fromSeq),
      partitions: () => journal.partitions(),
      onFailure: (run) => journal.onFailure(run),
      saveSnapshot: (partition, seq, state) => journal.saveSnapshot(partition, seq, state),
      latestSnapshot: (partition) => journal.latestSnapshot(partition),
      close: () => journal.close(),
    };
  }

  /** P2: sent, no reply yet. P3: reply here, not in the journal. P4: a fill here, not in the journal. P5: mid-reconcile. */
  network(network: ProcessNetwork, process: SimProcess): ProcessNetwork {
    return {
      ...network,
      http: {
        request: async (request) => {
          const creates = request.url.endsWith(CREATE);
          const answered = network.http.request(request);
          if (creates && this.#strikes('P2')) this.#killSoon(answered, process);
          const answer = await answered;
          if (creates && this.#strikes('P3')) this.#kill('P3', process);
          if (isReconcile(request.url) && this.#strikes('P5')) this.#kill('P5', process);
          if (!process.alive) throw new TransportError('aborted', 'the process is gone');
          return answer;
        },
      },
      sockets: {
        dial: (url, handlers) =>
          network.sockets.dial(url, {
            ...handlers,
            message: (text) => {
              handlers.message(text);
              if (text.includes('"topic":"execution"') && this.#strikes('P4')) this.#kill('P4', process);
            },
          }),
      },
    };
  }

  #killSoon(answered: Promise<unknown>, process: SimProcess): void {
    let replied = false;
    const reply = (): void => {
      replied = true;
    };
    answered.then(reply, reply);
    process.clock.after(uniform(this.#rng) * P2_WITHIN_MS, () => replied || this.#kill('P2', process));
  }
}

function plansBybitChild(record: Uint8Array): boolean {
  const text = decoder.decode(record);
  return text.startsWith('{"type":"routed"') && text.includes('"venue":"bybit","price"');
}

const isReconcile = (url: string): boolean => url.includes('/v5/execution/list') && url.includes('startTime');
