import pg from 'pg';
import { listed } from '../../../src/core/features/registry.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';

let atrium: TestApp;
let browser: Browser;
const original = pg.Client.prototype.query;
let statements: string[] = [];
/** What was sent and what was answered, in the order it happened. */
let course: Array<'sent' | 'answered'> = [];

/** What frames a statement is not one of its own: it travels in the same round trip. */
const FRAME = /^\s*(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|select set_config)/i;

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  ({ browser } = await atrium.people.adminOf('Acme', 'anna@acme.example'));
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === 'string' ? first : (first as { text?: string } | null)?.text;
    if (text && !FRAME.test(text)) {
      statements.push(text.replace(/\s+/g, ' ').trim());
      follow(first as Followed);
    }
    return Reflect.apply(original, this, args) as never;
  };
});
afterAll(async () => {
  pg.Client.prototype.query = original;
  await atrium.stop();
});

type Followed = { callback?: (...given: unknown[]) => void };

function follow(query: Followed): void {
  const { callback } = query;
  if (!callback) return;
  course.push('sent');
  query.callback = (...given) => {
    course.push('answered');
    callback(...given);
  };
}

/** How often something was sent after an answer had been waited for. */
const roundTrips = () =>
  course.filter((step, at) => step === 'sent' && course[at - 1] !== 'sent').length;

/** The statements of one visit, once whatever is read once per process has been read. */
async function visit(path: string, visitor = browser, status = 200): Promise<string[]> {
  await visitor.visit(path);
  [statements, course] = [[], []];
  expect((await visitor.visit(path)).status).toBe(status);
  return statements;
}

const ofPrincipal = (all: string[]) => all.filter((text) => text.includes('FROM session s'));

test('every page authenticates with one statement', async () => {
  for (const path of ['/', '/dashboard/', '/profile/', '/profile/complete/']) {
    expect([path, ofPrincipal(await visit(path)).length]).toEqual([path, 1]);
  }
  expect(ofPrincipal(await visit('/no/such/page', browser, 404))).toHaveLength(1);
});

test('the dashboard of an admin needs four statements, and one for each kind of rows that falls due', async () => {
  // Principal, numbers, activity, checklist.
  const ofAgenda = ({ length }: string[]) => length - 4;
  expect(ofAgenda(await visit('/dashboard/'))).toBe(listed('agenda').length);
});

test('the activity of an organisation needs at most three statements', async () => {
  expect((await visit('/settings/activity/')).length).toBeLessThanOrEqual(3);
});

test('a section of the profile needs at most three statements', async () => {
  for (const name of ['', 'security/', 'notifications/', 'data/']) {
    const path = `/profile/${name}`;
    expect([path, (await visit(path)).length]).toEqual([path, 2]);
  }
});

test('the notifications need two statements: the number of unread ones comes with the principal', async () => {
  expect(await visit('/notifications/')).toHaveLength(2);
});

test('a page takes two round trips: one for the principal, one for all it shows', async () => {
  await browser.visit('/projects/new/');
  await browser.submit('/projects/new/', { name: 'New kitchen' });
  for (const path of ['/dashboard/', '/projects/', '/settings/users/', '/settings/activity/']) {
    await visit(path);
    expect([path, roundTrips()]).toEqual([path, 2]);
  }
});

test('an anonymous request takes no statement, a probe one, a file none', async () => {
  expect(await visit('/', atrium.browser())).toEqual([]);
  expect(await visit('/login/', atrium.browser())).toEqual([]);
  expect(await visit('/health/')).toHaveLength(1);
  expect(await visit('/health/live')).toEqual([]);
  const page = await browser.visit('/');
  const file = page.document.querySelector('link[rel="stylesheet"]')!.getAttribute('href')!;
  expect(await visit(file)).toEqual([]);
});
