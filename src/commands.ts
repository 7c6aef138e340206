import './node-version.js';
import 'reflect-metadata';
import { auditVerify } from './commands/audit-verify.js';
import { billingCheck, billingReconcile, billingSync } from './commands/billing.js';
import { createSuperuser } from './commands/create-superuser.js';
import { loadReference, migrateNow } from './commands/database.js';
import { purgeSessions } from './commands/purge-sessions.js';
import { rotateKeys } from './commands/rotate-keys.js';
import { resetSecondFactor } from './commands/reset-second-factor.js';
import { seedDemo } from './commands/seed-demo.js';
import { exitOnError, UsageError } from './exit-on-error.js';

interface Command {
  usage: string;
  what: string;
  /** Additional lines of the command's help. */
  more?: string;
  run(args: string[]): Promise<void>;
}

/** Commands of `npm run atrium -- <command>`. They work whether or not the application is running. */
const COMMANDS: Record<string, Command> = {
  'create-superuser': {
    usage: 'create-superuser <email>',
    what: 'makes a superuser; asks for the password, or reads it from standard input',
    run: createSuperuser,
  },
  'reset-second-factor': {
    usage: 'reset-second-factor <email>',
    what: 'removes the second factors of somebody who lost them, and signs them out',
    more: 'First make sure that it is them: from then on their password alone opens the account.',
    run: resetSecondFactor,
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
  'rotate-keys': {
    usage: 'rotate-keys',
    what: 'signs access tokens with a new key from now on; nobody is signed out',
    run: rotateKeys,
  },
  'audit-verify': {
    usage: 'audit-verify',
    what: 'reads the audit trail from end to end and names what was changed or is missing',
    run: auditVerify,
  },
  'purge-sessions': {
    usage: 'purge-sessions [--dry-run]',
    what: 'removes what is over: old sessions, links that have run out, files nothing points to',
    more: 'Workers do it once a day by themselves. --dry-run only counts; --force: see what it prints.',
    run: purgeSessions,
  },
  'billing-sync': {
    usage: 'billing-sync <organisation>',
    what: 'fetches subscription and invoices of one organisation (its id) from the payment provider',
    run: billingSync,
  },
  'billing-reconcile': {
    usage: 'billing-reconcile',
    what: 'compares all organisations with the payment provider and puts right what differs',
    more: 'Workers do it once a day by themselves. It should find nothing.',
    run: billingReconcile,
  },
  'billing-check': {
    usage: 'billing-check',
    what: 'compares the prices of the payment provider with the catalogue; fails where they differ',
    run: billingCheck,
  },
  'seed-demo': {
    usage: 'seed-demo',
    what: 'makes a demo organisation with people, projects and two months of activity',
    more: 'Prints how to sign in. Doing it again changes nothing. In production it is refused.',
    run: seedDemo,
  },
};

const HELP = new Set(['help', '--help', '-h']);

try {
  await main(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  exitOnError(error);
}

/** `help`, `help <command>` and `<command> --help` print help; anything else runs a command. */
async function main(words: string[]): Promise<void> {
  const asksHelp = words.some((word) => HELP.has(word));
  const [name, ...args] = words.filter((word) => !asksHelp || !HELP.has(word));
  if (!name) return console.log(help());
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UsageError(`There is no command "${name}".\n\n${help()}`);
  if (asksHelp) console.log(helpOf(command));
  else await command.run(args);
}

function help(): string {
  const lines = Object.values(COMMANDS).map(({ usage, what }) => `  ${usage.padEnd(28)}${what}`);
  return `Usage: npm run atrium -- <command>\n\n${lines.join('\n')}\n\n<command> --help says more about one of them.`;
}

function helpOf({ usage, what, more }: Command): string {
  const works = 'Works while the application runs, and while it does not.';
  return `Usage: npm run atrium -- ${usage}\n\nIt ${what}.${more ? `\n${more}` : ''}\n${works}`;
}
