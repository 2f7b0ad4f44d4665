import { createHmac } from 'node:crypto';
import { Bybit, type ClientEvent, DialBudget, type Environment, type Limiter } from '@okd/bybit';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { HttpClient, SocketDialer } from '../../ports/network.ts';
import type { Rng } from '../../ports/rng.ts';
import type { Unavailable } from '../../ports/venue.ts';
import type { KeyRefusal, KeyReport, VenueAccess, VenueInstrument, VenueKey } from '../../ports/venue-access.ts';
import { BybitAccountVenue } from './account-venue.ts';
import { BybitFeed } from './feed.ts';
import { keyRefusal, keyReport } from './key.ts';
import { Listings } from './listings.ts';
import { unavailable } from './outcome.ts';
import { BYBIT } from './words.ts';

export type BybitAccessOptions = Readonly<{
  environment: Environment;
  /** The real network and clock, or the simulated ones. */
  transport: Readonly<{ clock: Clock; rng: Rng; http: HttpClient; sockets: SocketDialer }>;
  log: Log;
  /** False for demo. */
  hasTradeSocket?: boolean;
  orderEntry?: 'rest' | 'socket';
  /** `off` against an exchange of one's own that limits nothing. */
  budgets?: 'documented' | 'off';
  /** From sending a request to its answer, in milliseconds. */
  timeoutMs?: number;
}>;

/** HMAC-SHA256 of a key's secret, as lower-case hex. Synchronous, so that it runs in the simulator too. */
const signerOf = (secret: string) => ({
  sign: (text: string): string => createHmac('sha256', secret).update(text).digest('hex'),
});

/** Bybit, or any server that speaks V5, as a venue of the gateway. */
export class BybitAccess implements VenueAccess {
  readonly id = BYBIT;
  readonly feed: BybitFeed;
  readonly #options: BybitAccessOptions;
  readonly #public: Bybit;
  readonly #listings: Listings;
  readonly #limiter: Limiter;
  readonly #dials = new DialBudget();

  constructor(options: BybitAccessOptions) {
    this.#options = options;
    this.#public = new Bybit({ ...this.#common(), dials: this.#dials });
    this.#limiter = this.#public.limiter;
    this.#listings = new Listings(this.#public, options.log);
    this.feed = new BybitFeed(this.#public, this.#listings, options.transport.clock);
  }

  #common() {
    const { environment, transport, budgets, timeoutMs } = this.#options;
    return {
      environment,
      transport,
      observe: (event: ClientEvent) => this.#observe(event),
      ...(budgets === undefined ? {} : { budgets }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
  }

  #observe(event: ClientEvent): void {
    const { type, ...fields } = event;
    if (type === 'link' || type === 'clock_unread') this.#options.log.debug(`bybit_${type}`, fields);
    else this.#options.log.warn(`bybit_${type}`, fields);
  }

  async instruments(): Promise<Result<readonly VenueInstrument[], Unavailable>> {
    const read = await this.#listings.read();
    if (!read.ok) return err(unavailable(read.error));
    this.feed.relisted();
    return read;
  }

  #clientOf(key: VenueKey, uid: string): Bybit {
    const credentials = { apiKey: key.apiKey, signer: signerOf(key.apiSecret) };
    return new Bybit({ ...this.#common(), credentials, account: uid, limiter: this.#limiter, dials: this.#dials });
  }

  async check(key: VenueKey): Promise<Result<KeyReport, KeyRefusal>> {
    const bybit = this.#clientOf(key, key.apiKey);
    await bybit.serverClock.sync();
    const details = await bybit.user.queryApi();
    await bybit.close();
    if (!details.ok) return err(keyRefusal(details.error));
    return ok(keyReport(details.value));
  }

  open(key: VenueKey, report: KeyReport): BybitAccountVenue {
    const { transport, log, hasTradeSocket = true, orderEntry = 'rest' } = this.#options;
    const bybit = this.#clientOf(key, report.uid);
    return new BybitAccountVenue({
      bybit,
      listings: this.#listings,
      clock: transport.clock,
      log,
      marketHealth: () => this.feed.streams().flatMap((stream) => stream.health()),
      report,
      hasTradeSocket,
      orderEntry,
    });
  }

  close(): Promise<void> {
    return this.#public.close();
  }
}
