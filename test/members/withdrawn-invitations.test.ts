import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());

interface Withdrawn {
  id: string;
  /** Path of the link in the mail. */
  link: string;
  /** Path and fields of the undo that the message offered. */
  path: string;
  fields: Record<string, string>;
}

/** Invites an address, withdraws the invitation, and returns the undo that is offered. */
async function withdrawn(email: string, role = 'member'): Promise<Withdrawn> {
  await anna.browser.fill('/settings/users/', { action: 'invite', email, role });
  const link = linkIn(await atrium.mails.expect(email, /invite/));
  return { link, ...(await withdraw(email)) };
}

async function withdraw(email: string) {
  const [{ id } = { id: '' }] = await atrium.sql<{ id: string }>(
    `SELECT id FROM invitation WHERE email = $1 AND state = 'pending'`,
    [email],
  );
  const cancel = { action: 'cancel', invitation_id: id };
  const page = await anna.browser.follow(await anna.browser.post('/settings/users/', cancel));
  expect(page.text).toContain(`The invitation to ${email} is withdrawn.`);
  const path = `/settings/users/invitations/${id}/undo/`;
  const { cancelled_at = '' } = page.form(path);
  return { id, path, fields: { cancelled_at } };
}

const stateOf = async ({ id }: { id: string }) =>
  (await atrium.sql<{ state: string }>('SELECT state FROM invitation WHERE id = $1', [id]))[0]!
    .state;

const undo = ({ path, fields }: Withdrawn, by = anna) => by.browser.post(path, fields);

test('withdrawing an invitation can be undone: the link in the mail works again', async () => {
  const gone = await withdrawn('back@guest.test');
  expect((await atrium.browser().visit(gone.link)).text).toContain('no longer');
  const page = await anna.browser.follow(await undo(gone));
  expect(page.text).toContain('The invitation to back@guest.test holds again.');
  expect(await stateOf(gone)).toBe('pending');
  expect((await atrium.browser().visit(gone.link)).status).toBe(200);
  const activity = await anna.browser.visit('/settings/activity/');
  expect(activity.text).toContain('brought the invitation of back@guest.test back');
  expect((await anna.browser.visit('/dashboard/')).text).toContain('brought the invitation');
});

test('it works once: the undo of an earlier withdrawal does not undo a later one', async () => {
  const gone = await withdrawn('once@guest.test');
  await undo(gone);
  expect((await undo(gone)).status).toBe(422);
  await withdraw('once@guest.test');
  expect((await undo(gone)).status).toBe(422);
  expect(await stateOf(gone)).toBe('cancelled');
  const two = await withdrawn('tabs@guest.test');
  const answers = await Promise.all([undo(two), undo(two)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
});

test('not after the invitation would have expired', async () => {
  const gone = await withdrawn('late@guest.test');
  await atrium.sql('ALTER TABLE invitation DISABLE TRIGGER stamp_audit');
  await atrium.sql('UPDATE invitation SET expires_at = now() WHERE id = $1', [gone.id]);
  await atrium.sql('ALTER TABLE invitation ENABLE TRIGGER stamp_audit');
  const refused = await undo(gone);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('cannot be brought back');
});

test('not where the address was invited anew, even if that was withdrawn too', async () => {
  const gone = await withdrawn('anew@guest.test');
  await anna.browser.fill('/settings/users/', {
    action: 'invite',
    email: 'anew@guest.test',
    role: 'member',
  });
  expect((await undo(gone)).status).toBe(422);
  await withdraw('anew@guest.test');
  expect((await undo(gone)).status).toBe(422);
  expect(await stateOf(gone)).toBe('cancelled');
});

test('not where the address has joined an organisation meanwhile', async () => {
  const gone = await withdrawn('joined@guest.test');
  await atrium.people.memberOf('Acme', 'joined@guest.test');
  const refused = await undo(gone);
  expect([refused.status, await stateOf(gone)]).toEqual([422, 'cancelled']);
});

test('not by members, and not by another organisation', async () => {
  const gone = await withdrawn('theirs@guest.test');
  const member = await atrium.people.memberOf('Acme', 'member@acme.test');
  const gus = await atrium.people.adminOf('Globex', 'gus@globex.test');
  expect((await undo(gone, member)).status).toBe(403);
  expect((await undo(gone, gus)).status).toBe(404);
  expect((await anna.browser.post(gone.path, { cancelled_at: 'never' })).status).toBe(422);
  expect(await stateOf(gone)).toBe('cancelled');
});

test('an invitation that is brought back needs room in the plan', async () => {
  const sold = await startApp({ BILLING_PROVIDER: 'sandbox' });
  try {
    const bea = await sold.people.adminOf('Three', 'bea@three.test');
    const invite = (email: string) =>
      bea.browser.fill('/settings/users/', { action: 'invite', email, role: 'member' });
    await invite('one@guest.test');
    const [row] = await sold.sql<{ id: string }>('SELECT id FROM invitation');
    const cancel = { action: 'cancel', invitation_id: row!.id };
    const page = await bea.browser.follow(await bea.browser.post('/settings/users/', cancel));
    const path = `/settings/users/invitations/${row!.id}/undo/`;
    const fields = page.form(path);
    await invite('two@guest.test three@guest.test');
    expect((await bea.browser.post(path, fields)).status).toBe(402);
    const [{ state } = { state: '' }] = await sold.sql<{ state: string }>(
      'SELECT state FROM invitation WHERE id = $1',
      [row!.id],
    );
    expect(state).toBe('cancelled');
  } finally {
    await sold.stop();
  }
});
