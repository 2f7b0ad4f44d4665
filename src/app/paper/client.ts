import type { FaultInput, ListedFault, TraceEntry } from '../../adapters/bybit-server/index.ts';

type Row = Readonly<Record<string, unknown>>;
export type Problem = Readonly<{ path: string; message: string }>;

/** What could not be done: the exchange's own code and text. `UNREACHABLE`: nothing answered. */
export class PaperControlError extends Error {
  override readonly name = 'PaperControlError';
  readonly code: string;
  readonly problems: readonly Problem[];
  constructor(code: string, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}

/** What is true of one account; amounts are plain decimal strings. */
export type AccountTruthJson = Readonly<{
  uid: string;
  synthetic: boolean;
  coins: Readonly<Record<string, Readonly<Record<'wallet' | 'locked' | 'realised' | 'spotBorrow', string>>>>;
  fund: Readonly<Record<string, string>>;
  positions: Readonly<Record<string, Row>>;
  settings: Row;
  orders: readonly Row[];
  executions: readonly Row[];
}>;
export type GroundTruthJson = Readonly<{
  accounts: readonly AccountTruthJson[];
  fees: Readonly<Record<string, string>>;
  deposits: Readonly<Record<string, string>>;
  insurance: Readonly<Record<string, string>>;
}>;

type Decimal = string;

/**
 * The control interface (`/paper/*`) of a running exchange, for tests and tools on the same machine. Every method
 * rejects with a PaperControlError where the exchange refuses.
 */
export class PaperClient {
  readonly #url: string;

  /** `url`: of the exchange's REST, like `http://127.0.0.1:7001`. */
  constructor(url: string) {
    this.#url = url.replace(/\/+$/, '');
  }

  groundTruth(): Promise<GroundTruthJson> {
    return this.#get('ground-truth');
  }

