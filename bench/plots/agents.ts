// bin/node24 bench/plots/agents.ts: draws the charts of docs/paper/ anew. By hand, after the agents have changed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mean, tailExponent, variation } from '../../src/paper/statistics/estimators.ts';
import {
  depthOf,
  midOf,
  type Observation,
  profileOf,
  type Snapshot,
  TAIL_PART,
} from '../../src/paper/statistics/profile.ts';
import { openHarness, XRP } from '../../src/paper/testing/harness.ts';
import { observe } from '../../src/paper/testing/observe.ts';
import { captureBooks, hasCapture } from '../../test/support/xrp-capture.ts';
import { BLUE, type Candle, type Chart, GREY, ORANGE, type Point, svgOf } from './svg.ts';

const TO = join(import.meta.dirname, '..', '..', 'docs', 'paper');
const TICK = 0.0001;
const LOT = 0.01;
const HOURS = 3;
const CANDLE_MS = 60_000;
const BOOK_MS = 1_000;
/** In ticks, at which depths are compared. */
const DISTANCES = [0.5, 1.5, 2.5, 3.5, 5, 7, 10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 450];

const harness = await openHarness({ config: { agents: true, seed: 1, instruments: ['spot:XRPUSDT'] } });
await harness.exchange.start();
const seen = await observe(harness, XRP, { forMs: HOURS * 3_600_000, everyMs: BOOK_MS });
mkdirSync(TO, { recursive: true });
for (const [name, chart] of Object.entries({
  candles: candles(seen.books),
  depth: depth(seen.books),
  sizes: sizes(seen),
  arrivals: arrivals(seen),
})) {
  writeFileSync(join(TO, `agents-${name}.svg`), svgOf(chart));
}
process.stdout.write(`${JSON.stringify(profileOf(seen), null, 2)}\n`);

/** Of the mid price, each second. */
function candles(books: readonly Snapshot[]): Chart {
  const mids = books.map((book) => midOf(book) * TICK);
  const each = CANDLE_MS / BOOK_MS;
  const rows: Candle[] = [];
  for (let i = 0; i + each <= mids.length; i += each) {
    const part = mids.slice(i, i + each + 1);
    const [open, close] = [part[0] as number, part.at(-1) as number];
    rows.push({ x: i / each, open, close, high: Math.max(...part), low: Math.min(...part) });
  }
  const [least, most] = [Math.min(...rows.map((one) => one.low)), Math.max(...rows.map((one) => one.high))];
  const ticks = spaced(Math.ceil(least * 200) / 200, most, 0.005);
  return {
    title: `XRPUSDT of the agents, seed 1: candles of a minute over ${HOURS} hours`,
    x: { label: 'minutes', least: -1, most: rows.length, ticks: spaced(0, rows.length, 30) },
    y: { label: 'mid price, USDT', least, most, ticks, show: (value) => value.toFixed(3) },
    marks: [{ type: 'candles', candles: rows, width: 2.4 }],
  };
}

function depth(books: readonly Snapshot[]): Chart {
  const quiet = books.filter((_, i) => i % 60 === 0);
  const agents = {
    type: 'line',
    name: 'agents, average of three hours',
    color: BLUE,
    points: meanDepth(quiet),
  } as const;
  const real = hasCapture() ? meanDepth(captureBooks()) : [];
  const recorded = { type: 'line', name: 'Bybit, 4.8 s of 2024-12-01', color: ORANGE, points: real } as const;
  return {
    title: 'XRPUSDT: all that lies within a distance of the mid price',
    x: {
      label: 'ticks from mid',
      least: 0.5,
      most: 500,
      isLog: true,
      ticks: [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
    },
    y: { label: 'XRP, a side', least: 3e3, most: 2e7, isLog: true, ticks: [1e4, 1e5, 1e6, 1e7], show: power },
    namesAt: 'bottom',
    marks: real.length === 0 ? [agents] : [agents, recorded],
  };
}

function meanDepth(books: readonly Snapshot[]): readonly Point[] {
  const sides = books.flatMap((book) => [book.bids, book.asks].map((side) => depthOf(side, midOf(book))));
  return DISTANCES.map((distance) => {
    const within = sides.map((rows) => rows.filter((row) => row[0] <= distance).at(-1)?.[1] ?? 0);
    return [distance, Math.max(1, mean(within)) * LOT];
  });
}

function sizes({ taken }: Observation): Chart {
  const all = taken.map((one) => one.qty * LOT);
  const points = exceedance(all);
  const tail = tailExponent(all, TAIL_PART);
  const edge = points.find((one) => one[1] <= TAIL_PART) ?? [1, 1];
  const law = (x: number): Point => [x, edge[1] * (x / edge[0]) ** -1.5];
  return {
    title: 'XRPUSDT of the agents: sizes of the orders that take',
    x: { label: 'XRP', least: 100, most: 2e5, isLog: true, ticks: [100, 1e3, 1e4, 1e5], show: power },
    y: {
      label: 'part of orders that are larger',
      least: 1e-4,
      most: 1,
      isLog: true,
      ticks: [1e-4, 1e-3, 1e-2, 0.1, 1],
    },
    marks: [
      { type: 'dots', name: `agents; tail by Hill ${tail.toFixed(2)}`, color: BLUE, points },
      { type: 'line', name: 'power law of exponent 1.5', color: GREY, dashed: true, points: [law(edge[0]), law(6e4)] },
    ],
  };
}

function arrivals({ taken }: Observation): Chart {
  const pauses = taken.slice(1).map((one, i) => one.atMs - (taken[i]?.atMs ?? 0));
  const unit = mean(pauses);
  const scaled = pauses.map((one) => one / unit).filter((one) => one > 0);
  const even = spaced(0, 9, 0.25).map((x): Point => [x, Math.exp(-x)]);
  return {
    title: 'XRPUSDT of the agents: time between two orders that take',
    x: { label: `in averages of ${Math.round(unit)} ms`, least: 0, most: 10, ticks: spaced(0, 10, 1) },
    y: {
      label: 'part of pauses that are longer',
      least: 1e-4,
      most: 1,
      isLog: true,
      ticks: [1e-4, 1e-3, 1e-2, 0.1, 1],
    },
    marks: [
      {
        type: 'dots',
        name: `agents; deviation / mean ${variation(pauses).toFixed(2)}`,
        color: BLUE,
        points: exceedance(scaled).filter(([x]) => x <= 10),
      },
      { type: 'line', name: 'arrivals that know nothing of each other', color: GREY, dashed: true, points: even },
    ],
  };
}

/** Part of the values that are larger, at some hundred of them. */
function exceedance(values: readonly number[]): readonly Point[] {
  const sorted = [...values].sort((a, b) => b - a);
  const points: Point[] = [];
  for (let rank = 1; rank < sorted.length; rank = Math.ceil(rank * 1.06)) {
    points.push([sorted[rank - 1] as number, rank / sorted.length]);
  }
  return points.filter((one) => one[1] >= 1e-4).reverse();
}

function spaced(from: number, to: number, by: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / by + 1e-9) + 1 }, (_, i) => from + i * by);
}

function power(value: number): string {
  return value >= 1e6 ? `${value / 1e6} M` : value >= 1e3 ? `${value / 1e3} k` : `${value}`;
}
