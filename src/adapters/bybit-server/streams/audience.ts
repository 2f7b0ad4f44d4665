import type { PushGate, PushSubject } from '../faults.ts';

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

  readonly #deliver = (text: string): void => {
    for (const member of this.#members) member.send(text);
  };
}
