import { type ApiError, refusal } from '../../../contract/errors.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../../contract/exact-json.ts';
import { printJson } from '../../../contract/print-json.ts';
import { jsonRefusal } from '../../../contract/problems.ts';
import { type PrivateChannel, WS_CLOSE } from '../../../contract/ws.ts';
import type { Timer } from '../../../ports/clock.ts';
import type { ServerSocketRequest, Socket, SocketHandlers } from '../../../ports/network.ts';
import { errorBody } from '../answer.ts';
import { type Principal, principalOfSession } from '../authenticate.ts';
import { Buckets } from '../buckets.ts';
import { type Api, newRequestId, unexpected } from '../dispatch.ts';
import { MAX_BODY_BYTES } from '../settings.ts';
import type { MarketFeeds, MarketName } from './market-feeds.ts';
import { Outbox } from './outbox.ts';
import type { PrivateFeeds } from './private-feeds.ts';
import type { Push, Subscriber } from './push.ts';

/** What clients share. */
export type Shared = Readonly<{
  api: Api;
  privateFeeds: PrivateFeeds;
  marketFeeds: MarketFeeds;
  /** False when the account has as many sockets as it may; called again for the same client it only moves it. */
  enter(client: Client, principal: Principal): boolean;
  leave(client: Client): void;
  /** Carries out one message of a client. */
  perform(client: Client, message: JsonObject): void;
}>;

/** A peer that does not finish the closing handshake is dropped after this. */
const CLOSE_GRACE_MS = 2000;
/** Messages refused in a row for their rate before the socket is closed. */
const PATIENCE = 1000;

/** One open socket: who it speaks for, what it subscribed, what is on its way to it. */
export class Client implements SocketHandlers, Subscriber {
  readonly shared: Shared;
  readonly request: ServerSocketRequest;
  readonly outbox: Outbox;
  readonly privateChannels = new Set<PrivateChannel>();
  readonly marketChannels = new Map<string, MarketName>();
  principal: Principal | null = null;
  unanswered = 0;
  readonly #socket: Socket;
  readonly #budget: Buckets;
  readonly #timers = new Map<'auth' | 'expiry' | 'close', Timer>();
  #refused = 0;
  #done = false;

  constructor(shared: Shared, request: ServerSocketRequest, socket: Socket) {
    const { clock, settings } = shared.api.deps;
    this.shared = shared;
    this.request = request;
    this.#socket = socket;
    this.#budget = new Buckets(clock);
    this.outbox = new Outbox(socket, clock, settings.sockets, () => this.#tooSlow());
    if (request.headers['x-okd-decimals']?.toLowerCase() === 'string') this.outbox.decimals = 'string';
    this.#timer('auth', settings.sockets.authDeadlineMs, () =>
      this.shut(WS_CLOSE.unauthenticated, refusal('AUTH_TIMEOUT')),
    );
  }

  get isDone(): boolean {
    return this.#done;
  }

  opened(): void {}

  message(text: string): void {
    if (this.#done) return;
    if (Buffer.byteLength(text) > MAX_BODY_BYTES) return this.shut(WS_CLOSE.policy, refusal('BODY_TOO_LARGE'));
    const parsed = parseJson(text);
    const message = parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
    if (this.#overBudget(message)) return;
    if (!parsed.ok) return this.fail(null, null, jsonRefusal(parsed.error));
    if (message === null)
      return this.fail(null, null, refusal('VALIDATION_FAILED', { message: 'A message is a JSON object with op.' }));
    this.#perform(message);
  }

  closed(): void {
    this.#end();
  }

  /** A failure that nobody expected is answered like one of HTTP, and does not end the process through the socket. */
  #perform(message: JsonObject): void {
    try {
      this.shared.perform(this, message);
    } catch (error) {
      const requestId = newRequestId(this.shared.api.deps);
      this.fail(null, null, unexpected(this.shared.api.deps, error, requestId), requestId);
    }
  }

  deliver(push: Push): void {
    const text = push.text(this.outbox.decimals);
    if (push.isSnapshot) this.outbox.sendSnapshot(text);
    else this.outbox.send(text);
  }

  deliverLatest(push: Push): void {
    this.outbox.sendLatest(push);
  }

  /** Speaks for this principal until its token expires. */
  admit(principal: Principal): void {
    this.principal = principal;
    this.#timers.get('auth')?.cancel();
    const leftMs = principal.expiresAtS * 1000 - this.shared.api.deps.clock.now();
    this.#timer('expiry', leftMs, () => this.shut(WS_CLOSE.unauthenticated, refusal('TOKEN_EXPIRED')));
  }

  /** Looks again at who this is: signed out, disabled or without a role on the account, the socket ends at once. */
  recheck(): void {
    const before = this.principal;
    if (before === null || this.#done) return;
    const { deps } = this.shared.api;
    const session = deps.users.session(before.session);
    const now = session === null ? null : principalOfSession(deps, session, before.account, before.expiresAtS);
    if (now?.ok === true) this.principal = now.value;
    else this.shut(WS_CLOSE.unauthenticated, now === null ? refusal('SESSION_REVOKED') : now.error);
  }

  succeed(op: string, id: string | null, value: unknown, status = 200): void {
    this.outbox.send(
      printJson({ op, ...(id === null ? {} : { id }), success: true, status, data: value }, this.outbox.decimals),
    );
  }

  fail(op: string | null, id: string | null, error: ApiError, requestId = newRequestId(this.shared.api.deps)): void {
    const head = printJson({ op, ...(id === null ? {} : { id }), success: false }, 'number').slice(0, -1);
    this.outbox.send(`${head},"error":${errorBody(error, this.outbox.decimals, requestId)}}`);
  }

  /** Says why, and closes. */
  shut(code: number, error: ApiError, op: string | null = null, id: string | null = null): void {
    if (this.#done) return;
    this.fail(op, id, error);
    this.#close(code, error.code);
  }

  #tooSlow(): void {
    if (this.#done) return;
    this.shared.api.deps.log.warn('a socket did not read and was closed', { remote: this.request.remoteAddress });
    this.#close(WS_CLOSE.slow, 'SLOW_CONSUMER: connect again and subscribe with since');
  }

  #close(code: number, reason: string): void {
    this.#end();
    this.#socket.close(code, reason);
    this.#timer('close', CLOSE_GRACE_MS, () => this.#socket.terminate());
  }

  #end(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    if (this.#done) return;
    this.#done = true;
    this.outbox.close();
    this.shared.leave(this);
    const account = this.principal?.account ?? null;
    if (account !== null)
      for (const channel of this.privateChannels) this.shared.privateFeeds.unsubscribe(account, channel, this);
    for (const channel of this.marketChannels.values()) this.shared.marketFeeds.unsubscribe(channel, this);
  }

  /** Cancels are counted against their own budget only, further down. */
  #overBudget(message: JsonObject | null): boolean {
    if (message?.['op'] === 'order.cancel') return false;
    const wait = this.#budget.take('messages', this.shared.api.deps.settings.sockets.messages);
    if (wait === 0) {
      this.#refused = 0;
      return false;
    }
    this.#refused += 1;
    const error = refusal('RATE_LIMITED', { details: { retry_after_ms: wait } });
    if (this.#refused > PATIENCE) this.shut(WS_CLOSE.limited, error);
    else this.fail(null, null, error);
    return true;
  }

  #timer(name: 'auth' | 'expiry' | 'close', delayMs: number, run: () => void): void {
    this.#timers.get(name)?.cancel();
    this.#timers.set(name, this.shared.api.deps.clock.after(delayMs, run));
  }
}
