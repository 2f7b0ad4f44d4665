// npm's bybit-api, unchanged but for its addresses: its REST client, its sockets and its order socket.
import assert from 'node:assert/strict';
import { RestClientV5, WebsocketAPIClient, WebsocketClient } from 'bybit-api';
import { type Account, type Loopback, MAKER, OTHER, TAKER } from '../loopback.ts';

export type Row = Readonly<Record<string, string>>;
export type Update = Readonly<{ topic: string; type?: string; data: unknown }>;
/** What a step calls. Every step is one trading function, or a few that belong together. */
export type Step = Readonly<{ what: string; run: (walk: Walk) => Promise<void> }>;

const quiet = { trace: () => {}, info: () => {}, error: () => {} };
const PATIENCE_MS = 5_000;

/** Everything that a socket hears, and a way to wait for what it should hear. */
export class Listener {
  readonly heard: Update[] = [];
  readonly client: WebsocketClient;
  #waiting: (() => void)[] = [];
  #acknowledged: (() => void)[] = [];

  constructor(url: string, key: Account | null, problems: unknown[]) {
    const keys = key === null ? {} : { key: key.apiKey, secret: key.apiSecret };
    this.client = new WebsocketClient({ wsUrl: url, ...keys }, quiet);
    this.client.on('update', (update: unknown) => {
      const message = update as Update;
      // The acknowledgement of options and spreads names no operation: the client takes it for news.
      if (message.type === 'COMMAND_RESP') {
        for (const done of this.#acknowledged.splice(0)) done();
        return;
      }
      this.heard.push(message);
      for (const check of this.#waiting) check();
    });
    this.client.on('response', () => {
      for (const done of this.#acknowledged.splice(0)) done();
    });
    this.client.on('exception', (problem: unknown) => problems.push(problem));
  }

  /** Resolves with the server's acknowledgement. `isPrivate`: the client does not know by itself that topics of combos are. */
  async subscribe(topics: string[], category: string, isPrivate?: boolean): Promise<void> {
    const acknowledged = within('acknowledgement', new Promise<void>((resolve) => this.#acknowledged.push(resolve)));
    this.client.subscribeV5(topics, category as 'spot', isPrivate);
    await acknowledged;
  }

  waitFor(what: string, matches: (update: Update) => boolean): Promise<Update> {
    let check = () => {};
    const found = new Promise<Update>((resolve) => {
      check = () => {
        const update = this.heard.find(matches);
        if (update !== undefined) resolve(update);
      };
      this.#waiting.push(check);
      check();
    });
    return within(what, found).finally(() => {
      this.#waiting = this.#waiting.filter((one) => one !== check);
    });
  }

  /** The row of a list, in a message of a topic. */
  async row(topic: string, what: string, matches: (row: Row) => boolean): Promise<Row> {
    const isIt = (update: Update) => update.topic === topic && rowsOf(update).some(matches);
    const update = await this.waitFor(`${topic}: ${what}`, isIt);
    return rowsOf(update).find(matches) as Row;
  }
}

const rowsOf = ({ data }: Update): readonly Row[] => (Array.isArray(data) ? (data as Row[]) : [data as Row]);

async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`did not come: ${what}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

type Answer<T> = Promise<{ retCode: number; retMsg: string; result: T }>;

/** The result of a call that must have succeeded. */
export async function done<T>(call: Answer<T>): Promise<T> {
  const { retCode, retMsg, result } = await call;
  assert.equal(retCode, 0, `${retCode} ${retMsg}`);
  return result;
}

/** The result of a batch of which every order must have succeeded. */
export async function allDone<T>(call: Promise<{ retCode: number; retMsg: string; result: T; retExtInfo?: unknown }>) {
  const { retCode, retMsg, result, retExtInfo } = await call;
  assert.equal(retCode, 0, `${retCode} ${retMsg}`);
  const { list } = retExtInfo as { list: { code: number; msg: string }[] };
  for (const { code, msg } of list) assert.equal(code, 0, `${code} ${msg}`);
  return result;
}

/** The clients of the accounts, and what the steps share. */
export class Walk {
  readonly taker: RestClientV5;
  readonly maker: RestClientV5;
  readonly other: RestClientV5;
  readonly trade: WebsocketAPIClient;
  /** What a client complained about: nothing, in the end. */
  readonly problems: unknown[] = [];
  readonly known = new Map<string, string>();
  readonly #at: Loopback;
  readonly #listeners = new Map<string, Listener>();
  #links = 0;

  constructor(at: Loopback) {
    this.#at = at;
    [this.taker, this.maker, this.other] = [this.rest(TAKER), this.rest(MAKER), this.rest(OTHER)];
    this.trade = new WebsocketAPIClient(
      { wsUrl: `${at.ws}/v5/trade`, key: TAKER.apiKey, secret: TAKER.apiSecret, attachEventListeners: false },
      quiet,
    );
    this.trade.getWSClient().on('exception', (problem: unknown) => this.problems.push(problem));
  }

  rest({ apiKey: key, apiSecret: secret }: Pick<Account, 'apiKey' | 'apiSecret'>): RestClientV5 {
    return new RestClientV5({ baseUrl: this.#at.rest, key, secret, parseAPIRateLimits: true });
  }

  /** The taker's private socket, or a public one: one of each. */
  listener(path: string): Listener {
    const known = this.#listeners.get(path);
    if (known !== undefined) return known;
    const listener = new Listener(`${this.#at.ws}${path}`, path === '/v5/private' ? TAKER : null, this.problems);
    this.#listeners.set(path, listener);
    return listener;
  }

  /** A client's own id that nobody used yet. */
  link(): string {
    this.#links += 1;
    return `walk-${this.#links}`;
  }

  close(): void {
    for (const { client } of this.#listeners.values()) client.closeAll(true);
    this.trade.getWSClient().closeAll(true);
  }
}
