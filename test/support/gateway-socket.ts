import type { Body } from './gateway-client.ts';

type Push = Readonly<{ channel: string; seq: number; type: 'snapshot' | 'delta'; data: readonly Body[] | Body }>;

const ANSWER_WITHIN_MS = 5_000;

/** A client of `/ws` that keeps all it hears, and notices every gap in a channel's sequence. */
export class GatewaySocket {
  readonly pushes: Push[] = [];
  readonly gaps: string[] = [];
  closedWith: number | null = null;
  readonly #socket: WebSocket;
  readonly #answers: Body[] = [];
  readonly #lastSeq = new Map<string, number>();
  readonly #looking = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(String(data)));
    socket.onclose = ({ code }) => {
      this.closedWith = code;
      this.#look();
    };
  }

  static async open(url: string): Promise<GatewaySocket> {
    const socket = new WebSocket(url);
    const opened = new GatewaySocket(socket);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`no socket at ${url}`));
    });
    return opened;
  }

  /** Opens, signs in with decimal strings, subscribes. */
  static async subscribed(url: string, token: string, channels: readonly string[]): Promise<GatewaySocket> {
    const socket = await GatewaySocket.open(url);
    await socket.ask({ op: 'auth', token, decimals: 'string' });
    await socket.ask({ op: 'subscribe', channels });
    return socket;
  }

  #take(message: Body): void {
    if (typeof message.channel === 'string') this.#push(message);
    else this.#answers.push(message);
    this.#look();
  }

  #push(push: Push): void {
    const last = this.#lastSeq.get(push.channel);
    const expected = last === undefined ? push.seq : last + 1;
    if (push.seq !== expected) this.gaps.push(`${push.channel}: ${push.seq} instead of ${expected}`);
    if (last === undefined && push.type !== 'snapshot') this.gaps.push(`${push.channel} began with a ${push.type}`);
    this.#lastSeq.set(push.channel, push.seq);
    this.pushes.push(push);
  }

  #look(): void {
    for (const look of this.#looking) look();
  }

  /** Sends, and resolves with the answer to it. */
  ask(message: Body): Promise<Body> {
    const before = this.#answers.length;
    this.#socket.send(JSON.stringify(message));
    return this.heard(`an answer to ${message.op}`, () =>
      this.#answers.slice(before).find(({ op }) => op === message.op),
    );
  }

  /** Items of a channel in the order in which they came; those of a snapshot included. */
  items(channel: string): readonly Body[] {
    return this.pushes
      .filter((push) => push.channel === channel)
      .flatMap(({ data }) => (Array.isArray(data) ? data : [data]));
  }

  heard<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = (finish: () => void): void => {
        clearTimeout(timer);
        this.#looking.delete(check);
        finish();
      };
      const check = (): void => {
        const found = look();
        if (found !== undefined) done(() => resolve(found));
        else if (this.closedWith !== null) done(() => reject(new Error(`closed (${this.closedWith}) before: ${what}`)));
      };
      const timer = setTimeout(() => done(() => reject(new Error(`not heard: ${what}`))), ANSWER_WITHIN_MS);
      this.#looking.add(check);
      check();
    });
  }

  close(): void {
    this.#socket.close();
  }
}
