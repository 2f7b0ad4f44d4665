import type { PartitionId } from '../domain/ids.ts';
import type { Journal } from '../ports/journal.ts';
import { decodeText, encodeText } from './codec.ts';

/**
 * A stateful part. `decide` reads the state and the message and says what happened through `emit`; each event is
 * applied at once, so that the rest of the decision sees it. It returns what is to go out. `apply` changes the state
 * and decides nothing: replay calls it alone, so new code cannot change the past.
 */
export interface PartitionLogic<Message, Event, Output> {
  readonly id: PartitionId;
  decide(message: Message, emit: (event: Event) => void): readonly Output[];
  apply(event: Event): void;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One inbox, one owner, one journal: the loop around a part's logic. */
export class Partition<Message, Event, Output> {
  readonly logic: PartitionLogic<Message, Event, Output>;
  readonly #journal: Journal;
  readonly #release: (outputs: readonly Output[]) => void;
  #lastSeq = 0;

  /**
   * `release` is called once per decision, in order, right after its events were applied: it decides which outputs
   * may go at once (to partitions of the same journal) and which wait for `whenDurable`.
   */
  constructor(
    logic: PartitionLogic<Message, Event, Output>,
    journal: Journal,
    release: (outputs: readonly Output[]) => void,
  ) {
    this.logic = logic;
    this.#journal = journal;
    this.#release = release;
  }

  get id(): PartitionId {
    return this.logic.id;
  }

  /** Sequence number of the last event that the state holds. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Brings the state back to where the journal ends. Returns the number of events that were applied. */
  recover(): number {
    let applied = 0;
    for (const record of this.#journal.read(this.logic.id, this.#lastSeq + 1)) {
      this.logic.apply(decodeText(decoder.decode(record.payload)) as Event);
      this.#lastSeq = record.seq;
      applied += 1;
    }
    return applied;
  }

  /**
   * Decides one message. Throws JournalClosed, before anything is decided, once the journal takes no more; should the
   * append itself fail, nothing that the decision said is ever released.
   */
  handle(message: Message): void {
    this.#journal.assertOpen();
    const records: Uint8Array[] = [];
    const outputs = this.logic.decide(message, (event) => {
      records.push(encoder.encode(encodeText(event)));
      this.logic.apply(event);
    });
    if (records.length > 0) this.#lastSeq = this.#journal.append(this.logic.id, records) + records.length - 1;
    if (outputs.length > 0) this.#release(outputs);
  }
}
