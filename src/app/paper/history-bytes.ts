import { readSync } from 'node:fs';
import { Gunzip, Unzip, type UnzipFile, UnzipInflate } from 'fflate';

/** A file that is open for reading; it stays so while its history is played. */
export type OpenFile = Readonly<{ handle: number; size: number }>;

const CHUNK_BYTES = 64 * 1024;
/** Signatures of a zip archive's first entry and of its end (APPNOTE.TXT, 4.3.7 and 4.3.16), and of gzip (RFC 1952). */
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const ZIP_END = [0x50, 0x4b, 0x05, 0x06];
const GZIP = [0x1f, 0x8b, 0x08];
/** The record at the end of an archive with the longest comment. */
const LONGEST_TAIL = 22 + 65_535;
/** Members of archives that are histories. */
const MEMBERS = ['.data', '.csv'];

/** Why there is nothing more: the file is over, it stops in the middle, or it cannot be unpacked. */
export type HistoryEnd = 'whole' | 'cut' | 'damaged';

type Form = 'zip' | 'gzip' | 'plain';

/**
 * The bytes of a history, piece by piece: of the file itself, of what it is the gzip of, or of the first `.data` or
 * `.csv` member of a zip archive, unpacked on the way. Read as it is asked for, because a day of a busy symbol has a
 * gigabyte.
 */
export function* historyBytes(file: OpenFile): Generator<Uint8Array, HistoryEnd> {
  const form = formOf(file);
  if (form === 'plain') return yield* plain(file);
  return yield* form === 'zip' ? unzipped(file) : gunzipped(file);
}

/**
 * What the end of a file says: a zip archive ends with its directory, a text with a whole object or row. Of gzip only a
 * length that does not fit is seen, and that may have another reason: then only unpacking all of it tells.
 */
export function endOf(file: OpenFile): 'whole' | 'cut' | 'unclear' {
  const form = formOf(file);
  const tail = readAt(file, Math.max(0, file.size - LONGEST_TAIL), LONGEST_TAIL);
  if (form === 'gzip') return hasFittingLength(file, tail) ? 'whole' : 'unclear';
  return (form === 'zip' ? hasDirectory(tail) : isWholeText(file, tail)) ? 'whole' : 'cut';
}

const hasDirectory = (tail: Uint8Array): boolean => Buffer.from(tail).includes(Buffer.from(ZIP_END));

/** An order book ends with an object; a table with a line end, or with a row of as many cells as its first one. */
function isWholeText(file: OpenFile, tail: Uint8Array): boolean {
  const text = new TextDecoder().decode(tail);
  const [first = ''] = new TextDecoder().decode(readAt(file, 0, CHUNK_BYTES)).split('\n');
  if (text.trim() === '' || text.trimEnd().endsWith('}')) return true;
  if (first.startsWith('{') || !first.includes(',')) return false;
  const last = text.slice(text.lastIndexOf('\n') + 1);
  return last === '' || first.split(',').length === last.split(',').length;
}

function formOf(file: OpenFile): Form {
  const start = readAt(file, 0, ZIP.length);
  const startsWith = (signature: readonly number[]) => signature.every((byte, index) => start[index] === byte);
  if (startsWith(ZIP)) return 'zip';
  return startsWith(GZIP) ? 'gzip' : 'plain';
}

/** Text shrinks to a third or a tenth. Four bytes from the middle of a file seldom say so. */
const LEAST_RATIO = 2;
const MOST_RATIO = 25;

/** The last four bytes are the length of what was packed, below 4 GiB (RFC 1952, 2.3.1). */
function hasFittingLength({ size }: OpenFile, tail: Uint8Array): boolean {
  if (tail.length < 18) return false;
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(tail.length - 4, true);
  return length >= size * LEAST_RATIO && length <= size * MOST_RATIO;
}

function* plain(file: OpenFile): Generator<Uint8Array, HistoryEnd> {
  for (const chunk of chunks(file)) yield chunk;
  return 'whole';
}

function* gunzipped(file: OpenFile): Generator<Uint8Array, HistoryEnd> {
  let ready: Uint8Array[] = [];
  let isOver = false;
  const gunzip = new Gunzip((bytes, final) => {
    if (bytes.length > 0) ready.push(bytes);
    isOver = final;
  });
  let read = 0;
  for (const chunk of chunks(file)) {
    read += chunk.length;
    const isSound = pushed(() => gunzip.push(chunk, read >= file.size));
    yield* ready;
    ready = [];
    if (!isSound) return read >= file.size ? 'cut' : 'damaged';
  }
  return isOver ? 'whole' : 'cut';
}

function* unzipped(file: OpenFile): Generator<Uint8Array, HistoryEnd> {
  const member = new Member();
  const unzip = new Unzip((entry) => member.take(entry));
  unzip.register(UnzipInflate);
  for (const chunk of chunks(file)) {
    const isSound = pushed(() => unzip.push(chunk));
    yield* member.unpacked();
    if (member.state === 'over') return 'whole';
    if (!isSound || member.state === 'damaged') return 'damaged';
  }
  return member.state === 'seeking' ? 'whole' : 'cut';
}

/** The first entry of an archive that is a history, as it is unpacked. */
class Member {
  state: 'seeking' | 'reading' | 'over' | 'damaged' = 'seeking';
  #ready: Uint8Array[] = [];

  take(entry: UnzipFile): void {
    if (this.state !== 'seeking' || !MEMBERS.some((ending) => entry.name.endsWith(ending))) return;
    this.state = 'reading';
    entry.ondata = (failure, bytes, final) => {
      if (failure !== null) this.state = 'damaged';
      else if (bytes.length > 0) this.#ready.push(bytes);
      if (final && this.state === 'reading') this.state = 'over';
    };
    entry.start();
  }

  unpacked(): readonly Uint8Array[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}

/** False where the bytes are no archive any more: the library says so by throwing. */
function pushed(push: () => void): boolean {
  try {
    push();
    return true;
  } catch {
    return false; // the line at which it happened is named by who reads the lines
  }
}

function* chunks(file: OpenFile): Generator<Uint8Array> {
  for (let at = 0; at < file.size; ) {
    const chunk = readAt(file, at, CHUNK_BYTES);
    if (chunk.length === 0) return;
    at += chunk.length;
    yield chunk;
  }
}

/** A buffer of its own each time: what the archive reader keeps of one must not change. */
function readAt({ handle }: OpenFile, at: number, length: number): Uint8Array {
  const buffer = new Uint8Array(length);
  return buffer.subarray(0, readSync(handle, buffer, 0, length, at));
}
