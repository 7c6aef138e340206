/** Run in a process of its own by the tests: `<mode> <folder>`. */
import pg from 'pg';
import { EmbeddedDatabase } from '../../src/pglite-wire/embedded-database.js';
import { joinEmbedded } from '../../src/pglite-wire/join-embedded.js';

const [mode, folder = ''] = process.argv.slice(2);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  if (mode === 'join') {
    const access = await joinEmbedded(folder);
    const pool = new pg.Pool({ stream: () => access.connect() });
    await pool.query(`insert into note (body) values ('from a command')`);
    await pool.end();
    await access.close();
    say('done');
  } else {
    const database = await EmbeddedDatabase.open({ folder });
    say('open');
    if (mode === 'write') {
      const pool = new pg.Pool({ max: 3, stream: () => database.connect() });
      await pool.query('create table if not exists confirmed (number int primary key, text text)');
      for (let number = 1; ; number += 1) {
        await pool.query('insert into confirmed values ($1, $2)', [number, 'x'.repeat(500)]);
        say(String(number));
      }
    }
    // Holds the folder until its parent says otherwise.
    process.stdin.resume();
    process.stdin.once('end', () => void database.close());
  }
} catch (error) {
  say(`${(error as Error).name}: ${(error as Error).message}`);
  process.exitCode = 1;
}
