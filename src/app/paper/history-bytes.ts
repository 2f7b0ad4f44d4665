import { readSync } from 'node:fs';
import { Unzip, type UnzipFile, UnzipInflate } from 'fflate';

/** A file that is open for reading; it stays so while its history is played. */
export type OpenFile = Readonly<{ handle: number; size: number }>;

const CHUNK_BYTES = 64 * 1024;
/** Signatures of a zip archive's first entry and of its end (APPNOTE.TXT, 4.3.7 and 4.3.16). */
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const ZIP_END = [0x50, 0x4b, 0x05, 0x06];
/** The record at the end of an archive with the longest comment. */
const LONGEST_TAIL = 22 + 65_535;

/** Why there is nothing more: the file is over, it stops in the middle, or it cannot be unpacked. */
export type HistoryEnd = 'whole' | 'cut' | 'damaged';

/**
 * The bytes of a history, piece by piece: of the file itself, or of the first `.data` member of a zip archive,
 * unpacked on the way. Read as it is asked for, because a day of a busy symbol has a gigabyte.
 */
export function* historyBytes(file: OpenFile): Generator<Uint8Array, HistoryEnd> {
  return yield* isZip(file) ? unzipped(file) : plain(file);
}

/** Whether the end of the file is where its format ends: an archive with its directory, a text with a whole object. */
export function endsWhole(file: OpenFile): boolean {
  const tail = readAt(file, Math.max(0, file.size - LONGEST_TAIL), LONGEST_TAIL);
  if (isZip(file)) return Buffer.from(tail).includes(Buffer.from(ZIP_END));
  const text = new TextDecoder().decode(tail).trimEnd();
  return text === '' || text.endsWith('}');
}

const isZip = (file: OpenFile): boolean => {
  const start = readAt(file, 0, ZIP.length);
  return ZIP.every((byte, index) => start[index] === byte);
};

function* plain(file: OpenFile): Generator<Uint8Array, HistoryEnd> {
  for (const chunk of chunks(file)) yield chunk;
  return 'whole';
}

function* unzipped(file: OpenFile): Generator<Uint8Array, HistoryEnd> {
  const member = new Member();
  const unzip = new Unzip((entry) => member.take(entry));
  unzip.register(UnzipInflate);
  for (const chunk of chunks(file)) {
    const isSound = pushed(unzip, chunk);
    yield* member.unpacked();
    if (member.state === 'over') return 'whole';
    if (!isSound || member.state === 'damaged') return 'damaged';
  }
  return member.state === 'seeking' ? 'whole' : 'cut';
}

/** The first `.data` entry of an archive, as it is unpacked. */
class Member {
  state: 'seeking' | 'reading' | 'over' | 'damaged' = 'seeking';
  #ready: Uint8Array[] = [];

  take(entry: UnzipFile): void {
    if (this.state !== 'seeking' || !entry.name.endsWith('.data')) return;
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
function pushed(unzip: Unzip, chunk: Uint8Array): boolean {
  try {
    unzip.push(chunk);
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
