/**
 * What `npm ci` needs on every platform: npm silently drops a platform package that its registry
 * did not have on the day of the install, and then `npm ci` fails elsewhere. Registry addresses
 * stay out, since each place that installs has its own.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const { packages = {} } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

const problems = [...missingOptionals(), ...addresses(), ...registries(), ...strays()];
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`\n${problems.length} problem(s) with package-lock.json and .npmrc.`);
  process.exitCode = 1;
}

function missingOptionals() {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !resolvesFrom(path, name))
      .map(([name, range]) => `${path || 'the project'}: optional ${name}@${range} is not in it`),
  );
}

/** As Node looks for a package: in the package's own node_modules, then in each one above. */
function resolvesFrom(path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (!folder.endsWith('node_modules')) {
      const candidate = `${folder ? `${folder}/` : ''}node_modules/${name}`;
      if (packages[candidate]) return true;
    }
    if (!folder) return false;
  }
}

function addresses() {
  return Object.entries(packages)
    .filter(([, { resolved }]) => /^(git\+)?(https?|ssh|git):/.test(resolved ?? ''))
    .map(([path, { resolved }]) => `${path}: names the address ${resolved}`);
}

function registries() {
  const file = join(root, '.npmrc');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => /^\s*[^#;]*(registry\s*=|https?:|_auth)/i.test(line))
    .map((line) => `.npmrc: names a registry (${line.split('=')[0].trim()})`);
}

/** An exact version in package.json that the lock file does not hold makes `npm ci` refuse. */
function strays() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const all = { ...wanted.dependencies, ...wanted.devDependencies };
  return Object.entries(all).flatMap(([name, version]) => {
    if (!/^\d+\.\d+\.\d+/.test(version)) return [`package.json: ${name}@${version} is not pinned`];
    const locked = packages[`node_modules/${name}`]?.version;
    return locked === version ? [] : [`package.json: ${name}@${version}, but locked is ${locked}`];
  });
}
