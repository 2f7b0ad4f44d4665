import type { Observe } from '../events.ts';
import type { Socket, Timer, Transport } from '../ports.ts';
import type { Control, Json } from './control.ts';
import { readControl } from './control.ts';
import type { DialBudget } from './dial-budget.ts';
import { backoffMs } from './dial-budget.ts';
import { Heartbeat } from './heartbeat.ts';
import type { LinkState } from './link-state.ts';

export type LinkTiming = Readonly<{
  pingMs: number;
  pongMs: number;
  /** From the dial to the open connection. */
  dialMs: number;
  /** From the login to its answer. */
  loginMs: number;
  /** Longest pause between two dials. */
  backoffCapMs: number;
  /** A link that was ready for so long is stable: the next reconnect starts without a pause. */
  stableMs: number;
}>;

export const DEFAULT_TIMING: LinkTiming = {
  pingMs: 20_000,
  pongMs: 10_000,
  dialMs: 10_000,
  loginMs: 10_000,
  backoffCapMs: 30_000,
  stableMs: 10_000,
};

/** Who uses the link. Every call belongs to the epoch that `ready` named last. */
export interface LinkUser {
  /** The text of the login frame, or null where none is needed. Called once per connection. */
  login(): string | null;
  ready(epoch: number): void;
  /** The venue did not accept the login; it is tried again, once soon and then slowly. */
  loginRefused(): void;
  /** A message before it is parsed; true if that was all. */
  text(message: string): boolean;
  /** A push (`topic` is set). */
  push(topic: string, json: Json): void;
  control(control: Control, json: Json): void;
  /** The connection of this epoch is gone; nothing of it will come any more. */
  down(epoch: number, reason: string): void;
}

export type LinkConfig = Readonly<{
  name: string;
  url: string;
  transport: Transport;
  dials: DialBudget;
  timing: LinkTiming;
  observe: Observe;
}>;

export type LinkHealth = Readonly<{
  state: LinkState;
  /** Counts connections; commands and answers never cross from one to the next. */
  epoch: number;
  /** Since the last message, ms; null if there was none on this connection. */
  silentMs: number | null;
  failures: number;
}>;

const PING = '{"op":"ping"}';
const NORMAL_CLOSURE = 1_000;
const CLOSE_MS = 1_000;
/** So many failures that the backoff has reached its cap. */
const SLOW_FAILURES = 20;
const AFTER_FIRST_REFUSAL_MS = 1_000;

/** One connection that is kept up: dials, logs in, beats, reconnects. What it carries is its user's business. */
export class Link {
  readonly #config: LinkConfig;
  readonly #user: LinkUser;
  readonly #heartbeat: Heartbeat;
  #state: LinkState = 'idle';
  #epoch = 0;
  #socket: Socket | null = null;
  #timer: Timer | null = null;
  #failures = 0;
  #refusals = 0;
  #readyAt: number | null = null;
  #lastMessageAt: number | null = null;
  #closing: (() => void) | null = null;

