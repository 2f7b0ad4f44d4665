import { fastify } from 'fastify';
import { openStore } from '../../src/adapters/sqlite/store.ts';
import type { PartitionId } from '../../src/domain/ids.ts';
import { unwrap } from '../../src/domain/result.ts';
import { answering } from '../lib/child.ts';

export type FloorQuestion = Readonly<{ do: 'open'; dir: string } | { do: 'cpu' }>;

/**
 * The least that a durable gateway can cost: Fastify reads the body, the same journal makes it durable together with
 * whatever else came in that turn, Fastify answers. No rights, no checks, no routing, no book.
 */
async function open(dir: string): Promise<{ url: string; close(): Promise<void> }> {
  const store = unwrap(await openStore(dir));
  const app = fastify({ logger: false });
  let orders = 0;
  app.post('/order', async (request) => {
    store.journal.append('orders' as PartitionId, [Buffer.from(JSON.stringify(request.body))]);
    orders += 1;
    const id = `o${orders}`;
    await new Promise<void>((resolve) => store.journal.whenDurable(resolve));
    return { success: true, data: { id } };
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const close = async (): Promise<void> => {
    await app.close();
    await store.close();
  };
  return { url, close };
}

let opened: Awaited<ReturnType<typeof open>> | null = null;
answering<FloorQuestion>(
  async (question) => {
    if (question.do === 'cpu') return process.cpuUsage();
    opened = await open(question.dir);
    return opened.url;
  },
  () => opened?.close(),
);
