// Plays the scenario on a running exchange and compares everything that is documented with what it says.
import { fileURLToPath } from 'node:url';
import { EXCEPTIONS } from './exceptions.ts';
import { findCategories } from './categories.ts';
import { findRest } from './rest.ts';
import { play } from './scenario.ts';
import { Scene } from '../../support/paper-scene.ts';
import { findSockets } from './sockets.ts';
import { judge, page, type Row } from './table.ts';

export const PAGE = fileURLToPath(new URL('../../../docs/paper-conformance.md', import.meta.url));

export type Comparison = Readonly<{ text: string; rows: readonly Row[]; problems: readonly string[] }>;

export async function compareEverything(): Promise<Comparison> {
  const scene = await Scene.open();
  try {
    await play(scene);
    const refused = [...new Set(scene.refused)];
    // What only reads comes first; in the end requests delete keys and members.
    const reads = await findRest(scene, 'GET');
    const categories = await findCategories(scene);
    const sockets = await findSockets(scene);
    const writes = await findRest(scene, 'POST');
    const { rows, problems } = judge([...reads, ...writes, ...categories, ...sockets], EXCEPTIONS);
    const text = page(rows, refused);
    return { text, rows, problems };
  } finally {
    await scene.venue.close();
  }
}
