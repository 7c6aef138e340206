import { randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import { loadEnvironment } from '../core/config/environment.js';
import { DatabaseServer } from '../core/database/database-server.js';
import { migrate } from '../core/database/migrate.js';
import { UsageError } from '../failed.js';
import { prepareDatabase } from '../prepare-database.js';
import { ORGANISATION, PEOPLE } from './demo/story.js';
import { addressOf } from './demo/telling.js';
import { writeDemo } from './demo/write-demo.js';

/** For trying things out. Where others can reach the product, nobody knows it beforehand. */
const PASSWORD = 'blue canal morning';

/** `seed-demo [--force]`: an organisation with people, projects and two months behind it. */
export async function seedDemo(args: string[]): Promise<void> {
  const isForced = args.includes('--force');
  const unknown = args.find((arg) => arg !== '--force');
  if (unknown) throw new UsageError(`seed-demo does not know "${unknown}".`);
  const config = await loadEnvironment();
  if (config.isProduction && !isForced) {
    throw new UsageError(
      'This is production: seed-demo would put invented people into it. If that is what you want, add --force.',
    );
  }
  const password = config.isProduction ? randomBytes(12).toString('base64url') : PASSWORD;
  const hash = await bcrypt.hash(password, config.BCRYPT_COST);
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
    console.log(isNew ? welcome(config.appUrl, password) : thereAlready(config.isProduction));
  } finally {
    await server.close();
  }
}

function welcome(appUrl: string, password: string): string {
  const people = PEOPLE.filter(({ left }) => !left).map(
    ({ name, address, language, role }) =>
      `  ${addressOf(address).padEnd(24)}${name.padEnd(18)}${role.padEnd(8)}${language}`,
  );
  return `
${ORGANISATION} is there. Sign in at ${appUrl}/login/ as one of

${people.join('\n')}

with the password: ${password}
`;
}

function thereAlready(isProduction: boolean): string {
  const who = `Sign in as ${addressOf(PEOPLE[0]!.address)}`;
  return isProduction
    ? `${ORGANISATION} is there already: nothing has changed. ${who}, with the password that was printed then.`
    : `${ORGANISATION} is there already: nothing has changed. ${who}, with the password: ${PASSWORD}`;
}
