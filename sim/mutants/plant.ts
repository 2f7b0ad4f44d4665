// Loaded before everything else in a process that is to run with a defect: --import plant.ts?defect=NAME
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { DEFECTS } from './defects.ts';
import { planted } from './edits.ts';

const name = new URL(import.meta.url).searchParams.get('defect');
const found = DEFECTS.find((one) => one.name === name);
if (found === undefined) throw new Error(`no defect is called ${name}`);
const root = new URL('../../', import.meta.url).href;

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    const edits = found.edits.filter(({ file }) => url.startsWith(root) && url === `${root}${file}`);
    if (edits.length === 0) return loaded;
    const source =
      typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source as Uint8Array);
    return { ...loaded, source: planted(source, edits, fileURLToPath(url)) };
  },
});
