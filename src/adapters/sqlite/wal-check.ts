import { readFileSync } from 'node:fs';

/**
 * Looks at SQLite's write-ahead log before SQLite does. SQLite recovers up to the first frame whose checksum is wrong
 * and forgets the rest without a word: right for the torn tail of a power loss, wrong for a damaged byte in the
 * middle, behind which acknowledged commits follow. With synchronous FULL a transaction is written only after the one
 * before it was synced, so a torn tail is at most one transaction long; anything more is damage.
 * Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
export type WalState = 'sound' | 'torn_tail' | 'damaged';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** Checksums are over little-endian words; the other magic number says big-endian. */
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;

type Sum = { a: number; b: number };

export function checkWal(path: string): WalState {
  const wal = readIfThere(path);
  if (wal === null || wal.length < HEADER_BYTES) return 'sound';
  const view = new DataView(wal.buffer, wal.byteOffset, wal.byteLength);
  const magic = view.getUint32(0);
  if (magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) return wal.every((byte) => byte === 0) ? 'sound' : 'damaged';
  const little = magic === MAGIC_LITTLE;
  const sum = addWords(view, 0, 24, { a: 0, b: 0 }, little);
  if (sum.a !== view.getUint32(24) || sum.b !== view.getUint32(28)) return 'damaged';
  const frameBytes = FRAME_HEADER_BYTES + view.getUint32(8);
  const frames = Math.floor((wal.length - HEADER_BYTES) / frameBytes);
  const bad = firstBadFrame(view, frames, frameBytes, sum, little);
  return bad === frames ? 'sound' : judgeRest(view, bad, frames, frameBytes);
}

function readIfThere(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function firstBadFrame(view: DataView, frames: number, frameBytes: number, sum: Sum, little: boolean): number {
  for (let i = 0; i < frames; i += 1) {
    const at = HEADER_BYTES + i * frameBytes;
    if (!ofThisLog(view, at)) return i;
    addWords(view, at, 8, sum, little);
    addWords(view, at + FRAME_HEADER_BYTES, frameBytes - FRAME_HEADER_BYTES, sum, little);
    if (sum.a !== view.getUint32(at + 16) || sum.b !== view.getUint32(at + 20)) return i;
  }
  return frames;
}

/**
 * Frames behind the first bad one: none of this log (what is left of an earlier one) is sound; one transaction, its
 * commit mark in the last frame, is a tail that was being written; frames behind a commit mark were synced: damage.
 */
function judgeRest(view: DataView, bad: number, frames: number, frameBytes: number): WalState {
  let last = -1;
  for (let i = bad; i < frames; i += 1) if (ofThisLog(view, HEADER_BYTES + i * frameBytes)) last = i;
  if (last < 0) return 'sound';
  for (let i = bad; i < last; i += 1) {
    const at = HEADER_BYTES + i * frameBytes;
    const commits = view.getUint32(at + 4) !== 0;
    if (commits && (i === bad || ofThisLog(view, at))) return 'damaged';
  }
  return 'torn_tail';
}

/** Frames carry the salts of the log's header; what an earlier log left behind has others. */
const ofThisLog = (view: DataView, frameAt: number): boolean =>
  view.getUint32(frameAt + 8) === view.getUint32(16) && view.getUint32(frameAt + 12) === view.getUint32(20);

function addWords(view: DataView, from: number, bytes: number, sum: Sum, little: boolean): Sum {
  let { a, b } = sum;
  for (let at = from; at < from + bytes; at += 8) {
    a = (a + view.getUint32(at, little) + b) >>> 0;
    b = (b + view.getUint32(at + 4, little) + a) >>> 0;
  }
  sum.a = a;
  sum.b = b;
  return sum;
}
