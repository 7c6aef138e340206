import { parseArgs } from 'node:util';
import { root, runNode } from '../support/project.mjs';
import { makeJob } from './additions/job.mjs';
import { addLines } from './additions/lines.mjs';
import { makeMail } from './additions/mail.mjs';
import { makeRelation } from './additions/relation.mjs';
import { makeTab } from './additions/tab.mjs';
import { KINDS } from './kinds/index.mjs';
import { makeField, makeModule, unmakeModule } from './module.mjs';
import { Refused } from './refused.mjs';
import { Tree } from './tree.mjs';

/** Commands of development that write code: `npm run atrium -- make:module …`. */
export const MAKE = {
  'make:module': {
    usage: 'make:module <plural> <field:kind> …',
    what: 'writes a module: table, pages, API, back office, texts and tests',
    run: makeModule,
    options: ['writers', 'nl', 'fr'],
    more: `Fields are name:kind, with (options), ! where required, and modifiers:
  :unique       in the organisation
  :searchable   found by the search of the list
  =<value>      what it is where nothing is entered
Kinds: ${Object.keys(KINDS).join(', ')}.
The first required text names a row. A choice "status" filters the list. A number is given by the database, 2026-0001.
A file is added on the page of the row.

  --writers=admin only admins change rows; by default every member does
  --nl=… --fr=…   the noun in Dutch and French: singular/plural

Examples
  npm run atrium -- make:module quotes number:number customer:text!:searchable due:date amount:money 'status:choice(draft,sent,paid)'
  npm run atrium -- make:module contacts name:text! email:email:unique owner:member 'country:reference(country)' notes:multiline:searchable
  npm run atrium -- make:module contracts title:text! ends_on:date document:file
  npm run atrium -- make:module purchase_orders subject:text! 'supplier:belongs-to(suppliers)!' buyer:member!
  npm run atrium -- make:module quotes number:number subject:text! 'customer:belongs-to(customers)' --nl=offerte/offertes --fr=devis/devis --dry-run`,
  },
  'make:field': {
    usage: 'make:field <plural> <field:kind> …',
    what: 'adds a field to a module, with its migration',
    run: makeField,
    more: `Example
  npm run atrium -- make:field quotes paid_on:date
  npm run atrium -- make:field quotes 'project:belongs-to(projects)'`,
  },
  'make:lines': {
    usage: 'make:lines <plural> <field:kind> …',
    what: 'gives the rows of a module lines, in their form, with a migration',
    run: addLines,
    more: `Example
  npm run atrium -- make:lines quotes description:text! quantity:decimal! price:money!`,
  },
  'make:relation': {
    usage: 'make:relation <children> <parents>',
    what: 'lets the rows of a module belong to those of another',
    run: makeRelation,
    more: `The form of a child offers the parents, and the page of a parent lists its children.

Examples
  npm run atrium -- make:relation quotes customers
  npm run atrium -- make:relation quotes customers payer     the field is called payer`,
  },
  'make:job': {
    usage: 'make:job <plural> <name>',
    what: 'adds a job that each organisation has once per period',
    run: makeJob,
    options: ['every', 'at'],
    more: `  --every=day     or week (on Monday), or month (on the first)
  --at=7          hour of the day, 0 to 23, in the time zone of the organisation

Examples
  npm run atrium -- make:job quotes send_reminders
  npm run atrium -- make:job quotes close_month --every=month --at=2`,
  },
  'make:mail': {
    usage: 'make:mail <plural> <name>',
    what: 'adds a mail of a module: declaration, texts, views and sample',
    run: makeMail,
    more: `Send it inside the unit of work: this.mailer.send(email, 'quote-sent', { name, url })

Example
  npm run atrium -- make:mail quotes quote_sent`,
  },
  'make:tab': {
    usage: 'make:tab <plural>',
    what: 'adds a settings tab of a module, at /settings/<plural>/',
    run: makeTab,
    more: `Example
  npm run atrium -- make:tab quotes`,
  },
  'unmake:module': {
    usage: 'unmake:module <plural>',
    what: 'takes back a module whose migration is not committed yet',
    run: unmakeModule,
    more: 'Databases of your own that have run its migration need `DROP TABLE` and a line less in `migrations`.',
  },
};

const OPTIONS = {
  'dry-run': { type: 'boolean', default: false },
  'allow-dirty': { type: 'boolean', default: false },
  singular: { type: 'string' },
  writers: { type: 'string' },
  every: { type: 'string' },
  at: { type: 'string' },
  nl: { type: 'string' },
  fr: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
};

/** Options that only some commands have. */
const SPECIAL = ['writers', 'every', 'at', 'nl', 'fr'];

/** Runs a command and returns the exit code. All of it is written, or nothing. */
export async function make(name, args) {
  try {
    const command = MAKE[name];
    if (!command)
      throw new Refused(
        `There is no command "${name}". There are: ${Object.keys(MAKE).join(', ')}.`,
      );
    const { values, positionals } = options(args);
    if (values.help) {
      console.log(helpOf(command));
      return 0;
    }
    requireKnown(name, command, values);
    const tree = new Tree(root);
    if (!values['dry-run'] && !values['allow-dirty']) tree.requireClean();
    const nouns = { nl: values.nl, fr: values.fr };
    await command.run(tree, positionals, {
      singular: values.singular,
      writers: values.writers,
      every: values.every,
      at: values.at,
      nouns,
    });
    if (values['dry-run']) {
      console.log(await tree.diff());
      return 0;
    }
    const paths = await tree.commit();
    await runNode(['scripts/text-keys.mjs']);
    console.log(`${paths.map((path) => `  ${path}`).join('\n')}\n\n${NEXT[name] ?? ''}`);
    return 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.error(error.message);
    return 1;
  }
}

const NEXT = {
  'make:module': `Next: read i18n/nl and i18n/fr and take the module out of test/i18n/review.json, then
  npm run dev
  npm run check
  npm test -- test/<module> test/architecture test/isolation`,
  'make:lines': 'Next: read their words in i18n/nl and i18n/fr, then npm run check.',
  'make:field': 'Next: read its words in i18n/nl and i18n/fr, then npm run check.',
  'make:relation': 'Next: read its words in i18n/nl and i18n/fr, then npm run check.',
  'make:job': 'Next: write what it does in the method run, and what is expected in its test.',
  'make:mail':
    'Next: write its texts in i18n, look at it under /dev/mail/, and send it where its cause is.',
  'make:tab': 'Next: write what can be set there into its controller and view.',
};

function options(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Refused(error.message.split('. ')[0] + '.');
  }
}

/** @throws Refused for an option of another command */
function requireKnown(name, { options: own = [] }, values) {
  const odd = SPECIAL.find((option) => values[option] !== undefined && !own.includes(option));
  if (odd) throw new Refused(`${name} has no option --${odd}.`);
}

function helpOf({ usage, what, more }) {
  return `Usage: npm run atrium -- ${usage}\n\nIt ${what}.\n${more}\n
  --dry-run       shows what would be written
  --allow-dirty   also where changes are not committed
  --singular=…    where English makes it differently (children: --singular=child)`;
}

/** Lines for the list of all commands. */
export function makeLines() {
  return Object.values(MAKE).map(({ usage, what }) => `  ${usage.padEnd(40)}${what}`);
}
