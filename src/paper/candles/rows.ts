/**
 * One candle in whole numbers: prices count the series' price unit, the volume its quantity unit, the turnover its
 * money unit.
 */
export type Row = {
  readonly start: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  turnover: bigint;
};

const NUMBERS = 6;
const LEAST_ROOM = 8;

/**
 * Closed candles of one step, oldest first, at most `most` of them. Columns of numbers: a row takes 56 bytes, one
 * without volumes the same less its turnover.
 */
export class CandleRows {
  readonly most: number;
  readonly #trades: boolean;
  #numbers: Float64Array<ArrayBuffer>;
  #turnovers = new BigInt64Array(0);
  #length = 0;

  constructor(most: number, trades: boolean) {
    this.most = most;
    this.#numbers = new Float64Array(Math.min(LEAST_ROOM, fullAt(most)) * NUMBERS);
    this.#trades = trades;
  }

  get length(): number {
    return this.#length;
  }

  push(row: Row): void {
    if (this.#length * NUMBERS === this.#numbers.length) this.#makeRoom();
    const at = this.#length * NUMBERS;
    this.#numbers[at] = row.start;
    this.#numbers[at + 1] = row.open;
    this.#numbers[at + 2] = row.high;
    this.#numbers[at + 3] = row.low;
    this.#numbers[at + 4] = row.close;
    this.#numbers[at + 5] = row.volume;
    if (this.#trades) {
      if (this.#turnovers.length <= this.#length) this.#turnovers = grown(this.#turnovers, this.#numbers);
      this.#turnovers[this.#length] = row.turnover;
    }
    this.#length += 1;
  }

  at(index: number): Row {
    const at = index * NUMBERS;
    const number = (column: number): number => this.#numbers[at + column] as number;
    return {
      start: number(0),
      open: number(1),
      high: number(2),
      low: number(3),
      close: number(4),
      volume: number(5),
      turnover: this.#turnovers[index] ?? 0n,
    };
  }

  start(index: number): number {
    return this.#numbers[index * NUMBERS] as number;
  }

  close(index: number): number {
    return this.#numbers[index * NUMBERS + 4] as number;
  }

  /** Index of the first row that starts at or after an instant. */
  firstFrom(instant: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.start(middle) < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Puts another row in the place of each. */
  change(by: (row: Row) => Row): void {
    const length = this.#length;
    const rows = Array.from({ length }, (_, index) => by(this.at(index)));
    this.#length = 0;
    for (const row of rows) this.push(row);
  }

  /** Its numbers as bytes, for a snapshot. */
  columns(): readonly Uint8Array[] {
    const numbers = new Uint8Array(this.#numbers.buffer, 0, this.#length * NUMBERS * 8);
    return this.#trades ? [numbers, new Uint8Array(this.#turnovers.buffer, 0, this.#length * 8)] : [numbers];
  }

  /** Takes `length` rows over from what `columns` gave; says how many bytes they took. */
  load(bytes: ArrayBuffer, from: number, length: number): number {
    const room = Math.max(length, Math.min(LEAST_ROOM, fullAt(this.most)));
    this.#numbers = new Float64Array(room * NUMBERS);
    this.#numbers.set(new Float64Array(bytes, from, length * NUMBERS));
    this.#length = length;
    if (!this.#trades) return length * NUMBERS * 8;
    this.#turnovers = new BigInt64Array(room);
    this.#turnovers.set(new BigInt64Array(bytes, from + length * NUMBERS * 8, length));
    return length * (NUMBERS + 1) * 8;
  }

  /** Grows until a quarter more than the most is held; then the oldest go, down to the most. */
  #makeRoom(): void {
    const full = fullAt(this.most);
    if (this.#length < full) {
      const bigger = new Float64Array(Math.min(this.#length * 2, full) * NUMBERS);
      bigger.set(this.#numbers);
      this.#numbers = bigger;
      return;
    }
    const gone = this.#length - this.most;
    this.#numbers.copyWithin(0, gone * NUMBERS);
    this.#turnovers.copyWithin(0, gone);
    this.#length = this.most;
  }
}

const fullAt = (most: number): number => Math.ceil(most * 1.25);

function grown(turnovers: BigInt64Array<ArrayBuffer>, numbers: Float64Array): BigInt64Array<ArrayBuffer> {
  const bigger = new BigInt64Array(numbers.length / NUMBERS);
  bigger.set(turnovers);
  return bigger;
}
