import { unwrap } from '../../src/domain/result.ts';
import { serveBybit } from '../../src/adapters/bybit-server/index.ts';
import { openPaperExchange, type PaperExchange } from '../../src/paper/index.ts';
import { silentLog } from '../../src/ports/log.ts';
import type { SimProcess } from '../lib/process.ts';
import type { Sim } from '../lib/sim.ts';
import { PAPER, paperConfig } from './settings.ts';

/** One life of the exchange's process. */
export type PaperLife = Readonly<{ process: SimProcess; exchange: PaperExchange }>;

/** Starts the exchange on its disk. `watch` gets it as soon as it is open, before anybody can reach it. */
export async function startPaper(sim: Sim, watch: (exchange: PaperExchange) => void): Promise<PaperLife> {
  const { process, network } = sim.start('paper');
  const { journal } = unwrap(sim.disk('paper').openStore(process));
  const { clock, rng } = process;
  const exchange = await openPaperExchange({ config: paperConfig(sim.seed), clock, rng, journal, log: silentLog });
  watch(exchange);
  await serveBybit({ exchange, network: network.server, clock, listen: PAPER, rateLimits: 'off', log: silentLog });
  await exchange.start();
  return { process, exchange };
}
