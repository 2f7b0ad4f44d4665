/** One measured number, beside the same number of a peer where there is one. */
export type Figure = Readonly<{
  metric: string;
  case: string;
  value: number;
  unit: string;
  /** Which way is good: it decides how the ratio is formed. */
  better: 'higher' | 'lower';
  peer?: Readonly<{ name: string; value: number }>;
  /** What a reader must know to judge the number: shorter runs of a slow peer, for example. */
  note?: string;
}>;

export type Report = (figure: Figure) => void;

/** What `bench/NAME.ts` exports as `run`: it reports each figure when it has it. */
export type Bench = (report: Report) => Promise<void>;

/** Above 1 always means that we are better; null without a peer. */
export function ratioOf({ value, better, peer }: Figure): number | null {
  if (peer === undefined) return null;
  return better === 'higher' ? value / peer.value : peer.value / value;
}

/** Four significant digits: more would be noise. */
export const rounded = (value: number): number => Number(value.toPrecision(4));

/** One line of JSON, as programs read it. */
export function lineOf(bench: string, figure: Figure): string {
  const { metric, value, unit, peer, note } = figure;
  const ratio = ratioOf(figure);
  return JSON.stringify({
    bench,
    metric,
    case: figure.case,
    value: rounded(value),
    unit,
    ...(peer === undefined ? {} : { peer: peer.name, peer_value: rounded(peer.value) }),
    ...(ratio === null ? {} : { ratio: rounded(ratio) }),
    ...(note === undefined ? {} : { note }),
  });
}
