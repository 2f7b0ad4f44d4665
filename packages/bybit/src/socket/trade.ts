import type { BybitError } from '../errors.ts';
import { venueError } from '../errors.ts';
import type { Observe } from '../events.ts';
import type { Limiter, Permit } from '../limiter.ts';
import { learnRate } from '../limiter/learn.ts';
import { quotaOfAnswer } from '../limiter/quota.ts';
import type { OrderAck, WriteOutcome } from '../outcome.ts';
import { judgeFailure } from '../outcome.ts';
import type { Timer, Transport } from '../ports.ts';
import type { Endpoint } from '../rest/endpoint.ts';
import { budgetOf } from '../rest/endpoint.ts';
import { AMEND, CANCEL, CREATE, createProblem, orderJudge } from '../rest/order.ts';
import type { AmendOrder, CancelOrder, CreateOrder } from '../rest/order-params.ts';
import type { WriteJudge, WriteOptions } from '../rest.ts';
import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';
import type { ServerClock } from '../server-clock.ts';
import type { Credentials } from '../sign.ts';
import { orderIds } from '../wire/order.ts';
import type { Infer } from '../wire/schema.ts';
import { parse } from '../wire/schema.ts';
import { tradeAnswer } from '../wire/stream.ts';
import type { Json } from './control.ts';
import type { DialBudget } from './dial-budget.ts';
import { readPush } from './feed.ts';
import type { LinkHealth, LinkTiming, LinkUser } from './link.ts';
import { Link } from './link.ts';
import { loginFrame } from './login.ts';

export type TradeSocketConfig = Readonly<{
  url: string;
  transport: Transport;
  credentials: Credentials;
  account: string;
  limiter: Limiter;
  serverClock: ServerClock;
  dials: DialBudget;
  timing: LinkTiming;
  observe: Observe;
  /** Told when the owner closes it. */
  closed: () => void;
  recvWindowMs: number;
  /** From sending a command to its answer. */
  answerMs: number;
  /** `Referer` of brokers. */
  header: Readonly<Record<string, string>>;
}>;

type Op = 'order.create' | 'order.amend' | 'order.cancel';
type Ids = Infer<typeof orderIds>;
type Reply = Readonly<{ retCode: number; retMsg: string; json: Json }>;
type Command = Readonly<{
  op: Op;
  endpoint: Endpoint<Ids>;
  params: CreateOrder | AmendOrder | CancelOrder;
  judge: WriteJudge<Ids, OrderAck>;
}>;
type Pending = Readonly<{
  command: Command;
  permit: Permit;
  timer: Timer;
  settle: (reply: Result<Reply, BybitError>) => void;
}>;

/** The venue restarts this connection: what is in flight may finish, nothing new is taken. */
const RESTARTING = 10019;
const DRAIN_MS = 3_000;
/** Commands whose deadline passed and whose answer may still come. */
const MAX_LATE = 1_000;

const LINK_DOWN: BybitError = { type: 'held', reason: 'link_down', retryAt: null };

/**
 * Order entry over a socket: the same commands and outcomes as over REST, without a signature per message. A command
 * belongs to the connection on which it was sent. If that ends first, its outcome is unknown: it is not sent again.
 */
export class TradeSocket {
  readonly #config: TradeSocketConfig;
  readonly #link: Link;
  readonly #pending = new Map<string, Pending>();
  readonly #late = new Map<string, Command>();
  readonly #prefix: string;
  #lastId = 0;
  #draining: Timer | null = null;

  constructor(config: TradeSocketConfig) {
    this.#config = config;
    const { url, transport, dials, timing, observe } = config;
    this.#prefix = transport.rng.uint32().toString(36);
    this.#link = new Link({ name: 'trade', url: `${url}/v5/trade`, transport, dials, timing, observe }, this.#user());
    this.#link.start();
  }

  /** Logged in: commands can be sent. Otherwise they are refused at once, unsent. */
  get isReady(): boolean {
    return this.#link.isReady && this.#draining === null;
  }

  health(): LinkHealth {
    return this.#link.health();
  }

  async create(params: CreateOrder, options?: WriteOptions): Promise<WriteOutcome<OrderAck>> {
    const problem = createProblem(params);
    if (problem !== null) return judgeFailure(problem);
    return this.#write({ op: 'order.create', endpoint: CREATE, params, judge: orderJudge('create', params) }, options);
  }

  amend(params: AmendOrder, options?: WriteOptions): Promise<WriteOutcome<OrderAck>> {
    return this.#write({ op: 'order.amend', endpoint: AMEND, params, judge: orderJudge('amend', params) }, options);
  }

  cancel(params: CancelOrder, options?: WriteOptions): Promise<WriteOutcome<OrderAck>> {
    return this.#write({ op: 'order.cancel', endpoint: CANCEL, params, judge: orderJudge('cancel', params) }, options);
  }

  /** What is in flight becomes unknown. */
  close(): Promise<void> {
    this.#config.closed();
    return this.#link.close();
  }

