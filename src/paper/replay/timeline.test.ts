import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookLine, type TradeRow, tradeTable } from '../testing/histories.ts';
import type { LineSource } from './source.ts';
import { Timeline, type Track } from './timeline.ts';

type Named = Track & Readonly<{ name: string }>;
const track = (name: string, lines: LineSource, group = name): Named => ({ name, lines, group, symbol: null });
const rowsOf = (...times: readonly number[]): string[] =>
  tradeTable(times.map((at): TradeRow => [at, 'Buy', '1', '1']));
const trades = (...times: readonly number[]): LineSource => {
  const lines = rowsOf(...times);
  return () => lines;
};
const book = (...times: readonly number[]): LineSource => {
  const lines = times.map((at, index) => bookLine(index === 0 ? 'snapshot' : 'delta', index + 1, at, [], []));
  return () => lines;
};
const slowly = (source: LineSource): LineSource =>
  async function* () {
    for await (const line of source()) {
      await Promise.resolve();
      yield line;
    }
  };

async function played(tracks: readonly Named[]): Promise<string[]> {
  const told: string[] = [];
  const timeline = new Timeline(tracks, ({ name }) => told.push(`${name} over`));
  for (let step = await timeline.peek(); step !== null; step = await timeline.peek()) {
    const { track, event } = step;
    told.push(event.ok ? `${track.name} ${event.value.at}` : `${track.name} ${event.error.code} ${event.error.line}`);
    if (event.ok) timeline.take();
    else timeline.drop(track);
  }
  return told;
}

test('events of all files come in the order of their times, trades before the book of the same millisecond', async () => {
  const files = [
    track('book', book(10, 20, 30)),
    track('trades', trades(5, 20, 30, 31)),
    track('other', trades(20, 25)),
  ];
  const expected = [
    'trades 5', 'book 10', 'trades 20', 'other 20', 'book 20', 'other 25', 'other over', 'trades 30', 'book 30',
    'book over', 'trades 31', 'trades over',
  ]; // biome-ignore format: a row of events
  assert.deepEqual(await played(files), expected);
  const later = files.map((one) => ({ ...one, lines: slowly(one.lines) }));
  assert.deepEqual(await played(later), expected, 'also where the text is not at hand');
});

test('files of one kind follow each other, and do not overlap', async () => {
  const days = [track('monday', book(10, 20), 'book'), track('tuesday', book(20, 30), 'book')];
  assert.deepEqual(await played(days), ['monday 10', 'monday 20', 'monday over', 'tuesday 20', 'tuesday 30', 'tuesday over']); // biome-ignore format: a row of events
  const overlapping = [track('monday', book(10, 21), 'book'), track('tuesday', book(20, 30), 'book')];
  assert.deepEqual(await played(overlapping), ['monday 10', 'tuesday REPLAY_TWICE 1', 'monday 21', 'monday over']);
});

test('a file that breaks ends, the others go on', async () => {
  const broken: LineSource = () => [...rowsOf(10, 20), 'no row'];
  assert.deepEqual(await played([track('trades', broken), track('book', book(15, 25))]), [
    'trades 10', 'book 15', 'trades 20', 'trades REPLAY_CUT 4', 'book 25', 'book over',
  ]); // biome-ignore format: a row of events
});

test('what comes next stays next until it is taken', async () => {
  const timeline = new Timeline([track('trades', slowly(trades(1, 2)))], () => {});
  const [one, two] = await Promise.all([timeline.peek(), timeline.peek()]);
  assert.deepEqual(
    [one?.event, two?.event].map((event) => event?.ok && event.value.at),
    [1, 1],
  );
});
