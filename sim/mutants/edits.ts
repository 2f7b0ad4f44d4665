import type { Edit } from './defects.ts';

/** The source with the defect in it. A text that is not there exactly once is an error: the defect is out of date. */
export function planted(source: string, edits: readonly Edit[], where: string): string {
  return edits.reduce((text, { find, put }) => {
    const parts = text.split(find);
    if (parts.length !== 2) throw new Error(`${where} has this ${parts.length - 1} times, once is needed: ${find}`);
    return parts.join(put);
  }, source);
}