  constructor(config: LinkConfig, user: LinkUser) {
    this.#config = config;
    this.#user = user;
    this.#heartbeat = new Heartbeat(
      config.transport.clock,
      config.timing,
      () => this.send(PING),
      () => this.drop('no pong'),
    );
  }

  get epoch(): number {
    return this.#epoch;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Commands may be sent. */
  get isReady(): boolean {
    return this.#state === 'ready' || this.#state === 'subscribed';
  }

  health(): LinkHealth {
    const now = this.#config.transport.clock.monotonic();
    return {
      state: this.#state,
      epoch: this.#epoch,
      silentMs: this.#lastMessageAt === null ? null : now - this.#lastMessageAt,
      failures: this.#failures,
    };
  }

  start(): void {
    if (this.#state === 'idle') this.#dial();
  }

  /** False if the message did not leave: there is no open connection. */
  send(message: string): boolean {
    return this.#socket?.send(message) ?? false;
  }

  /** The user has all its topics: only a change of the displayed state. */
  subscribed(all: boolean): void {
    if (this.isReady) this.#become(all ? 'subscribed' : 'ready', null);
  }

  /** Gives this connection up at once and makes a new one. */
  drop(reason: string): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#lost(reason);
    // Only now: its `closed` may come during the call, and must find the connection already given up.
    socket.terminate();
  }

  /** Ends the link for good. Resolves when the connection is closed, after a second at the latest. */
  close(reason = 'closed by the client'): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve();
    const socket = this.#socket;
    const epoch = this.#epoch;
    this.#stopTimers();
    this.#become('closed', reason);
    if (socket === null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#closing = resolve;
      this.#timer = this.#config.transport.clock.after(CLOSE_MS, () => {
        socket.terminate();
        resolve();
      });
      socket.close(NORMAL_CLOSURE, '');
      this.#user.down(epoch, reason);
    });
  }

  #dial(): void {
    const { transport, dials, url, timing } = this.#config;
    const waitMs = dials.waitMs(transport.clock.monotonic());
    if (waitMs > 0) {
      this.#become('waiting', 'too many connections in five minutes');
      this.#timer = transport.clock.after(waitMs, () => this.#dial());
      return;
    }
    dials.record(transport.clock.monotonic());
    const epoch = ++this.#epoch;
    this.#become('dialing', null);
    this.#timer = transport.clock.after(timing.dialMs, () => this.drop('not connected in time'));
    const socket = transport.sockets.dial(url, {
      opened: () => this.#opened(epoch),
      message: (message) => this.#message(epoch, message),
      closed: (code, reason) => this.#closed(epoch, `closed ${code}${reason === '' ? '' : `: ${reason}`}`),
    });
    // A dialer may report a refusal before it returns.
    if (this.#isCurrent(epoch)) this.#socket = socket;
  }

  /** Handlers of a connection that was given up find another epoch, or none. */
  #isCurrent(epoch: number): boolean {
    return epoch === this.#epoch && this.#state !== 'closed' && this.#state !== 'waiting';
  }

  #opened(epoch: number): void {
    if (!this.#isCurrent(epoch)) return;
    this.#timer?.cancel();
    this.#heartbeat.start();
    const frame = this.#user.login();
    if (frame === null) {
      this.#ready();
      return;
    }
    this.#become('logging_in', null);
    this.#timer = this.#config.transport.clock.after(this.#config.timing.loginMs, () =>
      this.drop('login not answered in time'),
    );
    this.send(frame);
  }

  #ready(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#readyAt = this.#config.transport.clock.monotonic();
    this.#refusals = 0;
    this.#become('ready', null);
    this.#user.ready(this.#epoch);
  }

  #message(epoch: number, message: string): void {
    if (!this.#isCurrent(epoch)) return;
    this.#lastMessageAt = this.#config.transport.clock.monotonic();
    if (this.#user.text(message)) return;
    const json = parseObject(message);
    if (json === null) {
      const { name, observe } = this.#config;
      observe({ type: 'unreadable', where: name, reason: 'not a JSON object', text: message.slice(0, 2_000) });
      return;
    }
    const topic = json['topic'];
    if (typeof topic === 'string') this.#user.push(topic, json);
    else this.#control(json);
  }

  #control(json: Json): void {
    const control = readControl(json);
    if (control.type === 'pong') this.#heartbeat.pong();
    else if (control.type === 'login') this.#login(control);
    else this.#user.control(control, json);
  }

  #login(control: Extract<Control, { type: 'login' }>): void {
    if (this.#state !== 'logging_in') return;
    if (control.accepted) {
      this.#ready();
      return;
    }
    const { name, observe } = this.#config;
    observe({ type: 'login_refused', link: name, code: control.code, message: control.message });
    this.#user.loginRefused();
    this.#refusals++;
    this.drop(`login refused: ${control.message}`);
  }

  #closed(epoch: number, reason: string): void {
    if (this.#state === 'closed' && epoch === this.#epoch) {
      this.#timer?.cancel();
      this.#socket = null;
      this.#closing?.();
      return;
    }
    if (this.#isCurrent(epoch)) this.#lost(reason);
  }

  #lost(reason: string): void {
    const { clock, rng } = this.#config.transport;
    const now = clock.monotonic();
    const wasStable = this.#readyAt !== null && now - this.#readyAt >= this.#config.timing.stableMs;
    this.#stopTimers();
    this.#socket = null;
    this.#readyAt = null;
    this.#lastMessageAt = null;
    if (wasStable) this.#failures = 0;
    const pause =
      this.#refusals > 0 ? this.#afterRefusal() : backoffMs(this.#failures, this.#config.timing.backoffCapMs, 0, rng);
    this.#failures++;
    this.#become('waiting', reason);
    this.#timer = clock.after(pause, () => this.#dial());
    this.#user.down(this.#epoch, reason);
  }

  /** Once soon, because the clock may have been the cause and is being read. Then slowly: a bad key stays bad. */
  #afterRefusal(): number {
    const cap = this.#config.timing.backoffCapMs;
    if (this.#refusals === 1) return Math.min(cap, AFTER_FIRST_REFUSAL_MS);
    return backoffMs(SLOW_FAILURES, cap, cap / 2, this.#config.transport.rng);
  }

  #stopTimers(): void {
    this.#heartbeat.stop();
    this.#timer?.cancel();
    this.#timer = null;
  }

  #become(state: LinkState, reason: string | null): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#config.observe({ type: 'link', link: this.#config.name, state, epoch: this.#epoch, reason });
  }
}

function parseObject(message: string): Json | null {
  try {
    const json: unknown = JSON.parse(message);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Json) : null;
  } catch {
    // The caller reports it: what was not JSON is the message itself.
    return null;
  }
}
