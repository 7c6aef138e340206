import { randomBytes } from 'node:crypto';
import { currentContext, runInContext } from '../../src/core/context/request-context.js';
import { identityRole } from '../../src/core/database/privileged/identity.role.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { ImpersonationRepository } from '../../src/impersonation/impersonation.repository.js';
import { type Person } from '../support/people.js';
import { REASON, LOOKING, CHANGING, Stage, banner } from './stage.js';

let stage: Stage;
beforeAll(async () => void (stage = await Stage.open()));
beforeEach(() => stage.reset());
afterAll(() => stage.close());

describe('a superuser begins', () => {
  test('from the page of a person, sees what that person sees, and is told so on every page', async () => {
    const page = await stage.root.browser.visit(`/admin/users/${stage.anna.userId}/`);
    const link = page.document
      .querySelectorAll('main a')
      .find((a) => a.textContent === 'Act on behalf')!;
    expect(link.getAttribute('href')).toBe(`/admin/users/${stage.anna.userId}/act/`);
    const form = await stage.root.browser.visit(link.getAttribute('href')!);
    expect(form.at('h1')).toBe('Act on behalf of Anna');
    // Read only is the default.
    expect(form.form(`/admin/users/${stage.anna.userId}/act/`)).toMatchObject({
      mode: 'look',
      minutes: '30',
    });

    const begun = await stage.root.browser.submit(`/admin/users/${stage.anna.userId}/act/`, {
      reason: REASON,
    });
    expect([begun.status, begun.location]).toEqual([303, '/dashboard/']);
    for (const path of ['/dashboard/', '/settings/users/', '/profile/', '/', '/nowhere/']) {
      const seen = await stage.root.browser.visit(path);
      expect([path, banner(seen)]).toEqual([
        path,
        expect.stringMatching(/^Root is acting as Anna until \d\d:\d\d UTC – read only\.$/),
      ]);
      expect(seen.document.querySelector('section.acting [data-dismiss]')).toBeNull();
    }
    expect((await stage.root.browser.visit('/dashboard/')).at('h1')).toContain('Anna');
    // And nobody else is.
    expect(banner(await stage.anna.browser.visit('/dashboard/'))).toBe('');
  });

  test('in the language the page is in, who has chosen none', async () => {
    await stage.actFor(stage.anna, CHANGING);
    for (const [language, words] of [
      ['nl-be', /^Root handelt namens Anna tot .* – wijzigingen zijn echt\.$/],
      ['fr-be', /^Root agit au nom de Anna jusqu’à .* – les modifications sont réelles\.$/],
      ['en', /^Root is acting as Anna until .* – changes are real\.$/],
    ] as const) {
      await stage.root.browser.visit('/dashboard/');
      await stage.root.browser.submit('/i18n/setlang/', { language, next: '/dashboard/' });
      expect(banner(await stage.root.browser.visit('/dashboard/'))).toMatch(words);
    }
  });

  test.each([
    [{ reason: 'too short' }, 'reason', 'Use at least 10 characters.'],
    [{ reason: `${' '.repeat(20)}why` }, 'reason', 'Use at least 10 characters.'],
    [{ reason: 'x'.repeat(501) }, 'reason', 'Use at most 500 characters.'],
    [{ minutes: '61' }, 'minutes', 'Choose one of the options.'],
    [{ minutes: '' }, 'minutes', 'Choose one of the options.'],
    [{ mode: 'everything' }, 'mode', 'Choose one of the options.'],
  ])('not with %j', async (wrong, field, message) => {
    const answer = await stage.actFor(stage.bert, { ...LOOKING, ...wrong });
    expect(answer.status).toBe(422);
    expect(answer.at(`#${field}-error`)).toBe(message);
    expect(answer.value('reason')).toBe({ ...LOOKING, ...wrong }.reason);
    expect(await stage.isOut(stage.root.browser)).toBe(false);
    expect(banner(await stage.root.browser.visit('/admin/'))).toBe('');
  });

  test('in a session of its own, which a token known before does not open', async () => {
    const own = stage.root.browser.cookie('session')!;
    await stage.actFor(stage.anna);
    const acting = stage.root.browser.cookie('session')!;
    expect(acting).not.toBe(own);
    expect(stage.root.browser.cookie('own_session')).toBe(own);
    const row = await stage.only<{ minutes: number; tokens: number }>(
      `SELECT round(extract(epoch FROM expires_at - now()) / 60)::int AS minutes,
         (SELECT count(*)::int FROM session WHERE position($1 IN session::text) > 0) AS tokens
       FROM session WHERE acting_session_id IS NOT NULL`,
      [acting],
    );
    expect(row).toEqual({ minutes: 30, tokens: 0 });
  });

  test('and no session lasts over an hour, whoever writes it', async () => {
    await stage.actFor(stage.anna, { ...LOOKING, minutes: '60' });
    await expect(
      stage.atrium.sql(`UPDATE session SET expires_at = now() + interval '61 minutes'
        WHERE acting_session_id IS NOT NULL`),
    ).rejects.toThrow('ck_session_acting');
  });
});

