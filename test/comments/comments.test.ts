import type { Permission } from '../../src/core/features/names.js';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';
import { RoundTrips } from '../support/round-trips.js';

let atrium: TestApp;
let anna: Person;
let bob: Person;
let client: ApiClient;
let row: { id: string; path: string; form: string };

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bob = await atrium.people.memberOf('Acme', 'bob@acme.test');
  const scopes = [
    'comments:read',
    'comments:write',
    'projects:read',
    'projects:write',
  ] as Permission[];
  client = atrium.api().showing(await atrium.people.keyOf('Acme', scopes));
});
afterAll(() => atrium.stop());
beforeEach(async () => {
  await atrium.sql('DELETE FROM comment');
  await atrium.sql('DELETE FROM notification');
  await atrium.sql('DELETE FROM project');
  const path = (await anna.browser.fill('/projects/new/', { name: 'Lighthouse' })).location!;
  const id = path.split('/')[2]!;
  row = { id, path, form: `/comments/on/project/${id}/` };
});

/** Writes a comment as a person does, on the page of the row, and shows that page again. */
async function say({ browser }: Person, text: string): Promise<Sight> {
  await browser.visit(row.path);
  const { location } = await browser.submit(row.form, { text });
  return browser.arrive(location!);
}

async function ids(): Promise<string[]> {
  const rows = await atrium.sql<{ id: string }>('SELECT id FROM comment ORDER BY created_at, id');
  return rows.map(({ id }) => id);
}

const discussion = (sight: Sight) => sight.at('[aria-labelledby="comments-title"]');
const about = () => ({ record_type: 'project', record_id: row.id });

