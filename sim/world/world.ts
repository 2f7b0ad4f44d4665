import type { Desk } from '../../src/app/core/desk.ts';
import type { Gateway } from '../../src/app/core/gateway.ts';
import type { AssetId } from '../../src/domain/ids.ts';
import { money } from '../../src/domain/decimal.ts';
import type { PaperExchange } from '../../src/paper/index.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { Log } from '../../src/ports/log.ts';
import { VenueLedger } from '../checkers/venue-ledger.ts';
import { Verdicts } from '../checkers/verdicts.ts';
import type { SimProcess } from '../lib/process.ts';
import { Sim } from '../lib/sim.ts';
import type { ProcessNetwork } from '../lib/sim-network.ts';
import { ApiClient } from './client.ts';
import { type GatewayLife, startGateway } from './gateway-life.ts';
import { type PaperLife, startPaper } from './paper-life.ts';
import { FUNDS, keyOf, PEOPLE, type Person } from './settings.ts';

/** Where faults and checkers put their hands in. */
export type WorldHooks = {
  journal: (journal: Journal, process: SimProcess) => Journal;
  network: (network: ProcessNetwork, process: SimProcess) => ProcessNetwork;
  gatewayBuilt: ((gateway: Gateway, process: SimProcess) => void)[];
  gatewayUp: ((gateway: Gateway) => void)[];
  paperOpen: ((exchange: PaperExchange) => void)[];
};

/** Gateway, exchange and clients, each a process that can die and come back, over one network and one clock. */
export class World {
  readonly sim: Sim;
  readonly ledger = new VenueLedger();
  readonly verdicts: Verdicts;
  readonly hooks: WorldHooks;
  readonly clients: ApiClient[];
  readonly log: Log;
  /** What the gateway alarmed people about. */
  readonly alarms: string[] = [];
  #paper: PaperLife | null = null;
  #gateway: GatewayLife | null = null;
  #built: Gateway | null = null;

  constructor(seed: number) {
    this.sim = new Sim(seed);
    this.verdicts = new Verdicts(seed, () => this.sim.clock.monotonic());
    this.hooks = {
      journal: (journal) => journal,
      network: (network) => network,
      gatewayBuilt: [],
      gatewayUp: [],
      paperOpen: [],
    };
    this.clients = PEOPLE.map((person) => {
      const { process, network } = this.sim.start(`client-${person.name}`);
      return new ApiClient(person, process, network);
    });
    this.log = this.#makeLog();
  }

  #makeLog(): Log {
    const quiet = (): void => {};
    const error = (event: string, fields?: Readonly<Record<string, unknown>>): void => {
      if (event === 'alarm') this.alarms.push(`${fields?.['code']} ${fields?.['detail']}`);
      else this.verdicts.violate('BUG', event, JSON.stringify(fields, errorText));
    };
    return { debug: quiet, info: quiet, warn: quiet, error };
  }

  /** The exchange while its process lives. */
  get paper(): PaperExchange | null {
    return this.#paper?.process.alive === true ? this.#paper.exchange : null;
  }

  /** The gateway while its process lives and has recovered. */
  get gateway(): Gateway | null {
    return this.#gateway?.process.alive === true ? this.#gateway.gateway : null;
  }

  /** The same, from before its recovery on. */
  get gatewayInside(): Gateway | null {
    return this.sim.process('gateway') === null ? null : this.#built;
  }

  async startPaper(): Promise<void> {
    this.#paper = await startPaper(this.sim, (exchange) => {
      this.ledger.absorb(exchange.groundTruth());
      exchange.onPrivate((event) => this.ledger.heard(event));
      for (const hook of this.hooks.paperOpen) hook(exchange);
    });
  }

  async startGateway(): Promise<void> {
    const life = await startGateway(this.sim, {
      journal: (journal, process) => this.hooks.journal(journal, process),
      network: (network, process) => this.hooks.network(network, process),
      built: (gateway, process) => {
        this.#built = gateway;
        for (const hook of this.hooks.gatewayBuilt) hook(gateway, process);
      },
      crashed: (error) => this.#crashed(error),
      log: this.log,
    });
    if (!life.process.alive) return; // it died while it recovered
    this.#gateway = life;
    for (const hook of this.hooks.gatewayUp) hook(life.gateway);
  }

  #crashed(error: unknown): void {
    this.verdicts.violate('BUG', 'gateway', error instanceof Error ? (error.stack ?? error.message) : `${error}`);
    this.sim.kill('gateway');
  }

  /** Accounts, their money on both venues and their connections, before anything goes wrong. */
  async prepare(): Promise<void> {
    void this.startPaper();
    await this.until(() => this.paper !== null);
    void this.startGateway();
    await this.until(() => this.gateway !== null);
    const ready = Promise.all(this.clients.map((client) => this.#open(client)));
    let done = false;
    void ready.then(() => {
      done = true;
    });
    await this.until(() => done && this.gateway?.instrumentsKnown === true);
  }

  async until(condition: () => boolean, limitMs = 60_000): Promise<void> {
    const held = await this.sim.clock.runWhile(() => !condition(), limitMs);
    if (!held) throw new Error(`seed ${this.sim.seed}: the world did not come up`);
  }

  async #open(client: ApiClient): Promise<void> {
    const { account, uid } = client.person;
    await this.gateway?.openAccount(account, client.person.name, false);
    for (const [asset, amount] of Object.entries(FUNDS)) {
      const answer = await client.call('POST', `/api/admin/accounts/${account}/deposits`, {
        asset,
        amount,
        reference: 'opening',
      });
      if (answer?.status !== 201) throw new Error(`deposit: ${JSON.stringify(answer)}`);
    }
    if (uid === null) return;
    const { apiKey, apiSecret } = keyOf(uid);
    const answer = await client.call('POST', '/bybit/connect', { apiKey, apiSecret });
    if (answer?.status !== 200) throw new Error(`connect: ${JSON.stringify(answer)}`);
  }

  desk(person: Person): Desk | null {
    return this.gateway?.desk(person.account) ?? null;
  }

  /** Opening amount of a coin on each venue. */
  static opening(asset: AssetId): bigint {
    const amount = FUNDS[asset];
    return amount === undefined ? 0n : money(amount);
  }
}

const errorText = (_key: string, value: unknown): unknown => {
  if (value instanceof Error) return value.stack;
  return typeof value === 'bigint' ? `${value}` : value;
};
