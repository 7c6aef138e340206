import 'reflect-metadata';
import { auditVerify } from './commands/audit-verify.js';
import { createSuperuser } from './commands/create-superuser.js';
import { loadReference, migrateNow } from './commands/database.js';
import { failed, UsageError } from './failed.js';

interface Command {
  usage: string;
  what: string;
  run(args: string[]): Promise<void>;
}

/** `npm run atrium -- <command>`. They work while the application runs, and while it does not. */
const COMMANDS: Record<string, Command> = {
  'create-superuser': {
    usage: 'create-superuser <email>',
    what: 'makes a superuser; asks for the password, or reads it from standard input',
    run: createSuperuser,
  },
  migrate: {
    usage: 'migrate',
    what: 'brings the database up to date',
    run: migrateNow,
  },
  'load-reference-data': {
    usage: 'load-reference-data',
    what: 'loads countries, languages, time zones and currencies again; what is there stays',
    run: loadReference,
  },
  'audit-verify': {
    usage: 'audit-verify',
    what: 'reads the audit trail from end to end and names what was changed or is missing',
    run: auditVerify,
  },
};

try {
  await main(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  failed(error);
}

async function main([name, ...args]: string[]): Promise<void> {
  if (!name || ['help', '--help', '-h'].includes(name)) {
    console.log(help());
    return;
  }
  const command = COMMANDS[name];
  if (!command) throw new UsageError(`There is no command "${name}".\n\n${help()}`);
  await command.run(args);
}

function help(): string {
  const lines = Object.values(COMMANDS).map(({ usage, what }) => `  ${usage.padEnd(28)}${what}`);
  return `Usage: npm run atrium -- <command>\n\n${lines.join('\n')}`;
}
