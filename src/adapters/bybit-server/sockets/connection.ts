import type { Clock } from '../../../ports/clock.ts';
import type { Credential } from '../../../ports/exchange.ts';
import type { Log } from '../../../ports/log.ts';
import type { ServerSocketRequest, Socket } from '../../../ports/network.ts';
import type { Links } from '../faults/links.ts';
import type { FaultSubject } from '../faults/subject.ts';
import type { Member } from '../streams/audience.ts';

/** A consumer that lets this much pile up is not reading; it is cut off, and resumes with a snapshot. */
const MOST_BUFFERED_BYTES = 4 * 2 ** 20;
const USUAL_IDLE_MS = 600_000;
const LEAST_IDLE_MS = 30_000;
/** No client that means well sends so much that is refused unread, or so much to a socket that only tells. */
const MOST_IDLE_FRAMES = 1_000;
const IDLE_FRAMES_WINDOW_MS = 1_000;
/** A longer frame counts for as many as it could be. */
const FRAME_CHARACTERS = 1_024;

/** One client's socket: who it is, what it listens to, when it was last heard or spoken to. */
export class Connection implements Member {
  readonly id: string;
  readonly path: string;
  readonly remoteAddress: string;
  readonly idleMs: number;
  /** Set by `auth`. */
  credential: Credential | null = null;
  /** Topic → how to leave it. */
  readonly topics = new Map<string, () => void>();
  /** Told when the link is cut because its client floods. */
  onFlood: () => void = () => {};
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #links: Links | null;
  #lastActive: number;
  #isOpen = true;
  #idleFrames = 0;
  #idleFramesSince = 0;

  constructor(
    id: string,
    request: ServerSocketRequest,
    socket: Socket,
    { clock, log, links }: Readonly<{ clock: Clock; log: Log; links: Links | null }>,
  ) {
    this.id = id;
    this.path = request.path;
    this.remoteAddress = request.remoteAddress;
    this.idleMs = idleTime(request.query);
    this.#socket = socket;
    this.#clock = clock;
    this.#log = log;
    this.#links = links;
    this.#lastActive = clock.now();
  }

  /** What rules of faults know it by. */
  get subject(): FaultSubject {
    const { path, id: connectionId, remoteAddress: address } = this;
    return { path, connectionId, address, uid: this.credential?.uid ?? null };
  }

  send(text: string): void {
    if (this.#links === null) this.#write(text);
    else this.#links.frame({ ...this.subject, on: this.path }, () => this.#write(text));
  }

  #write(text: string): void {
    if (!this.#isOpen || !this.#socket.send(text)) return;
    this.#lastActive = this.#clock.now();
    if (this.#socket.buffered() <= MOST_BUFFERED_BYTES) return;
    this.#log.warn('slow consumer dropped', {
      path: this.path,
      connection: this.id,
      buffered: this.#socket.buffered(),
    });
    this.drop();
  }

  /** A ping counts as a sign of life, even when nothing is sent. */
  touch(): void {
    this.#lastActive = this.#clock.now();
  }

  isIdle(now: number): boolean {
    return now - this.#lastActive >= this.idleMs;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A frame that moved nothing. A thousand in a second are a flood: the link is cut, and the answer is true. */
  countIdleFrame(characters: number): boolean {
    const now = this.#clock.now();
    if (now - this.#idleFramesSince >= IDLE_FRAMES_WINDOW_MS) [this.#idleFrames, this.#idleFramesSince] = [0, now];
    this.#idleFrames += Math.ceil((characters + 1) / FRAME_CHARACTERS);
    if (this.#idleFrames <= MOST_IDLE_FRAMES) return false;
    this.#log.warn('flooding client dropped', { path: this.path, connection: this.id, address: this.remoteAddress });
    this.drop();
    this.onFlood();
    return true;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Cuts the link without a word. */
  drop(): void {
    this.#isOpen = false;
    this.#socket.terminate();
  }

  /** Leaves a topic that it has; any other is nothing to leave. */
  leave(topic: string): void {
    this.topics.get(topic)?.();
    this.topics.delete(topic);
  }

  /** Leaves every topic; nothing is sent any more. */
  leaveAll(): void {
    this.#isOpen = false;
    for (const leave of this.topics.values()) leave();
    this.topics.clear();
  }
}

/** `max_active_time=45s` or `2m`, between 30 s and ten minutes; ten minutes without it. */
function idleTime(query: string): number {
  const match = /(?:^|&)max_active_time=(\d{1,4})([sm])(?:&|$)/.exec(query);
  if (match === null) return USUAL_IDLE_MS;
  const ms = Number(match[1]) * (match[2] === 'm' ? 60_000 : 1_000);
  return Math.min(Math.max(ms, LEAST_IDLE_MS), USUAL_IDLE_MS);
}
