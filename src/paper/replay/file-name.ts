/**
 * The symbol that Bybit's names of archives carry, null where the name is another: `2024-12-01_XRPUSDT_ob500.data.zip`,
 * `BTCUSDT2024-12-01.csv.gz`, `BTCUSDT_2024-12-01.csv.gz`, `BTCUSDT-2024-12.csv.gz`,
 * `BTCUSDT_1_2024-12-01_2024-12-31.csv.gz`.
 */
export function symbolOfFile(path: string): string | null {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  for (const form of FORMS) {
    const found = form.exec(name);
    if (found !== null) return found[1] as string;
  }
  return null;
}

const FORMS = [
  /^\d{4}-\d{2}-\d{2}_([A-Z0-9-]+)_ob\d+\./,
  /^([A-Z0-9-]+)_[0-9DWM]{1,4}_\d{4}-\d{2}-\d{2}_\d{4}-\d{2}-\d{2}\./,
  /^([A-Z0-9-]*?[A-Z0-9])[-_]?\d{4}-\d{2}(?:-\d{2})?\./,
];
