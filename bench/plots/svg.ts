/** Small charts as SVG text: axes with ticks, lines, points, candles. Light background, readable on any page. */

export type Point = readonly [x: number, y: number];
export type Axis = Readonly<{
  label: string;
  least: number;
  most: number;
  isLog?: boolean;
  ticks: readonly number[];
  show?: (value: number) => string;
}>;
export type Candle = Readonly<{ x: number; open: number; high: number; low: number; close: number }>;
export type Mark =
  | Readonly<{ type: 'line'; points: readonly Point[]; color: string; name: string; dashed?: boolean }>
  | Readonly<{ type: 'dots'; points: readonly Point[]; color: string; name: string }>
  | Readonly<{ type: 'candles'; candles: readonly Candle[]; width: number }>;
export type Chart = Readonly<{ title: string; x: Axis; y: Axis; marks: readonly Mark[]; namesAt?: 'top' | 'bottom' }>;

const WIDTH = 720;
const HEIGHT = 400;
const AREA = { left: 76, right: 700, top: 44, bottom: 344 };
const RISING = '#1a7f5a';
const FALLING = '#c0392b';

export const BLUE = '#1f5fa8';
export const ORANGE = '#d9730d';
export const GREY = '#777777';

export function svgOf({ title, x, y, marks, namesAt = 'top' }: Chart): string {
  const at = ([px, py]: Point): Point => [
    AREA.left + partOf(x, px) * (AREA.right - AREA.left),
    AREA.bottom - partOf(y, py) * (AREA.bottom - AREA.top),
  ];
  const drawn = marks.map((mark) => drawMark(mark, at));
  const names = marks.flatMap((mark) => (mark.type === 'candles' ? [] : [mark]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="Helvetica, Arial, sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(title, [WIDTH / 2, 24], 'middle', 'font-size="15" font-weight="bold"'),
    ...x.ticks.map((tick) => {
      const [tx] = at([tick, y.least]);
      return `${line([tx, AREA.top], [tx, AREA.bottom], '#e4e4e4')}${text(shown(x, tick), [tx, AREA.bottom + 18], 'middle')}`;
    }),
    ...y.ticks.map((tick) => {
      const [, ty] = at([x.least, tick]);
      return `${line([AREA.left, ty], [AREA.right, ty], '#e4e4e4')}${text(shown(y, tick), [AREA.left - 8, ty + 4], 'end')}`;
    }),
    line([AREA.left, AREA.bottom], [AREA.right, AREA.bottom], '#333333'),
    line([AREA.left, AREA.top], [AREA.left, AREA.bottom], '#333333'),
    text(x.label, [(AREA.left + AREA.right) / 2, HEIGHT - 14], 'middle'),
    text(y.label, [0, 0], 'middle', `transform="translate(16 ${(AREA.top + AREA.bottom) / 2}) rotate(-90)"`),
    ...drawn,
    ...names.map((mark, i) =>
      legend(mark, i, names.length, namesAt === 'top' ? AREA.top : AREA.bottom - 20 * names.length - 12),
    ),
    '</svg>',
    '',
  ].join('\n');
}

const partOf = ({ least, most, isLog }: Axis, value: number): number =>
  isLog === true ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
const shown = ({ show }: Axis, value: number): string => (show === undefined ? `${value}` : show(value));
const fixed = (value: number): string => value.toFixed(1);

const line = (from: Point, to: Point, color: string, width = 1): string =>
  `<line x1="${fixed(from[0])}" y1="${fixed(from[1])}" x2="${fixed(to[0])}" y2="${fixed(to[1])}" stroke="${color}" stroke-width="${width}"/>`;

function text(words: string, [x, y]: Point, anchor: 'start' | 'middle' | 'end', more = ''): string {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}" fill="#222222" ${more}>${safe}</text>`;
}

function drawMark(mark: Mark, at: (point: Point) => Point): string {
  if (mark.type === 'candles') return mark.candles.map((candle) => drawCandle(candle, mark.width, at)).join('');
  const points = mark.points.map(at);
  if (mark.type === 'dots') {
    return points.map(([x, y]) => `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="2.5" fill="${mark.color}"/>`).join('');
  }
  const path = points.map(([x, y]) => `${fixed(x)},${fixed(y)}`).join(' ');
  const dash = mark.dashed === true ? ' stroke-dasharray="6 4"' : '';
  return `<polyline points="${path}" fill="none" stroke="${mark.color}" stroke-width="2"${dash}/>`;
}

function drawCandle(candle: Candle, width: number, at: (point: Point) => Point): string {
  const color = candle.close >= candle.open ? RISING : FALLING;
  const [x, high] = at([candle.x, candle.high]);
  const [, low] = at([candle.x, candle.low]);
  const [, top] = at([candle.x, Math.max(candle.open, candle.close)]);
  const [, bottom] = at([candle.x, Math.min(candle.open, candle.close)]);
  const body = `<rect x="${fixed(x - width / 2)}" y="${fixed(top)}" width="${width}" height="${fixed(Math.max(0.8, bottom - top))}" fill="${color}"/>`;
  return `${line([x, high], [x, low], color)}${body}`;
}

/** Names of the lines, in a corner on the right. */
function legend(mark: Exclude<Mark, { type: 'candles' }>, index: number, count: number, top: number): string {
  const y = top + 18 + index * 20;
  const x = AREA.right - 16;
  const box =
    index === 0
      ? `<rect x="${AREA.right - 310}" y="${top + 2}" width="306" height="${count * 20 + 6}" fill="#ffffff" fill-opacity="0.85"/>`
      : '';
  return `${box}${line([x - 22, y - 4], [x, y - 4], mark.color, 3)}${text(mark.name, [x - 30, y], 'end')}`;
}
