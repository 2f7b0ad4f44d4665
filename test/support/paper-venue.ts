// The real paper exchange behind the real server, in one process and with a clock that stands until it is moved.
import { hmacSha256 } from '../../src/adapters/bybit-server/auth.ts';
import { type BybitServer, serveBybit } from '../../src/adapters/bybit-server/index.ts';
import { settled } from '../../src/adapters/bybit-server/testing/manual-clock.ts';
import { MemoryNetwork, type MemorySocket } from '../../src/adapters/bybit-server/testing/memory-network.ts';
import { invariant, unwrap } from '../../src/domain/result.ts';
import type { UnixMs } from '../../src/domain/ids.ts';
import { type ExchangeClock, steppedClock } from '../../src/paper/clocks.ts';
import { openPaperExchange, type PaperExchange, readPaperConfig } from '../../src/paper/index.ts';
import { silentLog } from '../../src/ports/log.ts';
import { seededRng } from '../../src/ports/rng.ts';
/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

export type Key = Readonly<{ apiKey: string; apiSecret: string }>;
export type Answer = Readonly<{ status: number; headers: Readonly<Record<string, string>>; text: string; json: Json }>;

/** 2024-12-01T00:00:00Z, a Sunday. */
const START = 1_733_011_200_000 as UnixMs;
const STEP_MS = 20;

export class Venue {
  readonly network = new MemoryNetwork();
  readonly clock: ExchangeClock = steppedClock(START);
  readonly exchange: PaperExchange;
  #server: BybitServer | null = null;

  private constructor(exchange: PaperExchange, clock: ExchangeClock) {
    this.exchange = exchange;
    this.clock = clock;
  }

  static async open(settings: Readonly<Record<string, unknown>>, rateLimits: 'off' | 'bybit' = 'off'): Promise<Venue> {
    const config = unwrap(readPaperConfig({ agents: false, ...settings }));
    const clock = steppedClock(START);
    const log = silentLog;
    const exchange = await openPaperExchange({ config, clock, rng: seededRng(7), journal: null, log });
    const venue = new Venue(exchange, clock);
    const { network } = venue;
    await exchange.start();
    const listen = { host: '127.0.0.1', port: 7001 };
    venue.#server = await serveBybit({ exchange, network, clock, listen, rateLimits, log });
    return venue;
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.exchange.close();
  }

  /** Moves time on in small steps, so that what was promised happens between them. */
  async advance(ms: number, stepMs = STEP_MS): Promise<void> {
    invariant(this.clock.step !== null, 'the clock is stepped');
    for (let left = ms; left > 0; left -= stepMs) {
      await settled();
      await this.clock.step(Math.min(left, stepMs));
    }
    await settled();
  }

  get(key: Key | null, path: string, query = ''): Promise<Answer> {
    const headers = key === null ? {} : this.signed(key, query);
    return this.#ask({ method: 'GET', path, query, headers });
  }

  post(key: Key, path: string, body: unknown): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.#ask({ method: 'POST', path, body: text, headers: this.signed(key, text) });
  }

  signed({ apiKey, apiSecret }: Key, payload: string, at: number = this.clock.now()): Record<string, string> {
    return {
      'x-bapi-api-key': apiKey,
      'x-bapi-timestamp': String(at),
      'x-bapi-recv-window': '5000',
      'x-bapi-sign': hmacSha256(apiSecret, `${at}${apiKey}5000${payload}`),
    };
  }

  authArgs({ apiKey, apiSecret }: Key, expires = this.clock.now() + 1000): unknown[] {
    return [apiKey, expires, hmacSha256(apiSecret, `GET/realtime${expires}`)];
  }

  /** A socket, signed in where a key is given; null where the path is none. What it heard so far is taken. */
  async socket(path: string, key: Key | null): Promise<MemorySocket | null> {
    const socket = this.network.connect(path);
    if (socket.refused !== null) return null;
    if (key !== null) {
      socket.say({ op: 'auth', args: this.authArgs(key) });
      await settled();
      socket.take();
    }
    return socket;
  }

  async #ask(request: Parameters<MemoryNetwork['request']>[0]): Promise<Answer> {
    const asked = this.network.request(request);
    // What is due at once goes out while the answer is on its way.
    await this.clock.step?.(0);
    const answer = await asked;
    invariant(answer !== 'reset', 'the link was reset');
    const isJson = answer.headers['Content-Type']?.startsWith('application/json') === true;
    return {
      status: answer.status,
      headers: answer.headers,
      text: answer.body,
      json: isJson ? (JSON.parse(answer.body) as Json) : {},
    };
  }
}
