/**
 * More hops of the microtask queue than lie between an exchange's answer and the network's `send`: the handler's
 * await, the pipeline's, the network adapter's.
 */
const HOPS = 12;

/**
 * Runs what it is given after the replies of the same turn have been handed to the network: a client's acknowledgement
 * leaves before the events that its order caused ("ack first, then emit"). No timer: it costs no time, and in the
 * simulator it stays within one virtual instant.
 */
export function afterReplies(): (run: () => void) => void {
  let waiting: (() => void)[] = [];
  const flush = async (): Promise<void> => {
    for (let hop = 0; hop < HOPS; hop += 1) await null;
    const runs = waiting;
    waiting = [];
    for (const run of runs) run();
  };
  return (run) => {
    if (waiting.push(run) === 1) void flush();
  };
}
