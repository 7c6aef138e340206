/** npm run atrium -- <command>: builds what has changed, then runs the command. */
import { join } from 'node:path';
import { developUnlessTold, root, runNode } from './support/project.mjs';

const built = await runNode(['scripts/build.mjs', '--if-changed'], { inherit: true });
if (built.code !== 0) process.exit(built.code);
developUnlessTold();
const main = join(root, 'dist', 'src', 'commands.js');
const { code } = await runNode(['--enable-source-maps', main, ...process.argv.slice(2)], {
  inherit: true,
});
process.exit(code);
