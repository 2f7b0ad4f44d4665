import { type Figure, ratioOf, rounded } from './figure.ts';

const HEAD = ['metric', 'case', 'value', 'unit', 'peer', 'its value', 'ratio', ''] as const;

/** Figures as people read them. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf(figure: Figure): string[] {
  const { metric, value, unit, peer, note = '' } = figure;
  const ratio = ratioOf(figure);
  const peerCells = peer === undefined ? ['', ''] : [peer.name, grouped(peer.value)];
  return [metric, figure.case, grouped(value), unit, ...peerCells, ratio === null ? '' : `${rounded(ratio)}×`, note];
}

const grouped = (value: number): string => rounded(value).toLocaleString('en', { maximumSignificantDigits: 4 });
