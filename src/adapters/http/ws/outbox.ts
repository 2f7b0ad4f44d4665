import type { Decimals } from '../../../contract/print-json.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Socket } from '../../../ports/network.ts';
import type { SocketSettings } from '../settings.ts';
import type { Push } from './push.ts';

/** How often a client that is behind is looked at again. */
const RETRY_MS = 50;

/**
 * What is on its way to one client. Memory per client is bounded: behind the soft bound market data waits, one push a
 * channel; behind the hard bound the client is given up, because what may not be dropped cannot be kept either.
 */
export class Outbox {
  decimals: Decimals = 'number';
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #settings: SocketSettings;
  readonly #overflow: () => void;
  readonly #waiting = new Map<string, Push>();
  #retry: Timer | null = null;
  /** Of snapshots that may still be on their way. */
  #snapshotBytes = 0;
  #closed = false;

  constructor(socket: Socket, clock: Clock, settings: SocketSettings, overflow: () => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#settings = settings;
    this.#overflow = overflow;
  }

  /** Sends, or gives the client up. */
  send(text: string): void {
    if (this.#closed) return;
    const buffered = this.#socket.buffered();
    if (buffered <= this.#settings.softQueueBytes) this.#snapshotBytes = 0;
    if (buffered + text.length > this.#settings.hardQueueBytes + this.#snapshotBytes) this.#overflow();
    else this.#socket.send(text);
  }

  /** A snapshot is as large as the account: until it has left, its size is no sign of a client that does not read. */
  sendSnapshot(text: string): void {
    if (this.#closed) return;
    if (this.#socket.buffered() > this.#settings.hardQueueBytes) return this.#overflow();
    this.#snapshotBytes += text.length;
    this.#socket.send(text);
  }

  sendLatest(push: Push): void {
    if (this.#closed) return;
    if (this.#socket.buffered() <= this.#settings.softQueueBytes && this.#waiting.size === 0) {
      this.#socket.send(push.text(this.decimals));
      return;
    }
    this.#waiting.set(push.channel, push);
    this.#retry ??= this.#clock.after(RETRY_MS, () => this.#drain());
  }

  /** No longer wanted: what waits of a channel that was unsubscribed. */
  drop(channel: string): void {
    this.#waiting.delete(channel);
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
    this.#waiting.clear();
  }

  #drain(): void {
    this.#retry = null;
    for (const [channel, push] of this.#waiting) {
      if (this.#socket.buffered() > this.#settings.softQueueBytes) break;
      this.#waiting.delete(channel);
      this.#socket.send(push.text(this.decimals));
    }
    if (this.#waiting.size > 0) this.#retry = this.#clock.after(RETRY_MS, () => this.#drain());
  }
}
