/**
 * npm start: builds what has changed, then becomes the application. One process, so that Ctrl+C and
 * a supervisor's SIGTERM reach the application itself and it closes its database in order.
 */
import { setSourceMapsSupport } from 'node:module';
import { join } from 'node:path';
import { developUnlessTold, node, root, runNode } from './support/project.mjs';

if (process.env.npm_lifecycle_event) endWithParent();

const { code } = await runNode(['scripts/build.mjs', '--if-changed'], { inherit: true });
if (code !== 0) process.exit(code);

process.chdir(root);
developUnlessTold();
const main = join(root, 'dist', 'src', 'main.js');
if (node === process.execPath) {
  setSourceMapsSupport(true);
  process.argv[1] = main;
  await import('../dist/src/main.js');
} else {
  const end = await runNode(['--enable-source-maps', main], { inherit: true });
  process.exit(end.code);
}

/**
 * Between npm and this process stands a shell that does not pass on the signal it dies of. Left
 * alone, the application would go on unseen and hold the database's folder.
 */
function endWithParent() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 300);
  watch.unref();
}