describe('on the page of a row', () => {
  test('a comment stands there with who wrote it, line by line, below the earlier ones', async () => {
    await say(anna, 'The keys come on Monday.');
    const shown = await say(bob, 'I fetch them.\r\nAt nine.');
    expect(shown.at('[data-notices]')).toContain('Your comment has been added.');
    expect(discussion(shown)).toMatch(/Anna.*The keys come on Monday\..*Bob.*I fetch them\./);
    const { body } = await client.get(`/comments?record_type=project&record_id=${row.id}`);
    expect(body.items.map(({ text }: { text: string }) => text)).toEqual([
      'The keys come on Monday.',
      'I fetch them.\nAt nine.',
    ]);
  });

  test('a comment that is refused is shown again with what was typed', async () => {
    await bob.browser.visit(row.path);
    const typed = 'x'.repeat(4_001);
    const refused = await bob.browser.submit(row.form, { text: typed });
    expect([refused.status, refused.value('text')]).toEqual([422, typed]);
    expect(refused.errorOf('text')).toContain('at most 4000 characters');
    expect(refused.at('main')).toContain('Lighthouse');
    const blank = await bob.browser.submit(row.form, { text: ' \n ' });
    expect([blank.status, blank.errorOf('text')]).toEqual([422, 'Fill in this field.']);
    expect((await client.post('/comments', { ...about(), text: '\0' })).status).toBe(422);
    expect(await ids()).toEqual([]);
  });

  test('what people write is shown as text, never run', async () => {
    const shown = await say(bob, '<script>alert(1)</script>{{7}}');
    expect(shown.response.text).toContain('&lt;script&gt;alert(1)');
    expect(shown.response.text).not.toContain('<script>alert');
  });

  test('the latest fifty are shown, and the earlier ones on pages of their own', async () => {
    await say(bob, 'first');
    await atrium.sql('ALTER TABLE comment DISABLE TRIGGER stamp_audit');
    await atrium.sql(
      `INSERT INTO comment (tenant_id, subject, subject_id, author_id, text, version, created_at)
       SELECT tenant_id, subject, subject_id, author_id, 'number ' || n, 1, created_at + n * interval '1 second'
       FROM comment, generate_series(1, 60) n`,
    );
    await atrium.sql('ALTER TABLE comment ENABLE TRIGGER stamp_audit');
    const shown = await bob.browser.visit(row.path);
    expect(shown.document.querySelectorAll('li[id^="comment-"]')).toHaveLength(50);
    expect(discussion(shown)).not.toContain('first');
    const link = shown.document.querySelector('a[rel="next"]')!.getAttribute('href')!;
    const earlier = await bob.browser.visit(link.replaceAll('&amp;', '&'));
    expect(earlier.document.querySelectorAll('li[id^="comment-"]')).toHaveLength(11);
    expect(earlier.at('main')).toMatch(/first.*number 1 .*number 10 Show later/);

    const [first, second] = await ids();
    const { location } = await bob.browser.visit(`/comments/${first}/`);
    expect(location).toMatch(/^\/comments\/on\/project\/.*\?page=.*#comment-/);
    expect((await bob.browser.visit(location!.split('#')[0]!)).at('main')).toContain('first');
    const found = await bob.browser.arrive(`/comments/${second}/`);
    expect(found.document.getElementById(`comment-${second}`)).not.toBeNull();
  });

  test('the comments cost the page one statement', async () => {
    await say(anna, 'The keys come on Monday.');
    const counter = new RoundTrips();
    counter.begin(atrium.server);
    const trips = await counter.of(() => anna.browser.visit(row.path));
    counter.end();
    expect(trips.flat().filter((text) => /\bcomment\b/.test(text))).toHaveLength(1);
  });
});

describe('one’s own comment', () => {
  test('is changed, which is said of it', async () => {
    await say(bob, 'I fetch them.');
    const [id] = await ids();
    const saved = await bob.browser.fill(`/comments/${id}/edit/`, { text: 'Ann fetches them.' });
    const shown = await bob.browser.arrive(saved.location!);
    expect(discussion(shown)).toMatch(/Bob.*edited.*Ann fetches them\./);
  });

  test('of two tabs the second is refused as outdated and keeps the typed text', async () => {
    await say(bob, 'I fetch them.');
    const [id] = await ids();
    const edit = `/comments/${id}/edit/`;
    const second = (await atrium.people.signedIn('bob@acme.test')).browser;
    await second.visit(edit);
    await bob.browser.fill(edit, { text: 'Ann fetches them.' });
    const answer = await second.submit(edit, { text: 'Nobody fetches them.' });
    expect([answer.status, answer.value('text')]).toEqual([422, 'Nobody fetches them.']);
    expect(answer.at('[aria-labelledby="saved-title"]')).toContain('Ann fetches them.');
    expect((await second.submit(edit)).status).toBe(303);
  });

  test('is deleted, and one click brings it back', async () => {
    await say(bob, 'I fetch them.');
    const [id] = await ids();
    const gone = await bob.browser.submit(`/comments/${id}/delete/`);
    expect(gone.location).toBe(row.path);
    const shown = await bob.browser.visit(row.path);
    expect(discussion(shown)).toContain('Nobody has commented yet.');
    await bob.browser.submit(`/comments/${id}/restore/`);
    expect(discussion(await bob.browser.visit(row.path))).toContain('I fetch them.');
  });
});

describe('somebody else’s comment', () => {
  test('is changed by nobody, deleted by admins, and then not restored by its author', async () => {
    await say(anna, 'The keys come on Monday.');
    await say(bob, 'I fetch them.');
    const [annas, bobs] = await ids();
    const shown = await bob.browser.visit(row.path);
    expect(shown.document.querySelectorAll('a[href^="/comments/"][href$="/edit/"]')).toHaveLength(
      1,
    );
    expect((await bob.browser.post(`/comments/${annas}/delete/`)).status).toBe(403);
    for (const { browser, id } of [
      { ...bob, id: annas },
      { ...anna, id: bobs },
    ]) {
      expect((await browser.visit(`/comments/${id}/edit/`)).status).toBe(403);
      const change = { text: 'Other words', version: '1' };
      expect((await browser.post(`/comments/${id}/edit/`, change)).status).toBe(403);
    }
    expect((await anna.browser.post(`/comments/${bobs}/delete/`)).status).toBe(303);
    expect((await bob.browser.post(`/comments/${bobs}/restore/`)).status).toBe(403);
    expect((await anna.browser.post(`/comments/${bobs}/restore/`)).status).toBe(303);
    const trail = await anna.browser.visit('/settings/activity/');
    expect(trail.text).toContain('Anna deleted a comment on “Lighthouse”');
  });
});

describe('who takes part', () => {
  const told = () =>
    atrium.sql<{ who: string; name: string; title: string }>(
      `SELECT u.email AS who, n.data ->> 'name' AS name, n.data ->> 'title' AS title
       FROM notification n JOIN user_profile p ON p.id = n.member_id JOIN users u ON u.id = p.user_id
       WHERE n.kind = 'comment.created' ORDER BY n.created_at, who`,
    );

  test('is told of the next comment: who added the row and who commented before, not oneself', async () => {
    await say(anna, 'The keys come on Monday.');
    expect(await told()).toEqual([]);
    await say(bob, 'I fetch them.');
    expect(await told()).toEqual([{ who: 'anna@acme.test', name: 'Bob', title: 'Lighthouse' }]);
    await client.post('/comments', { ...about(), text: 'Fetched.' });
    expect((await told()).map(({ who }) => who).slice(1)).toEqual([
      'anna@acme.test',
      'bob@acme.test',
    ]);
    const bell = await anna.browser.visit('/notifications/');
    expect(bell.text).toContain('Bob commented on “Lighthouse”');
  });

  test('finds the comment among what happened to the row', async () => {
    await say(bob, 'I fetch them.');
    const shown = await bob.browser.visit(row.path);
    expect(shown.at('[aria-labelledby="activity-title"]')).toContain(
      'Bob commented on “Lighthouse”',
    );
  });
});

describe('through the API', () => {
  test('a comment is added once, and an outdated change is refused', async () => {
    const body = { ...about(), text: 'Fetched.' };
    const once = { 'idempotency-key': 'fetched' };
    const made = await client.post('/comments', body, once);
    expect([made.status, made.body]).toMatchObject([201, { ...body, author_id: null }]);
    expect((await client.post('/comments', body, once)).body.id).toBe(made.body.id);
    const path = `/comments/${made.body.id}`;
    const tag = { 'if-match': (await client.get(path)).get('etag')! };
    const change = () => client.send('PATCH', path, { text: 'Lost again.' }, tag);
    expect([(await change()).status, (await change()).status]).toEqual([200, 412]);
    expect((await client.send('DELETE', path, undefined, tag)).status).toBe(412);
    expect((await client.send('DELETE', path)).status).toBe(204);
    expect((await client.post(`${path}/restore`)).body.text).toBe('Lost again.');
    await say(bob, 'I fetch them.');
    const others = `/comments/${(await ids())[1]}`;
    expect((await client.send('DELETE', others)).status).toBe(403);
  });

  test('needs the scope that reads the row too', async () => {
    const key = await atrium.people.keyOf('Acme', ['comments:read', 'comments:write']);
    const narrow = atrium.api().showing(key);
    const of = `/comments?record_type=project&record_id=${row.id}`;
    expect((await narrow.get(of)).status).toBe(404);
    expect((await narrow.post('/comments', { ...about(), text: 'Hello' })).status).toBe(404);
  });

  test('a wrong question is told at its parameters', async () => {
    const { status, body } = await client.get('/comments?record_id=1&sort=size');
    expect(status).toBe(422);
    const named = body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(named.sort()).toEqual(['/record_id', '/record_type', '/sort']);
  });
});

describe('where there is nothing to comment on', () => {
  const post = (record_type: string, record_id: string) =>
    client.post('/comments', { record_type, record_id, text: 'Hello' });

  test('a deleted row takes no comments and shows none, until it is restored', async () => {
    await say(bob, 'I fetch them.');
    const [id] = await ids();
    await bob.browser.post(`${row.path}delete/`);
    expect((await bob.browser.visit(row.form)).status).toBe(404);
    expect((await bob.browser.post(row.form, { text: 'Still there?' })).status).toBe(404);
    expect((await bob.browser.visit(`/comments/${id}/`)).status).toBe(404);
    expect((await bob.browser.post(`/comments/${id}/delete/`)).status).toBe(404);
    await bob.browser.post(`${row.path}restore/`);
    expect(discussion(await bob.browser.visit(row.path))).toContain('I fetch them.');
  });

  test.each(['user_profile', 'nothing', 'project; DROP TABLE comment', '__proto__', 'constructor'])(
    'rows of “%s” take no comments',
    async (kind) => {
      expect((await post(kind, row.id)).status).toBe(404);
      const path = `/comments/on/${encodeURIComponent(kind)}/${row.id}/`;
      expect((await bob.browser.visit(path)).status).toBe(404);
    },
  );

  test('a row and a comment of another organisation are not there', async () => {
    await say(bob, 'I fetch them.');
    const [id] = await ids();
    const { browser } = await atrium.people.adminOf('Globex', `gus${Math.random()}@globex.test`);
    expect((await browser.visit(row.form)).status).toBe(404);
    expect((await browser.post(row.form, { text: 'Hello' })).status).toBe(404);
    for (const ending of ['', 'edit/']) {
      expect((await browser.visit(`/comments/${id}/${ending}`)).status).toBe(404);
    }
    for (const ending of ['edit/', 'delete/', 'restore/']) {
      const change = { text: 'Mine now', version: '1' };
      expect((await browser.post(`/comments/${id}/${ending}`, change)).status).toBe(404);
    }
    expect(await ids()).toEqual([id]);
  });

  test('a comment that meets the deletion of its row is not added', async () => {
    const deleting = await atrium.database.owner.connect();
    let added: ReturnType<typeof post>;
    try {
      await deleting.query('BEGIN');
      await deleting.query('UPDATE project SET deleted_at = now() WHERE id = $1', [row.id]);
      added = post('project', row.id);
      void added.catch(() => undefined);
      await sleep(200);
      await deleting.query('COMMIT');
    } finally {
      deleting.release();
    }
    expect((await added).status).toBe(404);
    expect(await ids()).toEqual([]);
  });
});
