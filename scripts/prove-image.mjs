/**
 * npm run prove:image: carries out the Dockerfile without Docker. Each stage is an empty folder, each
 * step runs as a user without rights; then the last stage, made read-only, migrates a fresh database
 * on a PostgreSQL server, serves and stops as a container would. Prints what it did and measured.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
} from 'node:fs';
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';
import { readCopy, readDockerfile, readEnv } from './support/dockerfile.mjs';
import { node, root, seconds } from './support/project.mjs';
import { findServer } from './support/postgres.mjs';

/** The number the Dockerfile runs as, where this script may become another user at all. */
const user = process.getuid() === 0 ? { uid: 1000, gid: 1000 } : {};
const keep = process.argv.includes('--keep');
const folder = mkdtempSync(join(tmpdir(), 'atrium-image-'));
const stages = readDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
const running = new Set();
const began = performance.now();
chmodSync(folder, 0o755);

try {
  await main();
  console.log(`\nThe image is proven (${seconds(began)}).`);
} catch (error) {
  console.error(`\nThe image does not hold: ${error.message}`);
  process.exitCode = 1;
} finally {
  if (keep) console.log(`The folders are kept in ${folder}.`);
  else removeAll(folder);
}

async function main() {
  for (const stage of stages) await build(stage);
  const image = stages.at(-1);
  inspect(image);
  makeReadOnly(image.root);
  await onFreshDatabase((urls) => serve(image, urls));
}

/** Runs the steps of a stage below a folder that stands for its root. */
async function build(stage) {
  console.log(`\nFROM ${stage.base} AS ${stage.name}`);
  Object.assign(stage, { root: join(folder, stage.name), cwd: '/', env: {} });
  makeFolder(stage.root);
  for (const { instruction, text } of stage.steps) {
    const started = performance.now();
    if (instruction === 'WORKDIR') makeFolder(join(stage.root, (stage.cwd = text)));
    else if (instruction === 'ENV') Object.assign(stage.env, readEnv(text));
    else if (instruction === 'COPY') copy(stage, readCopy(text));
    else if (instruction === 'RUN')
      await run(stage, ['sh', '-ec', withinRoot(stage, text)], { ...stage.env, ...network() });
    else if (instruction === 'USER') stage.user = text;
    else if (instruction === 'CMD') stage.command = JSON.parse(text);
    else if (instruction === 'HEALTHCHECK') {
      stage.healthcheck = JSON.parse(text.slice(text.indexOf('CMD') + 3));
    }
    const time = instruction === 'RUN' ? `  (${seconds(started)})` : '';
    console.log(`  ${instruction} ${text.slice(0, 110)}${time}`);
  }
}

/** Addresses of the image's own root become ones of its folder; owners are left to a real build. */
function withinRoot(stage, command) {
  return command
    .replace(/ -[og] node\b/g, '')
    .replace(/(?<= )\/(?=data\b|app\b)/g, `${stage.root}/`);
}

function copy(stage, { from, sources, target }) {
  const origin = from && stages.find(({ name }) => name === from);
  if (from && !origin) throw new Error(`COPY --from=${from}: there is no such stage`);
  const to = join(stage.root, target.startsWith('/') ? target : join(stage.cwd, target));
  for (const source of sources) {
    if (origin) place(join(origin.root, source), to);
    else for (const file of inContext(source)) place(join(root, file), intoFolder(file));
  }

  function intoFolder(file) {
    const isFolder = target.endsWith('/') || target === '.';
    return isFolder ? join(to, file) : to;
  }
}

/** What .dockerignore lets through: it hides everything and names what is read. */
function inContext(source) {
  const names = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n').filter(Boolean);
  const allowed = names.filter((name) => name.startsWith('!')).map((name) => name.slice(1));
  if (source === '.') return allowed;
  if (!allowed.includes(source)) throw new Error(`COPY ${source}: .dockerignore hides it`);
  return [source];
}

