import type { PushGate } from '../faults/push-gate.ts';
import type { PushSubject } from '../faults/subject.ts';

/** Whoever a stream speaks to. */
export interface Member {
  send(text: string): void;
}

/** The subscribers of one topic: a message is written once and handed to all. */
export class Audience {
  readonly #members = new Set<Member>();
  readonly #subject: PushSubject;
  readonly #gate: PushGate;

  constructor(subject: PushSubject, gate: PushGate) {
    this.#subject = subject;
    this.#gate = gate;
  }

  get size(): number {
    return this.#members.size;
  }

  add(member: Member): void {
    this.#members.add(member);
  }

  remove(member: Member): void {
    this.#members.delete(member);
  }

  send(text: string): void {
    if (this.#members.size > 0) this.#gate(this.#subject, text, this.#deliver);
  }

  /** What a new member gets to begin with; it goes the way of all messages. */
  greet(member: Member, text: string): void {
    this.#gate(this.#subject, text, (told) => {
      if (this.#members.has(member)) member.send(told);
    });
  }

  readonly #deliver = (text: string): void => {
    for (const member of this.#members) member.send(text);
  };
}
