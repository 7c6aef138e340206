import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED_TESTS } from './generated-tests.js';
import { FOLDER, Scratch } from './scratch.js';

/** Every kind of field, and every modifier. */
export const VENUES = [
  'name:text!:unique',
  'owner:member',
  'summary:multiline:searchable',
  'seats:integer=12',
  'rate:decimal',
  'budget:money!',
  'opened:date!',
  'opens_at:time!',
  'outdoor:boolean',
  'kind:choice(hall,garden)',
  'contact_email:email:unique',
  'website:url',
  'country:reference(country)!',
  'spoken:reference(language)',
  'counts_in:reference(currency)=EUR',
  'zone:reference(timezone)',
  'floor_plan:file',
];

/** With a status, a number, and a title of another name. */
export const QUOTES = ['number:number', 'subject:text!', 'due:date', 'status:choice(draft,sent)'];

/** Of two words, with a row of each kind that it cannot be without. */
export const PURCHASE_ORDERS = [
  'number:number',
  'subject:text!',
  'status:choice(draft,sent)',
  'venue:belongs-to(venues)!',
  'buyer:member!',
];

/** Of which an admin can add sample data, and whose parent has some. */
export const TRAININGS = [
  'topic:text!',
  'held_on:date!',
  'begins_at:time!',
  'price:money!',
  'seats:integer!',
  'rate:decimal!',
  'online:boolean',
  'notes:multiline',
  'country:reference(country)!',
  'status:choice(planned,done)',
  'trainer:member!',
];
export const LESSONS = ['title:text!', 'training:belongs-to(trainings)!'];

/** What a line of a quote holds. */
export const LINES = ['description:text!', 'quantity:decimal!', 'unit_price:money!'];

/** What makes five modules, and adds to them. */
const COMMANDS = [
  ['make:module', 'venues', ...VENUES],
  ['make:module', 'purchase-orders', ...PURCHASE_ORDERS],
  [
    'make:module',
    'quotes',
    ...QUOTES,
    '--writers=admin',
    '--nl=offerte/offertes',
    '--fr=devis/devis',
  ],
  ['make:module', 'trainings', ...TRAININGS],
  ['make:module', 'lessons', ...LESSONS],
  ['make:field', 'quotes', 'country:reference(country)', 'owner:member', 'signed_copy:file'],
  ['make:relation', 'quotes', 'venues'],
  [
    'make:field',
    'quotes',
    'paid_on:date',
    'total:money',
    'channel:choice(web,shop)',
    'order:belongs-to(purchase_orders)',
  ],
  ['make:lines', 'quotes', ...LINES],
  ['make:field', 'purchase_orders', 'due:date', 'carrier:choice(road,rail)'],
  ['make:field', 'venues', 'code:number'],
  ['make:job', 'quotes', 'send_reminders'],
  ['make:job', 'quotes', 'close-month', '--every=month', '--at=2'],
  ['make:mail', 'quotes', 'quote_sent'],
  ['make:tab', 'purchase_orders'],
  ['make:job', 'purchase-orders', 'chase', '--every=week'],
  ['make:mail', 'purchase_orders', 'order_sent'],
];

export async function generate(copy: Scratch): Promise<void> {
  for (const command of COMMANDS) await copy.run('scripts/atrium.mjs', ...command);
}

/** Runs the tests of the modules, and those of the foundation that look at their tables. */
export async function testGenerated(copy: Scratch): Promise<void> {
  for (const [path, text] of Object.entries(GENERATED_TESTS)) copy.write(path, text);
  await copy.test(
    'test/quotes',
    'test/purchase-orders',
    'test/venues',
    'test/trainings/sample-data',
    'test/architecture/drift',
    'test/core/sql-rows',
    'test/isolation/permissions',
    'test/isolation/tables',
  );
}

/** Where the run on one engine tells the next one which copy it has left. */
const LEFT = FOLDER && join(FOLDER, 'generated');

/** All is generated, and somebody has read the texts. */
export function finish(copy: Scratch): void {
  copy.write('test/i18n/review.json', '{}\n');
  if (LEFT) writeFileSync(LEFT, copy.root);
}

/** Removes the copy, unless the run on the next engine uses it. */
export function leave(copy: Scratch): void {
  if (!LEFT || !existsSync(LEFT)) copy.end();
}

/** The copy that a run before this one has left, or one that is generated now. */
export async function leftOrGenerated(): Promise<Scratch> {
  if (LEFT && existsSync(LEFT)) return new Scratch(readFileSync(LEFT, 'utf8'));
  const copy = new Scratch();
  await generate(copy);
  finish(copy);
  return copy;
}
