// Completes package-lock.json with the platform packages that the registry in use could not serve.
//
// Tools with native parts list one optional package per platform. When a registry mirror lacks some of them, npm
// writes a lock file without them, and `npm ci` then refuses that file everywhere ("Missing: … from lock file").
// An entry with version, os and cpu is enough: npm installs only the one that fits the machine.
// Run after every change of a dependency; `npm run check` runs it with --check.
import { readFileSync, writeFileSync } from 'node:fs';

const PLATFORM = /(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|aix|win32)-([a-z0-9]+)(?:-([a-z]+))?$/;
const CPU = { arm: 'arm', armv7: 'arm', ppc64le: 'ppc64' };

function entryFor(name, version, parent) {
  const platform = PLATFORM.exec(name);
  if (platform === null) throw new Error(`package-lock.json: no platform can be read from the name ${name}`);
  const [, os, cpu, abi] = platform;
  const entry = { version, cpu: [CPU[cpu] ?? cpu] };
  if (parent.dev) entry.dev = true;
  if (os === 'linux' && abi !== undefined) entry.libc = [abi === 'musl' ? 'musl' : 'glibc'];
  entry.optional = true;
  entry.os = [os];
  return entry;
}

/** Where npm would look for `name` when `from` asks for it: its own node_modules first, then each one above. */
function isLocked(packages, from, name) {
  for (let at = from; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (`${at}/node_modules/${name}` in packages) return true;
  }
  return `node_modules/${name}` in packages;
}

export function missingPlatformPackages(lock) {
  const missing = [];
  for (const [path, parent] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (path !== '' && !isLocked(lock.packages, path, name)) missing.push({ name, version, parent });
    }
  }
  return missing;
}

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingPlatformPackages(lock);
if (missing.length > 0 && process.argv.includes('--check')) {
  const names = missing.map(({ name }) => name).join(', ');
  console.error(`package-lock.json lacks ${names}: npm ci will refuse it. Run: node tools/lock-platforms.mjs`);
  process.exitCode = 1;
} else if (missing.length > 0) {
  for (const { name, version, parent } of missing)
    lock.packages[`node_modules/${name}`] = entryFor(name, version, parent);
  const { '': root, ...rest } = lock.packages;
  const sorted = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = { '': root, ...Object.fromEntries(sorted) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.error(`package-lock.json: added ${missing.length} platform packages`);
}
