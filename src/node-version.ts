/** The oldest Node.js the application runs on; also in `scripts/support/project.mjs`. */
const OLDEST = 24;

// First import of every program: later ones may need a newer Node.js.
if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  console.error(
    `\nAtrium needs Node.js ${OLDEST} or newer, and this is ${process.versions.node}. ` +
      'Start it with "npm start" (commands: "npm run atrium"), which brings its own.\n',
  );
  process.exit(1);
}
