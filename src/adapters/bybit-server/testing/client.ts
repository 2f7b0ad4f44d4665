import { invariant } from '../../../domain/result.ts';
import { silentLog } from '../../../ports/log.ts';
import { hmacSha256 } from '../auth.ts';
import { type BybitServer, type ServeBybit, serveBybit } from '../index.ts';
import { ManualClock, settled } from './manual-clock.ts';
import { MemoryNetwork, type MemorySocket, type Message } from './memory-network.ts';
import { ScriptedExchange } from './scripted-exchange.ts';

export type Answer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
  json: Message;
}>;

/** A server over a scripted exchange, and a client that signs as Bybit's documentation says. */
export class TestBench {
  readonly exchange = new ScriptedExchange();
  readonly network = new MemoryNetwork();
  readonly clock = new ManualClock(this.exchange.time);
  server: BybitServer | null = null;

  static async start(options: Partial<ServeBybit> = {}): Promise<TestBench> {
    const bench = new TestBench();
    const { exchange, network, clock } = bench;
    const listen = { host: '127.0.0.1', port: 7001 };
    bench.server = await serveBybit({
      exchange,
      network,
      clock,
      listen,
      rateLimits: 'off',
      log: silentLog,
      ...options,
    });
    return bench;
  }

  /** Moves the clock and the exchange's time together. */
  async advance(ms: number): Promise<void> {
    this.exchange.time += ms;
    await this.clock.advance(ms);
  }

  async get(path: string, query = '', headers: Record<string, string> = {}): Promise<Answer> {
    return read(await this.network.request({ path, query, headers: { ...this.signed(query), ...headers } }));
  }

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const all = { ...this.signed(text), ...headers };
    return read(await this.network.request({ method: 'POST', path, body: text, headers: all }));
  }

  signed(payload: string, key = 'key', secret = 'secret', at = this.exchange.time): Record<string, string> {
    return {
      'x-bapi-api-key': key,
      'x-bapi-timestamp': String(at),
      'x-bapi-recv-window': '5000',
      'x-bapi-sign': hmacSha256(secret, `${at}${key}5000${payload}`),
    };
  }

  authArgs(key = 'key', secret = 'secret', expires = this.exchange.time + 1000): unknown[] {
    return [key, expires, hmacSha256(secret, `GET/realtime${expires}`)];
  }

  /** A socket that has authenticated itself; its acknowledgement is taken. */
  async authorised(path: '/v5/private' | '/v5/trade'): Promise<MemorySocket> {
    const socket = this.network.connect(path);
    socket.say({ op: 'auth', args: this.authArgs() });
    await settled();
    socket.take();
    return socket;
  }
}

function read(answer: Awaited<ReturnType<MemoryNetwork['request']>>): Answer {
  invariant(answer !== 'reset', 'the link was reset');
  const isJson = answer.headers['Content-Type']?.startsWith('application/json') === true;
  return {
    status: answer.status,
    headers: answer.headers,
    text: answer.body,
    json: isJson ? JSON.parse(answer.body) : null,
  };
}
