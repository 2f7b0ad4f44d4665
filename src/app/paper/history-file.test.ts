import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { strToU8, Zip, ZipDeflate, zipSync } from 'fflate';
import { scanHistory } from '../../paper/index.ts';
import { CommandError } from '../exit.ts';
import { openHistory } from './history-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'okd-history-'));
after(() => rmSync(folder, { recursive: true }));

/** A history of an order book, line by line as Bybit writes it; the prices keep an archive from shrinking it much. */
const LINES = Array.from({ length: 3_000 }, (_, i) => {
  const qty = ((i * 7_919) % 99_991) + 1;
  const rows = { b: [['1.95', `${qty}`]], a: [['1.96', `${qty + 1}`]] };
  const content = { s: 'XRPUSDT', ...rows, u: 100 + i, seq: i };
  const type = i === 0 ? 'snapshot' : 'delta';
  return JSON.stringify({
    topic: 'orderbook.500.XRPUSDT',
    type,
    ts: 1_733_011_200_000 + 100 * i,
    data: content,
    cts: i,
  });
});
const TEXT = `${LINES.join('\n')}\n`;
const MEMBER = '2024-12-01_XRPUSDT_ob500.data';

let files = 0;
function file(content: string | Uint8Array): string {
  files += 1;
  const path = join(folder, `history-${files}`);
  writeFileSync(path, content);
  return path;
}

/** All lines of a history that must be whole. */
function linesOf(content: string | Uint8Array): string[] {
  const history = openHistory(file(content));
  const lines = [...history.lines()];
  history.close();
  return lines.filter((line) => line !== '');
}

/** What is wrong with a history: said when it is opened, or when it is read. */
async function problem(content: string | Uint8Array): Promise<string> {
  try {
    const history = openHistory(file(content));
    const scanned = await scanHistory(history.lines, Infinity);
    history.close();
    return scanned.ok ? 'none' : `${scanned.error.code} ${scanned.error.line}`;
  } catch (error) {
    assert.ok(error instanceof CommandError);
    const line = /line (\d+)/.exec(error.message)?.[1] ?? '-';
    return `${error.code} ${line}`;
  }
}

/** As programs write archives that do not know their sizes beforehand. */
function streamed(text: string): Uint8Array {
  const parts: Uint8Array[] = [];
  const zip = new Zip((_failure, bytes) => parts.push(bytes));
  const member = new ZipDeflate(MEMBER);
  zip.add(member);
  const bytes = strToU8(text);
  for (let at = 0; at < bytes.length; at += 10_000) {
    member.push(bytes.subarray(at, at + 10_000), at + 10_000 >= bytes.length);
  }
  zip.end();
  return Buffer.concat(parts);
}

const FORMS: Readonly<Record<string, Uint8Array | string>> = {
  'plain text': TEXT,
  'plain text without a last line end': TEXT.trimEnd(),
  'a stored archive': zipSync({ [MEMBER]: strToU8(TEXT) }, { level: 0 }),
  'a deflated archive': zipSync({ [MEMBER]: strToU8(TEXT) }),
  'an archive written as a stream': streamed(TEXT),
  'a gzipped text': gzipSync(TEXT),
  'a gzipped text in two parts': Buffer.concat([gzipSync(TEXT.slice(0, 99_999)), gzipSync(TEXT.slice(99_999))]),
  'an archive with something else before it': zipSync({ 'README.md': strToU8('read me'), [MEMBER]: strToU8(TEXT) }),
};

for (const [form, content] of Object.entries(FORMS)) {
  test(`${form} gives every line, as often as it is asked`, () => {
    assert.deepEqual(linesOf(content), LINES);
    const history = openHistory(file(content));
    const [first] = history.lines();
    assert.equal(first, LINES[0]);
    assert.equal([...history.lines()].filter((line) => line !== '').length, LINES.length);
    history.close();
  });
}