function place(from, to) {
  if (!existsSync(from)) throw new Error(`COPY: ${from} does not exist`);
  const target =
    existsSync(to) && statSync(to).isDirectory() && statSync(from).isFile()
      ? join(to, basename(from))
      : to;
  cpSync(from, target, { recursive: true, verbatimSymlinks: true });
  own(target);
}

/** As the last stage of a build has it: read by all, written by nobody. */
function makeReadOnly(path) {
  execFileSync('chmod', ['-R', 'a-w,a+rX', join(path, 'app')]);
  if (user.uid) execFileSync('chown', ['-R', '0:0', join(path, 'app')]);
}

function inspect(image) {
  const { devDependencies, dependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const modules = join(image.root, 'app', 'node_modules');
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const strays = Object.keys(devDependencies).filter(
    (name) => existsSync(join(modules, name)) && locked[`node_modules/${name}`]?.dev,
  );
  if (strays.length > 0) throw new Error(`dev dependencies in it: ${strays.join(', ')}`);
  const missing = Object.keys(dependencies).filter((name) => !existsSync(join(modules, name)));
  if (missing.length > 0) throw new Error(`dependencies missing: ${missing.join(', ')}`);
  if (!/^[1-9]\d*(:\d+)?$/.test(image.user ?? '')) throw new Error('USER is no number above 0');
  if (!image.healthcheck) throw new Error('it has no HEALTHCHECK');
  console.log(
    `\nAbove node:24-slim: ${megabytes(image.root)} MB (node_modules ${megabytes(modules)} MB), no dev dependency, user ${image.user}`,
  );
}

async function serve(image, { app, owner }) {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const common = {
    ...image.env,
    DATA_DIR: join(image.root, image.env.DATA_DIR),
    DATABASE_URL: app,
    APP_SECRET: randomBytes(32).toString('hex'),
    APP_URL: `http://127.0.0.1:${port}`,
    HOST: '127.0.0.1',
    PORT: String(port),
    SHUTDOWN_DRAIN_SECONDS: '1',
    MIGRATE_ON_START: 'false',
  };
  try {
    // The pods start before the job has run: they wait for it.
    const web = start(image, image.command, {
      ...common,
      ROLE: 'web',
      METRICS_PORT: String(metricsPort),
    });
    const migrated = performance.now();
    await run(image, ['node', 'dist/src/commands.js', 'migrate'], {
      ...common,
      MIGRATION_DATABASE_URL: owner,
    });
    console.log(`migration job: done in ${seconds(migrated)}`);

    const started = performance.now();
    await until(() => isOk(`${common.APP_URL}/health/ready`), web);
    console.log(`web: ready ${seconds(started)} after it`);
    const workerPort = await freePort();
    const worker = start(image, image.command, {
      ...common,
      PORT: String(workerPort),
      ROLE: 'worker',
    });
    await until(() => isOk(`http://127.0.0.1:${workerPort}/health/ready`), worker);
    await expectPage(common.APP_URL, '/health/live', '"ok"');
    const page = await expectPage(common.APP_URL, '/register/', 'name="password"');
    await expectPage(common.APP_URL, /href="(\/assets\/[^"]+\.css)"/.exec(page)[1], '--color');
    await run(image, image.healthcheck, common);
    console.log('web: /health/live, /health/ready, /register/, its style, HEALTHCHECK');
    await refusesToWrite(image);
    console.log(`web: ${memory(web.pid)} MB of memory, nothing of its folder can be written`);
    for (const [name, child] of Object.entries({ web, worker })) await stop(name, child);
  } catch (error) {
    for (const child of running) child.kill('SIGKILL');
    throw error;
  }
}

async function expectPage(url, path, text) {
  const answer = await fetch(url + path);
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
  if (!body.includes(text)) throw new Error(`${path} does not hold ${text}`);
  return body;
}

async function refusesToWrite(image) {
  const write = `require('fs').writeFileSync('dist/written', '')`;
  const tried = await run(image, ['node', '-e', write], {}).catch((error) => error.message);
  if (!/EACCES|EROFS/.test(tried)) throw new Error('its folder can be written to');
}

