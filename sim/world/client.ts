import type { ProcessNetwork } from '../lib/sim-network.ts';
import type { SimProcess } from '../lib/process.ts';
import { emailOf, passwordOf } from './gateway-life.ts';
import { GATEWAY, type Person } from './settings.ts';

export type Answer = Readonly<{
  status: number;
  /** `data` of a success; amounts are decimal strings. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are read freely, as any client of the API would
  data: any;
  code: string | null;
}>;

const TIMEOUT_MS = 10_000;

/** A program of one user: signs in again whenever its token is not taken any more. Null: no answer came. */
export class ApiClient {
  readonly person: Person;
  readonly #process: SimProcess;
  readonly #network: ProcessNetwork;
  #token: string | null = null;

  constructor(person: Person, process: SimProcess, network: ProcessNetwork) {
    this.person = person;
    this.#process = process;
    this.#network = network;
  }

  get process(): SimProcess {
    return this.#process;
  }

  async call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer | null> {
    if (this.#token === null && !(await this.#signIn())) return null;
    const answer = await this.#send(method, path, body);
    if (answer?.status !== 401) return answer;
    this.#token = null;
    return (await this.#signIn()) ? this.#send(method, path, body) : null;
  }

  async #signIn(): Promise<boolean> {
    const { name } = this.person;
    const answer = await this.#send('POST', '/api/auth/login', { email: emailOf(name), password: passwordOf(name) });
    if (answer?.status !== 200) return false;
    this.#token = answer.data.access_token;
    return true;
  }

  async #send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer | null> {
    const request = {
      method,
      url: `http://${GATEWAY.host}:${GATEWAY.port}${path}`,
      headers: {
        'x-okd-decimals': 'string',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      timeoutMs: TIMEOUT_MS,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    } as const;
    try {
      const { status, body: text } = await this.#network.http.request(request);
      const parsed = JSON.parse(text);
      return { status, data: parsed.data ?? null, code: parsed.error?.code ?? null };
    } catch {
      return null; // reset, refused or timed out: nobody knows what became of it
    }
  }
}
