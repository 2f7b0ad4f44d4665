import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, PaperProcess, type Ready, startPaper } from './paper-process.ts';

/** `okd paper` as a test file starts it: in a folder of its own, ended with the file. */
export type PaperBench = Readonly<{
  folder: string;
  start(args: readonly string[]): Promise<PaperProcess & { at: Ready }>;
  /** The exit code and the words of a start that must fail. */
  refused(args: readonly string[]): Promise<{ code: number | null; said: string }>;
  /** Writes a file: text and bytes as they are, anything else as JSON. */
  file(content: string | Uint8Array | object, ending?: string): string;
  /** A process that was started otherwise is ended with the others. */
  own(process: PaperProcess): void;
  end(): Promise<void>;
}>;

export function paperBench(): PaperBench {
  const folder = mkdtempSync(join(tmpdir(), 'okd-paper-'));
  const started: PaperProcess[] = [];
  let files = 0;
  return {
    folder,
    async start(args) {
      const process = await startPaper(args);
      started.push(process);
      return process;
    },
    async refused(args) {
      const process = PaperProcess.spawn(['--port', '0', ...args]);
      started.push(process);
      const code = await process.ended();
      assert.equal(process.stdout, '');
      return { code, said: process.stderr };
    },
    file(content, ending = '.json') {
      files += 1;
      const path = join(folder, `file-${files}${ending}`);
      const isPlain = typeof content === 'string' || content instanceof Uint8Array;
      writeFileSync(path, isPlain ? content : JSON.stringify(content));
      return path;
    },
    own(process) {
      started.push(process);
    },
    async end() {
      for (const process of started) await process.ended('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}

export function done({ retCode, retMsg, result }: Answer): Answer['result'] {
  assert.equal(`${retCode} ${retMsg}`, '0 OK');
  return result;
}

export type Row = Readonly<Record<string, string>>;
export const rows = (answer: Answer): Row[] => done(answer)['list'] as Row[];

export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`did not happen: ${what}`);
}