async function stop(name, child) {
  const started = performance.now();
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code, signal] = await child.ended;
  clearTimeout(timer);
  if (code !== 0 && signal !== 'SIGTERM') throw new Error(`${name} ended with ${code ?? signal}`);
  console.log(`${name}: stopped in order ${seconds(started)} after SIGTERM`);
}

/** Starts a command in a stage, as its user and with its variables only. */
function start(stage, [command, ...args], env) {
  const home = join(folder, 'home');
  makeFolder(home);
  const child = spawn(command === 'node' ? node : command, args, {
    cwd: join(stage.root, stage.cwd),
    env: {
      PATH: `${dirname(node)}:${process.env.PATH}`,
      HOME: home,
      TMPDIR: home,
      LANG: 'C.UTF-8',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  child.printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (child.printed += chunk));
  }
  running.add(child);
  child.ended = once(child, 'close').finally(() => running.delete(child));
  return child;
}

async function run(stage, command, env = stage.env) {
  const child = start(stage, command, env);
  const [code] = await child.ended;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${child.printed}`);
}

async function until(isSo, child) {
  for (const since = performance.now(); performance.now() - since < 60_000;) {
    if (await isSo()) return;
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it did not become ready:\n${child.printed}`);
}

async function isOk(url) {
  return (await fetch(url).catch(() => null))?.ok ?? false;
}

/** A database of its own, with an owner and with a login that owns nothing; gone afterwards. */
async function onFreshDatabase(work) {
  const server = await findServer(process.env.TEST_DATABASE_URL);
  if (!server.url) throw new Error('no PostgreSQL server: set TEST_DATABASE_URL');
  const name = `atrium_image_${process.pid}`;
  const maintainer = new pg.Client({ connectionString: server.url });
  await maintainer.connect();
  await maintainer.query(`CREATE ROLE ${name} LOGIN PASSWORD 'proof'`);
  await maintainer.query(`CREATE DATABASE ${name}`);
  const owner = new URL(server.url);
  owner.pathname = `/${name}`;
  const app = new URL(owner);
  Object.assign(app, { username: name, password: 'proof' });
  console.log(`\nOn PostgreSQL ${server.version}, as a login that owns nothing:`);
  try {
    await work({ app: app.href, owner: owner.href });
  } finally {
    await maintainer.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await maintainer.query(`DROP ROLE ${name}`);
    await maintainer.end();
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

function makeFolder(path) {
  mkdirSync(path, { recursive: true });
  own(path);
}

function own(path) {
  if (!user.uid) return;
  if (lstatSync(path).isDirectory()) execFileSync('chown', ['-R', '1000:1000', path]);
  else chownSync(path, user.uid, user.gid);
}

/** What reaches the package registry from this machine, for the steps of the build only. */
function network() {
  const npm = (key) =>
    execFileSync('npm', ['config', 'get', key], { cwd: root, encoding: 'utf8' }).trim();
  const cafile = npm('cafile');
  const passed = Object.entries(process.env).filter(([name]) =>
    /^(NODE_EXTRA_CA_CERTS|(https?|no)_proxy)$/i.test(name),
  );
  return {
    ...Object.fromEntries(passed),
    npm_config_cache: join(folder, 'home', 'npm-cache'),
    npm_config_registry: npm('registry'),
    npm_config_update_notifier: 'false',
    ...(cafile && cafile !== 'null' ? { npm_config_cafile: cafile } : {}),
  };
}

function megabytes(path) {
  return Math.round(sizeOf(path) / 1e6);
}

function sizeOf(path) {
  const entry = lstatSync(path);
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function memory(pid) {
  const status = existsSync(`/proc/${pid}/status`)
    ? readFileSync(`/proc/${pid}/status`, 'utf8')
    : '';
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

function removeAll(path) {
  execFileSync('chmod', ['-R', 'u+w', path]);
  rmSync(path, { recursive: true, force: true });
}
