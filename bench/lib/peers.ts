import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * What we compare with, installed apart from the project: `bench/peers` has a manifest and a lock file of its own, so
 * that no peer is ever a dependency.
 */
const folder = fileURLToPath(new URL('../peers/', import.meta.url));
const require = createRequire(new URL('../peers/package.json', import.meta.url));

/** The module of a peer's package; null, with the reason on stderr, where it cannot be installed. */
export async function importPeer(name: string): Promise<unknown> {
  if (!existsSync(`${folder}node_modules/${name}`) && !install()) return null;
  return import(pathToFileURL(require.resolve(name)).href);
}

function install(): boolean {
  process.stderr.write('installing the peers in bench/peers …\n');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) process.stderr.write(`npm ci failed, so there is nothing to compare with:\n${stderr}\n`);
  return status === 0;
}
