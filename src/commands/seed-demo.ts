import bcrypt from 'bcrypt';
import { loadEnvironment } from '../core/config/environment.js';
import { DatabaseServer } from '../core/database/database-server.js';
import { migrate } from '../core/database/schema/migrate.js';
import { UsageError } from '../exit-on-error.js';
import { prepareDatabase } from '../prepare-database.js';
import { ORGANISATION, PEOPLE } from './demo/story.js';
import { addressOf } from './demo/telling.js';
import { writeDemo } from './demo/write-demo.js';

/** For trying things out; never in production. */
const PASSWORD = 'blue canal morning';

/**
 * `seed-demo`: an organisation with people, projects and two months behind it. Writing the past takes locks on
 * the largest tables and lifts row-level security for a transaction: in production nothing may do that.
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

/** The server may run at another port than this command would choose: only `APP_URL` is sure. */
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