  /** As over REST: once, and a second time only after a proven refusal for the timestamp, within the time to live. */
  async #write(command: Command, options: WriteOptions = {}): Promise<WriteOutcome<OrderAck>> {
    const { clock } = this.#config.transport;
    const expiresAt = options.ttlMs === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() + options.ttlMs;
    const epoch = this.#link.epoch;
    const first = await this.#exchange(command, epoch, expiresAt, options);
    const mayRepeat = options.ttlMs !== undefined && first.ok && first.value.retCode === 10002;
    if (!mayRepeat) return this.#judge(command, first);
    const synced = await this.#config.serverClock.sync();
    if (!synced.ok || clock.monotonic() >= expiresAt) return this.#judge(command, first);
    const second = await this.#exchange(command, epoch, expiresAt, options);
    return this.#judge(command, !second.ok && second.error.type === 'held' ? first : second);
  }

  async #exchange(
    command: Command,
    epoch: number,
    expiresAt: number,
    options: WriteOptions,
  ): Promise<Result<Reply, BybitError>> {
    const { limiter, account } = this.#config;
    if (!this.isReady) return err(LINK_DOWN);
    const bucket = budgetOf(command.endpoint, account, command.params.category);
    const lane = options.lane ?? command.endpoint.lane;
    const permit = await limiter.acquire({ lane, bucket, overHttp: false, expiresAt });
    if (!permit.ok) return permit;
    // While it waited for its turn the connection may have been replaced: no command crosses over.
    if (!this.isReady || this.#link.epoch !== epoch) return err(LINK_DOWN);
    return new Promise((settle) => this.#send(command, permit.value, options.timeoutMs, settle));
  }

  #send(
    command: Command,
    permit: Permit,
    timeoutMs: number | undefined,
    settle: (reply: Result<Reply, BybitError>) => void,
  ): void {
    const { serverClock, recvWindowMs, header, transport, answerMs } = this.#config;
    const reqId = `${this.#prefix}-${++this.#lastId}`;
    const frame = JSON.stringify({
      reqId,
      header: {
        ...header,
        'X-BAPI-TIMESTAMP': String(serverClock.stamp()),
        'X-BAPI-RECV-WINDOW': String(recvWindowMs),
      },
      op: command.op,
      args: [command.params],
    });
    if (!this.#link.send(frame)) {
      settle(err(LINK_DOWN));
      return;
    }
    const timer = transport.clock.after(timeoutMs ?? answerMs, () => this.#timedOut(reqId));
    this.#pending.set(reqId, { command, permit, timer, settle });
  }

  #judge(command: Command, reply: Result<Reply, BybitError>): WriteOutcome<OrderAck> {
    if (!reply.ok) return judgeFailure(reply.error);
    const { retCode, retMsg, json } = reply.value;
    if (retCode !== 0) return command.judge.code(retCode, venueError(retCode, retMsg));
    const ids = parse(orderIds, json['data']);
    if (!ids.ok) return judgeFailure({ type: 'unreadable', message: ids.error });
    return command.judge.ack(ids.value.value);
  }

  #user(): LinkUser {
    return {
      login: () => loginFrame(this.#config.credentials, this.#config.serverClock, 'reqId'),
      loginRefused: () => void this.#config.serverClock.sync(),
      ready: () => undefined,
      text: () => false,
      push: (topic, json) => this.#unknown(`push of ${topic}`, json),
      control: (control, json) => {
        if (control.type === 'answer') this.#answered(json);
        else this.#unknown('not a known message', json);
      },
      down: () => this.#down(),
    };
  }

  #answered(json: Json): void {
    const answer = readPush(tradeAnswer, json, 'trade', this.#config.observe);
    if (answer === null) return;
    const { reqId, retCode } = answer;
    if (retCode === RESTARTING) this.#drain();
    const pending = reqId === null ? undefined : this.#pending.get(reqId);
    if (reqId === null || pending === undefined) {
      this.#answeredLate(reqId, retCode, json);
      return;
    }
    this.#pending.delete(reqId);
    pending.timer.cancel();
    learnRate(this.#config, pending.permit, retCode, quotaOfAnswer(json['header']));
    pending.settle(ok({ retCode, retMsg: answer.retMsg ?? '', json }));
    if (this.#draining !== null && this.#pending.size === 0) this.#link.drop('the venue restarts the connection');
  }

  /** The caller was told `unknown`; what the venue says now is for whoever resolves it. */
  #answeredLate(reqId: string | null, retCode: number, json: Json): void {
    const command = reqId === null ? undefined : this.#late.get(reqId);
    if (reqId === null || command === undefined) {
      this.#unknown('answer to nothing that was asked', json);
      return;
    }
    this.#late.delete(reqId);
    const orderLinkId = command.params.orderLinkId ?? null;
    this.#config.observe({ type: 'late_answer', link: 'trade', op: command.op, reqId, retCode, orderLinkId });
  }

  #timedOut(reqId: string): void {
    const pending = this.#pending.get(reqId);
    if (pending === undefined) return;
    this.#pending.delete(reqId);
    this.#late.set(reqId, pending.command);
    const oldest = this.#late.keys().next();
    if (this.#late.size > MAX_LATE && !oldest.done) this.#late.delete(oldest.value);
    pending.settle(err({ type: 'unanswered', reason: 'deadline' }));
  }

  /** No new commands; a new connection once what is in flight is answered, or after a while. */
  #drain(): void {
    this.#draining ??= this.#config.transport.clock.after(DRAIN_MS, () => {
      this.#link.drop('the venue restarts the connection');
    });
  }

  #down(): void {
    this.#draining?.cancel();
    this.#draining = null;
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    this.#late.clear();
    for (const { timer, settle } of lost) {
      timer.cancel();
      settle(err({ type: 'unanswered', reason: 'link_lost' }));
    }
  }

  #unknown(reason: string, json: Json): void {
    this.#config.observe({ type: 'unreadable', where: 'trade', reason, text: JSON.stringify(json).slice(0, 2_000) });
  }
}