describe('nobody acts', () => {
  test.each(['staff', 'another superuser', 'themselves'])('on behalf of %s', async (whom) => {
    const person =
      whom === 'themselves'
        ? stage.root
        : whom === 'staff'
          ? await helper()
          : await stage.superuser('second@atrium.test');
    const page = await stage.root.browser.visit(`/admin/users/${person.userId}/`);
    expect(page.text).not.toContain('Act on behalf');
    const form = await stage.root.browser.arrive(`/admin/users/${person.userId}/act/`);
    expect(form.at('[data-notices]')).toContain('Nobody acts on behalf of staff');
    await stage.root.browser.visit('/admin/');
    const forced = await stage.root.browser.post(`/admin/users/${person.userId}/act/`, LOOKING);
    expect(forced.status).toBe(409);
    expect(await actings()).toBe(0);
  });

  test.each(['users', 'user_profile'])('for who is inactive (%s)', async (table) => {
    const gone = await stage.atrium.people.memberOf(
      'Acme',
      `gone-${table.replace('_', '-')}@acme.test`,
    );
    const column = table === 'users' ? 'id' : 'user_id';
    await stage.atrium.sql(`UPDATE ${table} SET is_active = false WHERE ${column} = $1`, [
      gone.userId,
    ]);
    const forced = await stage.root.browser.post(`/admin/users/${gone.userId}/act/`, LOOKING);
    expect(forced.status).toBe(409);
    expect(await actings()).toBe(0);
  });

  test('when something changes between the question and the answer: it is decided where it is written', async () => {
    const { id } = await stage.only<{ id: string }>(
      'SELECT id FROM session WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1',
      [stage.root.userId],
    );
    const second = await stage.superuser('second@atrium.test');
    const add = (personId: string, ownSessionId = id, staffId = stage.root.userId) =>
      runInContext({}, () =>
        stage.atrium.app.get(UnitOfWork).runAs(identityRole, () =>
          stage.atrium.app.get(ImpersonationRepository).add({
            ...{ personId, ownSessionId, staffId, staffName: 'Root', reason: REASON },
            ...{ mayWrite: false, minutes: 15, userAgent: null, ip: null },
            tokenHash: randomBytes(32),
          }),
        ),
      );
    expect(await add(stage.anna.userId)).toBeInstanceOf(Date);
    // Staff, nobody, from a session of somebody else, and from one that is over.
    expect(await add(second.userId)).toBeNull();
    expect(await add('00000000-0000-0000-0000-000000000000')).toBeNull();
    expect(await add(stage.anna.userId, id, second.userId)).toBeNull();
    await stage.atrium.sql('UPDATE session SET ended_at = now() WHERE id = $1', [id]);
    expect(await add(stage.anna.userId)).toBeNull();
  });

  test('who is no superuser, nor for nobody', async () => {
    const path = `/admin/users/${stage.bert.userId}/act/`;
    const { browser } = await helper();
    expect((await browser.visit(path)).status).toBe(403);
    expect((await browser.post(path, LOOKING)).status).toBe(403);
    for (const who of [stage.anna.browser, stage.atrium.browser()]) {
      expect((await who.visit(path)).status).toBe(404);
      expect((await who.post(path, LOOKING)).status).toBe(404);
    }
    for (const id of ['00000000-0000-0000-0000-000000000000', 'x']) {
      expect((await stage.root.browser.post(`/admin/users/${id}/act/`, LOOKING)).status).toBe(404);
    }
  });

  test('on behalf of somebody while acting on behalf of somebody: there is no back office then', async () => {
    await stage.actFor(stage.anna, CHANGING);
    for (const path of ['/admin/', `/admin/users/${stage.bert.userId}/act/`]) {
      expect((await stage.root.browser.visit(path)).status).toBe(404);
    }
    expect(
      (await stage.root.browser.post(`/admin/users/${stage.bert.userId}/act/`, LOOKING)).status,
    ).toBe(404);
  });

  async function helper(): Promise<Person> {
    const [known] = await stage.atrium.sql(
      `SELECT 1 FROM users WHERE email = 'helper@atrium.test'`,
    );
    return known
      ? stage.atrium.people.signedIn('helper@atrium.test')
      : stage.atrium.people.staff('helper@atrium.test');
  }
});

async function actings(): Promise<number> {
  const row = await stage.only<{ count: number }>(
    'SELECT count(*)::int AS count FROM session WHERE acting_session_id IS NOT NULL',
  );
  return row.count;
}

test('it costs no statement more to find out who is asking', async () => {
  await stage.actFor(stage.anna);
  const unitOfWork = stage.atrium.app.get(UnitOfWork);
  const read = unitOfWork.read.bind(unitOfWork);
  const seen: { request: unknown; name: unknown }[] = [];
  unitOfWork.read = (statement, role) => {
    seen.push({ request: currentContext().requestId, name: statement.name });
    return read(statement, role);
  };
  const { response } = await stage.root.browser.visit('/nowhere/');
  unitOfWork.read = read;
  // Jobs of this process read meanwhile, too.
  const own = seen.filter(({ request }) => request === response.get('x-request-id'));
  expect(own.map(({ name }) => name)).toEqual(['principal']);
});

test('a form of it that comes from elsewhere is refused', async () => {
  await stage.actFor(stage.anna);
  const forged = await stage.root.browser.agent
    .post('/on-behalf/stop/')
    .set('sec-fetch-site', 'cross-site')
    .redirects(0)
    .ok(() => true);
  expect(forged.status).toBe(419);
  // Without impersonation nothing changes.
  const bystander = await stage.anna.browser.post('/on-behalf/stop/');
  expect(bystander.location).toBe('/dashboard/');
  expect(await stage.isOut(stage.anna.browser)).toBe(false);
});

test('a session is its owner’s or acted in, never something between', async () => {
  for (const half of [
    'acting_may_write = true',
    `acting_reason = 'half of it'`,
    'acting_staff_id = user_id',
  ]) {
    await expect(
      stage.atrium.sql(`UPDATE session SET ${half} WHERE acting_session_id IS NULL`),
    ).rejects.toThrow('ck_session_acting');
  }
});
