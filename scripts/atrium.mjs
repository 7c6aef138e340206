/** npm run atrium -- <command>: builds what has changed, then runs the command. */
import { join } from 'node:path';
import { developUnlessTold, root, runNode } from './support/project.mjs';

const [command = 'help', ...args] = process.argv.slice(2);
// They write code, and need none that is built.
if (/^(un)?make:/.test(command)) {
  const { make } = await import('./make/cli.mjs');
  process.exit(await make(command, args));
}
const built = await runNode(['scripts/build.mjs', '--if-changed'], { inherit: true });
if (built.code !== 0) process.exit(built.code);
developUnlessTold();
const main = join(root, 'dist', 'src', 'commands.js');
const { code } = await runNode(['--enable-source-maps', main, ...process.argv.slice(2)], {
  inherit: true,
});
if (code === 0 && (command === 'help' || command === '--help' || command === '-h')) {
  const { makeLines } = await import('./make/cli.mjs');
  console.log(`\nIn development:\n${makeLines().join('\n')}`);
}
process.exit(code);