test('a file that stops in the middle is refused with the line where it stops, however late', async () => {
  const at = TEXT.length - 1_000;
  const line = TEXT.slice(0, at).split('\n').length;
  assert.equal(await problem(TEXT.slice(0, at)), `REPLAY_CUT ${line}`);
  const stored = zipSync({ [MEMBER]: strToU8(TEXT) }, { level: 0 });
  const head = 30 + MEMBER.length;
  assert.equal(await problem(stored.subarray(0, head + at)), `REPLAY_CUT ${line}`);
  const atLineEnd = TEXT.indexOf('\n', at) + 1;
  assert.equal(await problem(stored.subarray(0, head + atLineEnd)), `REPLAY_CUT ${line + 1}`);
  const deflated = zipSync({ [MEMBER]: strToU8(TEXT) });
  assert.match(await problem(deflated.subarray(0, deflated.length / 2)), /^REPLAY_CUT \d+$/);
});

test('an archive with broken bytes is refused at the line that they spoil', async () => {
  const broken = Buffer.from(zipSync({ [MEMBER]: strToU8(TEXT) }));
  broken.fill(0x55, broken.length / 2, broken.length / 2 + 50);
  assert.match(await problem(broken), /^REPLAY_(BAD_LINE|CUT|GAP) \d+$/);
});

test('what is no history is told apart from what is none any more', async () => {
  assert.equal(await problem('hello'), 'REPLAY_BAD_LINE 1');
  assert.equal(await problem(''), 'REPLAY_EMPTY 0');
  assert.equal(await problem(zipSync({ 'README.md': strToU8('read me') })), 'REPLAY_EMPTY 0');
  assert.equal(await problem(new Uint8Array(9 * 2 ** 20).fill(7)), 'REPLAY_BAD_LINE 1');
  assert.throws(() => openHistory(join(folder, 'none')), {
    code: 'REPLAY_NOT_FOUND',
    message: /none: there is no such file/,
  });
  assert.throws(() => openHistory(folder), { code: 'REPLAY_NOT_FOUND' });
});

/** Trades as the archive of spot has them. */
const ROWS = Array.from({ length: 3_000 }, (_, i) => {
  const qty = ((i * 7_919) % 99_991) + 1;
  return `${i + 1},${1_733_011_200_000 + 100 * i},1.95,0.${qty},${i % 3 === 0 ? 'sell' : 'buy'},0`;
});
const TABLE = `id,timestamp,price,volume,side,rpi\n${ROWS.join('\n')}\n`;

test('a table is read as well, in every form', async () => {
  const member = 'XRPUSDT2024-12-01.csv';
  const forms = [
    TABLE,
    TABLE.trimEnd(),
    gzipSync(TABLE),
    zipSync({ [member]: strToU8(TABLE) }),
    TABLE.replaceAll('\n', '\r\n'),
  ];
  for (const form of forms) {
    const history = openHistory(file(form));
    const scanned = await scanHistory(history.lines, Infinity, 'XRPUSDT');
    history.close();
    assert.deepEqual(scanned.ok && [scanned.value.kind, scanned.value.lines], ['trades', 3_001]);
  }
});

test('a table that stops in the middle is refused with the line where it stops', async () => {
  for (const missing of [5, 21, 1_001]) {
    const text = TABLE.slice(0, -missing);
    assert.equal(await problem(text), `REPLAY_CUT ${text.split('\n').length}`);
  }
  const packed = gzipSync(TABLE);
  for (const length of [packed.length - 9, packed.length - 100, packed.length / 2]) {
    assert.match(await problem(packed.subarray(0, length)), /^REPLAY_CUT \d{4}$/);
  }
});

test('what is no table of trades or klines is refused at its first line', async () => {
  assert.equal(await problem('date,open,close\n1,2,3\n'), 'REPLAY_COLUMNS 1');
  assert.equal(await problem(gzipSync('')), 'REPLAY_EMPTY 0');
});
