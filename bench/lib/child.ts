import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type Answer = Readonly<{ n: number; value?: unknown; error?: string }>;
type Question = Readonly<{ n: number; ask: unknown }>;

/** A process of its own, so that what is measured shares no event loop with what measures it. */
export type Child = Readonly<{ ask<T>(question: unknown): Promise<T>; stop(): Promise<void> }>;

/** Starts a script that calls `answering`; `options` is its first question. Its end before `stop` rejects whoever waits. */
export function startChild(script: URL): Child {
  const process = fork(fileURLToPath(script), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const ended = new Promise<void>((resolve) => {
    process.once('exit', (code) => {
      for (const { reject } of waiting.values()) reject(new Error(`${script.pathname} ended with ${code}`));
      resolve();
    });
  });
  process.on('message', ({ n, value, error }: Answer) => {
    const one = waiting.get(n);
    waiting.delete(n);
    if (error === undefined) one?.resolve(value);
    else one?.reject(new Error(error));
  });
  let asked = 0;
  return {
    ask: <T>(question: unknown) =>
      new Promise<T>((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve: resolve as (value: unknown) => void, reject });
        process.send({ n: asked, ask: question });
      }),
    stop: async () => {
      if (process.connected) process.disconnect();
      await ended;
    },
  };
}

/** The other end: answers questions one at a time; `close` runs when the bench has no more. */
export function answering<Q>(answer: (question: Q) => unknown, close: () => Promise<void> | void): void {
  process.on('message', (message) => {
    const { n, ask } = message as Question;
    Promise.resolve(ask as Q)
      .then(answer)
      .then(
        (value) => process.send?.({ n, value }),
        (error: unknown) => process.send?.({ n, error: error instanceof Error ? (error.stack ?? '') : `${error}` }),
      );
  });
  process.once('disconnect', () => void Promise.resolve(close()).then(() => process.exit(0)));
}
