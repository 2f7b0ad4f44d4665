/** Turns the events of one partition into rows. What it remembers between batches it could read from the tables again. */
export interface Fold {
  /** Whose partition it is; null until an event has said so. */
  readonly account: string | null;
  /** Takes the texts of records in the journal's order, inside a transaction. */
  take(seq: number, text: string): void;
  /** Writes what is still only remembered, before the transaction ends. */
  save(): void;
}
