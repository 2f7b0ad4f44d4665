import type { HttpRequest, HttpResponse } from '../../src/ports/network.ts';
import type { Rng } from '../../src/ports/rng.ts';
import { type FaultCounts, type FaultHandle, type FaultRule, FaultRules, type LinkEnds } from './fault-rules.ts';

export type HttpSubject = LinkEnds & Readonly<{ request: HttpRequest }>;
export type DialSubject = LinkEnds & Readonly<{ url: string }>;
export type MessageSubject = LinkEnds &
  Readonly<{
    url: string;
    /** `push`: from server to client; `send`: the other way. */
    direction: 'push' | 'send';
    text: string;
  }>;

export type HttpFault = Readonly<
  /** No connection. */
  | { type: 'refuse' }
  /** Lost on the way: the server never sees it, the client waits until its timeout. */
  | { type: 'drop_request' }
  /** The link is reset; the server never saw it. */
  | { type: 'reset_request' }
  /** Reaches the server later, maybe after the client has given up. */
  | { type: 'delay_request'; ms: number }
  /** Answered by something in between; the server never sees it. */
  | { type: 'answer_instead'; answer: HttpResponse }
  /** The server has done it; the client waits until its timeout. */
  | { type: 'drop_answer' }
  /** The server has done it; the link is reset instead of the answer. */
  | { type: 'reset_answer' }
  | { type: 'delay_answer'; ms: number }
  /** Kept until `releaseHeld`. */
  | { type: 'hold_answer' }
  /** The server has done it; the client reads something else: a 502 page, another code, a part of it. */
  | { type: 'replace_answer'; answer: (original: HttpResponse) => HttpResponse }
>;

export type DialFault = Readonly<
  /** No connection. */
  | { type: 'refuse' }
  /** No answer to the handshake, until the client gives up. */
  | { type: 'hang' }
  /** The handshake is answered with an HTTP status. */
  | { type: 'status'; status: number }
>;

export type MessageFault = Readonly<
  | { type: 'drop' }
  /** Later, and everything behind it on this socket waits: a slow link. */
  | { type: 'delay'; ms: number }
  /** Later, and overtaken by what is behind it: a reordering publisher. */
  | { type: 'late'; ms: number }
  /** Arrives, and once more later. */
  | { type: 'duplicate'; afterMs: number }
  | { type: 'replace'; text: (original: string) => string }
  /** The socket breaks instead, on both sides. */
  | { type: 'cut' }
>;

/** The fault plan's hold on the network: rules that may be set and lifted at any time, and how often each fired. */
export class NetworkFaults {
  readonly counts: FaultCounts;
  readonly httpRules: FaultRules<HttpSubject, HttpFault>;
  readonly dialRules: FaultRules<DialSubject, DialFault>;
  readonly messageRules: FaultRules<MessageSubject, MessageFault>;

  constructor(rng: Rng, counts: FaultCounts) {
    this.counts = counts;
    this.httpRules = new FaultRules(rng, counts);
    this.dialRules = new FaultRules(rng, counts);
    this.messageRules = new FaultRules(rng, counts);
  }

  onHttp(rule: FaultRule<HttpSubject, HttpFault>): FaultHandle {
    return this.httpRules.add(rule);
  }

  onDial(rule: FaultRule<DialSubject, DialFault>): FaultHandle {
    return this.dialRules.add(rule);
  }

  onMessage(rule: FaultRule<MessageSubject, MessageFault>): FaultHandle {
    return this.messageRules.add(rule);
  }

  /** Lifts every rule: the healing phase. */
  clear(): void {
    this.httpRules.clear();
    this.dialRules.clear();
    this.messageRules.clear();
  }
}