  async leaks(): Promise<readonly Row[]> {
    return (await this.#get<{ leaks: readonly Row[] }>('leaks')).leaks;
  }

  async replays(): Promise<readonly Readonly<{ instrument: string; name: string; status: Row }>[]> {
    return (await this.#get<{ replays: readonly { instrument: string; name: string; status: Row }[] }>('replays'))
      .replays;
  }

  /** Adds rules, all or none; resolves with their ids. */
  async addFaults(...rules: readonly FaultInput[]): Promise<readonly string[]> {
    return (await this.#post<{ ids: readonly string[] }>('faults', { rules })).ids;
  }

  async faults(): Promise<readonly ListedFault[]> {
    return (await this.#get<{ faults: readonly ListedFault[] }>('faults')).faults;
  }

  async removeFault(id: string): Promise<void> {
    await this.#ask('DELETE', `faults/${encodeURIComponent(id)}`);
  }

  /** How many there were. */
  async clearFaults(): Promise<number> {
    return (await this.#ask<{ removed: number }>('DELETE', 'faults')).removed;
  }

  /** What was injected after entry `after`, oldest first; `next` is where to go on. */
  trace(after = 0, limit = 1000): Promise<Readonly<{ entries: readonly TraceEntry[]; next: number }>> {
    return this.#get(`trace?after=${after}&limit=${limit}`);
  }

  /** The exchange's time. */
  async now(): Promise<number> {
    return (await this.#get<{ now: number }>('clock')).now;
  }

  /** Moves a stepped clock; resolves with the time then. */
  async advance(ms: number): Promise<number> {
    return (await this.#post<{ now: number }>('clock', { advance_ms: ms })).now;
  }

  async moveTo(ms: number): Promise<number> {
    return (await this.#post<{ now: number }>('clock', { to_ms: ms })).now;
  }

  /** Somebody takes what is in the book; resolves with the quantity that traded. */
  async trade(
    order: Readonly<{ instrument: string; side: 'buy' | 'sell'; qty: Decimal; price?: Decimal }>,
  ): Promise<Decimal> {
    return (await this.#post<{ traded: Decimal }>('trade', order)).traded;
  }

  /** Somebody fills a working order at its own price; all of it without `qty`. */
  fill(order: Readonly<{ uid: string; orderId: string; qty?: Decimal }>): Promise<void> {
    return this.#post('fill', order);
  }

  setReference(instrument: string, price: Decimal): Promise<void> {
    return this.#post('reference', { instrument, price });
  }

  /** Lets the index of a symbol that agents quote go along a path, in straight lines between points. */
  pricePath(instrument: string, points: readonly Readonly<{ at_ms: number; price: Decimal }>[]): Promise<void> {
    return this.#post('price-path', { instrument, points });
  }

  setQuoting(instrument: string, quoting: boolean): Promise<void> {
    return this.#post('quoting', { instrument, quoting });
  }

  /** Of one instrument, or of all. */
  halt(instrument: string | null = null): Promise<void> {
    return this.#post('halt', { instrument });
  }

  resume(instrument: string | null = null): Promise<void> {
    return this.#post('resume', { instrument });
  }

  /** Below zero takes out. */
  deposit(uid: string, asset: string, amount: Decimal): Promise<void> {
    return this.#post('deposit', { uid, asset, amount });
  }

  /** What a key may do from now on; null deletes it. */
  setKey(apiKey: string, change: KeyChange | null): Promise<void> {
    return this.#post('key', { apiKey, change });
  }

  /**
   * Opens an account, with the fields of the configuration's `accounts`; of one that is there it adds a key. What of the
   * key is not given is made.
   */
  openAccount(account: Row): Promise<Readonly<{ uid: string; apiKey: string; apiSecret: string }>> {
    return this.#post('accounts', account);
  }

  /** With the fields of the configuration's `instruments`; resolves with its id. */
  async addInstrument(terms: Row): Promise<string> {
    return (await this.#post<{ instrument: string }>('instruments', { add: terms })).instrument;
  }

  changeInstrument(instrument: string, terms: Row): Promise<void> {
    return this.#post('instruments', { change: instrument, terms });
  }

  delistInstrument(instrument: string): Promise<void> {
    return this.#post('instruments', { delist: instrument });
  }

  /** The whole exchange as a JSON document. */
  async snapshot(): Promise<Row> {
    return (await this.#post<{ snapshot: Row }>('snapshot', {})).snapshot;
  }

  /** Puts a saved exchange in the place of what there is. */
  restore(snapshot: Row): Promise<void> {
    return this.#post('restore', { snapshot });
  }

  /** Equal hashes mean equal exchanges. */
  async hash(): Promise<string> {
    return (await this.#get<{ hash: string }>('hash')).hash;
  }

  /** Opening balances, empty books, no history. */
  reset(): Promise<void> {
    return this.#post('reset', {});
  }

  #get<T>(name: string): Promise<T> {
    return this.#ask<T>('GET', name);
  }

  #post<T>(name: string, body: object): Promise<T> {
    return this.#ask<T>('POST', name, body);
  }

  async #ask<T>(method: string, name: string, body?: object): Promise<T> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    let response: Response;
    try {
      response = await fetch(`${this.#url}/paper/${name}`, init);
    } catch (error) {
      throw new PaperControlError('UNREACHABLE', `nothing answers at ${this.#url} (${reasonOf(error)})`);
    }
    if (response.ok) return (await response.json()) as T;
    throw await refusal(response, this.#url);
  }
}

export type KeyChange = Readonly<{
  apiSecret?: string;
  readOnly?: boolean;
  permissions?: Readonly<Record<string, readonly string[]>>;
  ips?: readonly string[];
  expiresAt?: number | null;
}>;

async function refusal(response: Response, url: string): Promise<PaperControlError> {
  if (response.status === 404) {
    return new PaperControlError(
      'CONTROL_OFF',
      `${url} has no control interface: set "control": true in its configuration`,
    );
  }
  const { error, code, problems } = (await response.json()) as { error: string; code: string; problems?: Problem[] };
  return new PaperControlError(code, error, problems);
}

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
};
