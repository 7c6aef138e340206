import { startApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/waiting.js';
import type { Person } from '../support/people.js';
import { Organisation, travel } from '../billing/organisation.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ BILLING_PROVIDER: 'sandbox' })));
afterAll(() => atrium.stop());

const card = async ({ browser }: Person) => {
  const page = await browser.visit('/dashboard/');
  const links = page.document.querySelectorAll('[aria-labelledby="plan-title"] a');
  return {
    text: page.at('[aria-labelledby="plan-title"]'),
    links: links.map((link) => link.getAttribute('href')),
  };
};

test('the dashboard tells of the plan, and members see no price and no way to it', async () => {
  const acme = await Organisation.make(atrium, 'Acme');
  const member = await atrium.people.memberOf('Acme', 'member@acme.test');
  const said = async (...parts: string[]) => {
    const [admins, members] = [await card(acme.admin), await card(member)];
    for (const part of parts) {
      expect(admins.text).toContain(part);
      expect(members.text).toContain(part);
    }
    expect(admins.links).toEqual(['/settings/billing/']);
    expect(members.links).toEqual([]);
    for (const { text } of [admins, members]) expect(text).not.toContain('€');
  };
  await said('Free', '2 of 3 members');
  await acme.subscribe('good');
  await acme.becomes('trial');
  await said('Team', 'Trial', '14 days of trial left', '2 of 2 seats used');
  await travel(atrium, 14.5);
  await acme.becomes('full');
  await said('Team', 'Active', '2 of 2 seats used');
  await acme.card('failing');
  await travel(atrium, 31);
  await acme.becomes('grace');
  await said('Team', 'Payment overdue', 'can only read from');
  // A notification that is dealt with later sets the end of the grace period anew.
  await eventually(async () => {
    await atrium.sql(`UPDATE tenant SET access_until = now() - interval '1 hour' WHERE id = $1`, [
      acme.tenantId,
    ]);
    const texts = [(await card(acme.admin)).text, (await card(member)).text];
    return texts.every((text) => text.includes('can only read for now'));
  });
});

test('staff who act on behalf find no way to billing', async () => {
  const { admin } = await Organisation.make(atrium, 'Globex');
  await atrium.people.staff('staff@globex.test', true);
  const { browser } = await atrium.people.signedIn('staff@globex.test');
  const why = { reason: 'Looks at the dashboard of a customer', mode: 'look' };
  await browser.fill(`/admin/users/${admin.userId}/act/`, why);
  const seen = await card({ ...admin, browser });
  expect(seen.text).toContain('Free');
  expect(seen.links).toEqual([]);
});
