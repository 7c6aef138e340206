import bcrypt from 'bcrypt';
import { loadEnvironment } from '../core/config/environment.js';
import { DatabaseServer } from '../core/database/database-server.js';
import { migrate } from '../core/database/schema/migrate.js';
import { UsageError } from '../exit-on-error.js';
import { prepareDatabase } from '../prepare-database.js';
import { ORGANISATION, PEOPLE } from './demo/story.js';
import { addressOf } from './demo/telling.js';
import { writeDemo } from './demo/write-demo.js';

/** Password of the demo accounts; never used in production. */
const PASSWORD = 'blue canal morning';

/**
 * `seed-demo`: creates an organisation with people, projects and two months of history. It locks the largest
 * tables and lifts FORCE row-level security for a transaction, so it is refused in production.
 */
export async function seedDemo([unknown]: string[]): Promise<void> {
  if (unknown) throw new UsageError(`seed-demo does not know "${unknown}".`);
  const config = await loadEnvironment();
  if (config.isProduction) {
    throw new UsageError('This is production: seed-demo makes demonstrations in development only.');
  }
  const hash = await bcrypt.hash(PASSWORD, config.BCRYPT_COST);
  const server = await DatabaseServer.join(config);
  try {
    await prepareDatabase(config, server);
    let isNew = false;
    await migrate(config, server.address, [
      (owner) =>
        owner.inTransaction(async (run) => {
          isNew = await writeDemo(run, hash);
        }),
    ]);
    console.log(isNew ? welcome(config.APP_URL) : THERE_ALREADY);
  } finally {
    await server.close();
  }
}

/** Only `APP_URL` is certain: the server may listen on another port than the default. */
export function welcome(appUrl: string | undefined): string {
  const people = PEOPLE.filter(({ left }) => !left).map(
    ({ name, address, language, role }) =>
      `  ${addressOf(address).padEnd(24)}${name.padEnd(18)}${role.padEnd(8)}${language}`,
  );
  return `
${ORGANISATION} is there. Sign in at ${appUrl ? `${appUrl.replace(/\/+$/, '')}/login/` : '/login/ of the running product'} as one of

${people.join('\n')}

with the password: ${PASSWORD}
`;
}

const THERE_ALREADY = `${ORGANISATION} is there already: nothing has changed. Sign in as ${addressOf(PEOPLE[0]!.address)}, with the password: ${PASSWORD}`;
