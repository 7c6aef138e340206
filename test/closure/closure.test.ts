import { RequestMethod, type ExecutionContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { ClosureReminders } from '../../src/closure/closure-reminders.service.js';
import { ErasureRepository } from '../../src/closure/erasure/erasure.repository.js';
import { Erasure } from '../../src/closure/erasure/erasure.service.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { ReadOnlyGuard, worksClosed } from '../../src/core/entitlements/read-only.guard.js';
import { apiScopes } from '../../src/core/features/registry.js';
import { accessOf } from '../../src/core/http/access/access.js';
import { startApp, type TestApp } from '../support/app.js';
import { linkIn, plain } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

/** The constraint that is named when the moment of erasure is not to be written so. */
const REFUSED = 'tenant_closing_time';

const close = ({ browser }: Person, organization: string) =>
  browser.fill('/settings/closure/', { organization });

async function reopen({ browser }: Person) {
  await browser.visit('/settings/closure/');
  return browser.submit('/settings/closure/reopen/');
}

const stateOf = async ({ tenantId }: Person) =>
  (
    await atrium.sql<{ closed: boolean; days: number | null; erasing: boolean }>(
      `SELECT erase_at IS NOT NULL AS closed, round(extract(epoch FROM erase_at - now()) / 86400)::int AS days,
         erasing_since IS NOT NULL AS erasing FROM tenant WHERE id = $1`,
      [tenantId],
    )
  )[0];

const trailOf = ({ tenantId }: Person) =>
  atrium.sql<{ action: string }>(
    `SELECT action FROM audit_entry WHERE tenant_id = $1 AND action LIKE 'tenant.%' ORDER BY position`,
    [tenantId],
  );

test('an admin closes the organisation by its name, everybody reads on and is told, and another admin reopens it', async () => {
  const anna = await atrium.people.adminOf('Ketje & Co', 'anna@ketje.test');
  const bert = await atrium.people.adminOf('Ketje & Co', 'bert@ketje.test');
  const cleo = await atrium.people.memberOf('Ketje & Co', 'cleo@ketje.test');
  await anna.browser.visit('/settings/users/');
  await anna.browser.submit('/settings/users/', { email: 'guest@ketje.test', role: 'member' });
  const invitation = linkIn(await atrium.mails.expect('guest@ketje.test'));
  const general = await anna.browser.visit('/settings/general/');
  expect(general.at('#danger-title')).toBe('Danger zone');
  expect(general.text).toContain('Read-only for 30 days, then everything is erased.');
  expect(general.response.text).toContain('href="/settings/closure/"');

  const wrong = await close(anna, 'Ketje');
  expect([wrong.status, wrong.errorOf('organization')]).toEqual([
    422,
    'This is not the name of your organisation. Type it exactly as it is shown.',
  ]);
  expect(wrong.value('organization')).toBe('Ketje');
  expect(await stateOf(anna)).toMatchObject({ closed: false });
  const closed = await close(anna, ' Ketje  & Co ');
  expect([closed.status, closed.location]).toEqual([303, '/settings/closure/']);
  expect(await stateOf(anna)).toEqual({ closed: true, days: 30, erasing: false });

  for (const address of ['anna@ketje.test', 'bert@ketje.test']) {
    const mail = await atrium.mails.expect(address, /is closed/);
    expect(mail.text).toContain('Anna closed Ketje & Co');
    expect(mail.text).toContain('30 more days');
  }
  const seen = await cleo.browser.visit('/dashboard/');
  expect(seen.at('[data-closing-notice]')).toMatch(
    /^Ketje & Co is closed and can only be read. Everything is erased on .*\d{4}\.$/,
  );
  expect((await bert.browser.visit('/projects/')).at('[data-closing-notice]')).toContain(
    'Reopen it',
  );
  expect((await atrium.browser().visit(invitation)).at('h1')).toBe('This link no longer works');

  const undone = await reopen(bert);
  expect([undone.status, undone.location]).toEqual([303, '/settings/general/']);
  expect(await stateOf(anna)).toEqual({ closed: false, days: null, erasing: false });
  expect((await atrium.mails.expect('anna@ketje.test', /is open again/)).text).toContain('Bert');
  expect((await cleo.browser.visit('/dashboard/')).response.text).not.toContain(
    'data-closing-notice',
  );
  const made = await cleo.browser.fill('/projects/new/', { name: 'Back' });
  expect(made.status).toBe(303);
  expect((await trailOf(anna)).map(({ action }) => action)).toEqual([
    'tenant.closing',
    'tenant.reopened',
  ]);
});

test('in a closed organisation pages, API and API keys read, and every change is refused with nothing lost', async () => {
  const dan = await atrium.people.adminOf('Still', 'dan@still.test');
  const eve = await atrium.people.memberOf('Still', 'eve@still.test');
  const machine = atrium.api().showing(await atrium.people.keyOf('Still', apiScopes()));
  const person = await atrium.api().login('eve@still.test', PASSWORD);
  await close(dan, 'Still');

  const refused = await eve.browser.fill('/projects/new/', { name: 'Written for an hour' });
  expect([refused.status, refused.at('h1')]).toEqual([403, 'This organisation is closed']);
  expect(refused.text).toContain('Written for an hour');
  expect(refused.text).toContain('Ask an admin of your organisation');
  for (const client of [machine, person]) {
    expect((await client.get('/projects')).status).toBe(200);
    const answer = await client.post('/projects', { name: 'Not now' });
    expect([answer.status, answer.body.type]).toEqual([
      403,
      'http://atrium.test/problems/organization-closed',
    ]);
    expect(answer.body.detail).toContain('Your organisation is closed');
  }
  expect((await machine.get('/tenant')).status).toBe(200);
  expect((await dan.browser.fill('/settings/data/')).status).toBe(303);
  expect((await atrium.mails.expect('dan@still.test', /ready/)).subject).toContain('ready');
  // One's own account is no part of the organisation.
  await eve.browser.visit('/profile/preferences/');
  expect((await eve.browser.submit('/logout/')).status).toBe(303);
});

test('a closed organisation is closed and reopened through the API by its admins in person', async () => {
  const fay = await atrium.people.adminOf('Wire', 'fay@wire.test');
  await atrium.people.memberOf('Wire', 'gus@wire.test');
  const admin = await atrium.api().login('fay@wire.test', PASSWORD);
  const member = await atrium.api().login('gus@wire.test', PASSWORD);
  const machine = atrium.api().showing(await atrium.people.keyOf('Wire', apiScopes()));
  for (const client of [member, machine]) {
    expect((await client.post('/tenant/closure', { organization: 'Wire' })).status).toBe(403);
  }
  expect((await admin.get('/tenant/closure')).status).toBe(404);
  const wrong = await admin.post('/tenant/closure', { organization: 'Wired' });
  expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/organization']);
  const closed = await admin.post('/tenant/closure', { organization: 'Wire' });
  expect(closed.status).toBe(200);
  const { closed_at, erase_at, closed_by } = closed.body as Record<string, string>;
  expect(closed_by).toBe('Fay');
  expect(Date.parse(erase_at!) - Date.parse(closed_at!)).toBe(30 * 86_400_000);
  expect((await admin.get('/tenant/closure')).body).toEqual(closed.body);
  for (const client of [member, machine]) {
    expect((await client.send('DELETE', '/tenant/closure')).status).toBe(403);
  }
  expect((await admin.send('DELETE', '/tenant/closure')).status).toBe(204);
  expect((await admin.send('DELETE', '/tenant/closure')).status).toBe(204);
  expect(await stateOf(fay)).toMatchObject({ closed: false });
});

test('who has no name yet is named by the address in mails about closing and reopening', async () => {
  const pia = await atrium.people.adminOf('Nameless', 'pia@nameless.test');
  await atrium.sql('UPDATE user_profile SET display_name = NULL WHERE id = $1', [pia.profileId]);
  await close(pia, 'Nameless');
  const closed = await atrium.mails.expect('pia@nameless.test', /is closed/);
  expect(plain(closed)).toContain('pia@nameless.test closed Nameless');
  await reopen(pia);
  const open = await atrium.mails.expect('pia@nameless.test', /is open again/);
  expect(plain(open)).toContain('pia@nameless.test reopened Nameless');
});

test('closing asks for a recent proof of who somebody is', async () => {
  const hal = await atrium.people.adminOf('Proof', 'hal@proof.test');
  await atrium.sql(
    `UPDATE session SET authenticated_at = now() - interval '11 minutes' WHERE user_id = $1`,
    [hal.userId],
  );
  const asked = await close(hal, 'Proof');
  expect(asked.status).not.toBe(200);
  expect(await stateOf(hal)).toMatchObject({ closed: false });
});

test('two admins who close at once close it once, and closing and reopening at once leave one of both', async () => {
  const ida = await atrium.people.adminOf('Twice', 'ida@twice.test');
  const jan = await atrium.people.adminOf('Twice', 'jan@twice.test');
  for (const { browser } of [ida, jan]) await browser.visit('/settings/closure/');
  const answers = await Promise.all(
    [ida, jan].map(({ browser }) =>
      browser.submit('/settings/closure/', { organization: 'Twice' }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  expect((await trailOf(ida)).map(({ action }) => action)).toEqual(['tenant.closing']);
  await atrium.mails.expect('ida@twice.test', /is closed/);
  const told = await atrium.mails.to('ida@twice.test');
  expect(told.filter(({ subject }) => subject === 'Twice is closed')).toHaveLength(1);

  for (let round = 0; round < 3; round++) {
    const both = await Promise.all([reopen(ida), close(jan, 'Twice').catch(() => null)]);
    expect(both[0].status).toBe(303);
    const trail = (await trailOf(ida)).map(({ action }) => action);
    const { closed } = (await stateOf(ida))!;
    expect(trail.at(-1)).toBe(closed ? 'tenant.closing' : 'tenant.reopened');
    for (const [index, action] of trail.entries()) {
      expect(action).toBe(index % 2 === 0 ? 'tenant.closing' : 'tenant.reopened');
    }
    if (!closed) await close(ida, 'Twice');
  }
});

test('nobody joins and no key is made in an organisation that closes at that moment', async () => {
  const kim = await atrium.people.adminOf('Moment', 'kim@moment.test');
  const { owner } = atrium.database;
  const joining = await owner.connect();
  const closing = await owner.connect();
  try {
    await joining.query('BEGIN');
    await joining.query(
      `INSERT INTO invitation (tenant_id, email, role, token_hash, expires_at, state)
       VALUES ($1, 'late@moment.test', 'member', sha256('late'), now() + interval '1 day', 'pending')`,
      [kim.tenantId],
    );
    const closed = closing.query(
      `UPDATE tenant SET closing_since = now(), closing_notice = 30, erase_at = now() + interval '721 hours'
       WHERE id = $1`,
      [kim.tenantId],
    );
    await joining.query('COMMIT');
    await closed;
  } finally {
    joining.release();
    closing.release();
  }
  const pending = await atrium.sql(
    `SELECT FROM invitation WHERE tenant_id = $1 AND state = 'pending'`,
    [kim.tenantId],
  );
  expect(pending).toEqual([]);
  await expect(
    atrium.sql(
      `INSERT INTO api_key (tenant_id, name, prefix, key_hash, scopes)
       VALUES ($1, 'late', 'late', sha256('late key'), '{members:read}')`,
      [kim.tenantId],
    ),
  ).rejects.toThrow('the organisation is closed');
});

test('what was under way when the organisation closed is refused as in a closed one', async () => {
  const zoe = await atrium.people.adminOf('Under way', 'zoe@way.test');
  await close(zoe, 'Under way');
  const client = await atrium.api().login('zoe@way.test', PASSWORD);
  const { canActivate } = ReadOnlyGuard.prototype;
  // The guard saw an open one.
  ReadOnlyGuard.prototype.canActivate = () => Promise.resolve(true);
  try {
    const answer = await client.post('/invitations', { email: 'late@way.test' });
    expect([answer.status, answer.body.type]).toEqual([
      403,
      expect.stringContaining('organization-closed'),
    ]);
  } finally {
    ReadOnlyGuard.prototype.canActivate = canActivate;
  }
});

test('the database keeps the 30 days, whoever writes', async () => {
  const leo = await atrium.people.adminOf('Days', 'leo@days.test');
  await expect(
    atrium.sql(
      `UPDATE tenant SET closing_since = now(), closing_notice = 30, erase_at = now() + interval '29 days'
       WHERE id = $1`,
      [leo.tenantId],
    ),
  ).rejects.toThrow('ck_tenant_closing');
});

test('whoever writes for a request cannot shorten the 30 days, or skip a reminder', async () => {
  const lea = await atrium.people.adminOf('Clock', 'lea@clock.test');
  const client = await atrium.database.owner.connect();
  const as = async (role: string, change: string) => {
    try {
      await client.query('BEGIN');
      await client.query(
        `SELECT set_config('app.tenant_id', $1, true), set_config('role', $2, true)`,
        [lea.tenantId, role],
      );
      const { rowCount } = await client.query(
        `UPDATE tenant SET ${change} WHERE id = app_tenant_id()`,
      );
      return rowCount;
    } catch (error) {
      return (error as { constraint?: string }).constraint;
    } finally {
      await client.query('ROLLBACK');
    }
  };
  const closing = (since: string, notice: number) =>
    `closing_since = ${since}, closing_notice = ${notice}, erase_at = ${since} + interval '720 hours'`;
  try {
    expect(await as('app_user', closing('now()', 30))).toBe(1);
    expect(await as('app_user', closing(`now() - interval '1 hour'`, 30))).toBe(REFUSED);
    expect(await as('app_user', closing('now()', 1))).toBe(REFUSED);
    await close(lea, 'Clock');
    for (const change of [
      `erase_at = erase_at - interval '1 second'`,
      `closing_since = closing_since - interval '9 days', erase_at = erase_at - interval '9 days'`,
      `erase_at = erase_at + interval '1 day'`,
      'closing_notice = 1',
    ]) {
      expect([change, await as('app_user', change)]).toEqual([change, REFUSED]);
    }
    const [earlier, later] = [`erase_at - interval '1 second'`, `erase_at + interval '1 day'`];
    expect(await as('app_erasure', `erase_at = ${earlier}`)).toBe(REFUSED);
    expect(await as('app_erasure', `erase_at = ${later}, closing_notice = 1`)).toBe(1);
    expect(
      await as(
        'app_user',
        'closing_since = NULL, closing_by = NULL, closing_notice = NULL, erase_at = NULL',
      ),
    ).toBe(1);
  } finally {
    client.release();
  }
});

test('admins are reminded 7 days and 1 day before, once each, and nothing is erased sooner than a day after the last one', async () => {
  const mia = await atrium.people.adminOf('Remind', 'mia@remind.test');
  await close(mia, 'Remind');
  const send = () => Promise.all([1, 2].map(() => atrium.app.get(ClosureReminders).sendDue()));
  const shift = (hours: number) =>
    atrium.sql(
      `UPDATE tenant SET closing_since = now() + make_interval(hours => $2) - interval '30 days',
         erase_at = now() + make_interval(hours => $2) WHERE id = $1`,
      [mia.tenantId, hours],
    );
  await shift(24 * 7 + 1);
  await send();
  await shift(24 * 7 - 1);
  await send();
  await send();
  await atrium.mails.expect('mia@remind.test', /erased in 7 days/);
  // The workers stood still: the time is over, and nobody was told.
  await shift(-48);
  await atrium.app.get(Erasure).eraseDue();
  expect(await stateOf(mia)).toMatchObject({ closed: true, erasing: false });
  await send();
  await atrium.mails.expect('mia@remind.test', /erased tomorrow/);
  expect(await stateOf(mia)).toMatchObject({ closed: true, days: 1, erasing: false });
  await send();
  await atrium.app.get(Erasure).eraseDue();
  const subjects = (await atrium.mails.to('mia@remind.test')).map(({ subject }) => subject);
  expect(subjects.filter((subject) => subject.startsWith('Remind'))).toEqual([
    'Remind is closed',
    'Remind is erased in 7 days',
    'Remind is erased tomorrow',
  ]);
  expect(await stateOf(mia)).toMatchObject({ closed: true, erasing: false });
});

test('a reminder that is late says how many days are left', async () => {
  const max = await atrium.people.adminOf('Slow', 'max@slow.test');
  await close(max, 'Slow');
  await atrium.sql(
    `UPDATE tenant SET closing_since = now() - interval '700 hours', erase_at = now() + interval '71 hours'
     WHERE id = $1`,
    [max.tenantId],
  );
  await atrium.app.get(ClosureReminders).sendDue();
  const mail = await atrium.mails.expect('max@slow.test', /is erased/);
  expect(mail.subject).toBe('Slow is erased in 3 days');
});

test('of reopening and the start of the erasure at once one wins', async () => {
  const outcomes = new Set<string>();
  for (let round = 0; round < 6; round++) {
    const name = `Race ${round}`;
    const nora = await atrium.people.adminOf(name, `nora${round}@race.test`);
    await close(nora, name);
    await atrium.sql(
      `UPDATE tenant SET closing_since = now() - interval '31 days', closing_notice = 1,
         erase_at = now() - interval '1 minute' WHERE id = $1`,
      [nora.tenantId],
    );
    await nora.browser.visit('/settings/closure/');
    const begin = () =>
      runInContext({ tenantId: nora.tenantId }, () => atrium.app.get(ErasureRepository).begin());
    const [reopened, attempt] =
      round === 0
        ? [null, await begin()]
        : await Promise.all([nora.browser.submit('/settings/closure/reopen/'), begin()]);
    const { closed, erasing } = (await stateOf(nora))!;
    expect(erasing).toBe(closed);
    expect(attempt === null).toBe(!erasing);
    if (reopened && !erasing) expect(reopened.location).toBe('/settings/general/');
    outcomes.add(erasing ? 'erased' : 'reopened');
    if (!erasing) continue;
    // Too late: whoever asks is turned away, and the database refuses it to anybody.
    expect((await nora.browser.visit('/settings/closure/')).location).toContain(
      '/account/revoked/',
    );
    await expect(
      atrium.sql('UPDATE tenant SET is_active = true WHERE id = $1', [nora.tenantId]),
    ).rejects.toThrow('ck_tenant_erasing');
    await atrium.app.get(Erasure).eraseDue();
    expect(await stateOf(nora)).toBeUndefined();
  }
  expect(outcomes.has('erased')).toBe(true);
});

test('only these changes work in a closed organisation', () => {
  const reflector = new Reflector();
  const discovery = new DiscoveryService(atrium.app.get(ModulesContainer));
  const scanner = new MetadataScanner();
  const open: string[] = [];
  for (const { instance, metatype } of discovery.getControllers()) {
    if (!instance || !metatype) continue;
    const prototype = Object.getPrototypeOf(instance) as Record<string, () => void>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name]!;
      const method = RequestMethod[Reflect.getMetadata('method', handler) as number];
      const context = {
        getHandler: () => handler,
        getClass: () => metatype,
      } as unknown as ExecutionContext;
      if (!method || method === 'GET' || accessOf(reflector, context) !== 'permitted') continue;
      if (worksClosed(reflector, context)) open.push(`${metatype.name}.${name}`);
    }
  }
  expect(open.sort()).toEqual([
    'ApiKeysPageController.revoke',
    'ClosureApiController.close',
    'ClosureApiController.reopen',
    'ClosurePageController.close',
    'ClosurePageController.reopen',
    'DataPageController.request',
  ]);
});
