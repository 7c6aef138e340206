import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());

async function sendFile(text: string | Buffer, email = ''): Promise<Sight> {
  await anna.browser.visit('/settings/users/');
  return anna.browser.upload(
    '/settings/users/',
    { field: 'file', name: 'people.csv', type: 'text/csv', bytes: Buffer.from(text) },
    { action: 'invite', email, role: 'member' },
  );
}

const invitedLike = async (pattern: string) => {
  const rows = await atrium.sql<{ email: string }>(
    `SELECT email FROM invitation WHERE email LIKE $1 AND state = 'pending' ORDER BY email`,
    [pattern],
  );
  return rows.map(({ email }) => email);
};

const results = (sight: Sight) =>
  sight.document
    .querySelectorAll('#invite li:has(.tag)')
    .map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());

describe('A file of addresses', () => {
  test('is read by the column that holds them, and joins what was typed', async () => {
    const file =
      '\ufeffName;E-mail\r\n"Peeters; Ann";ann@csv.test\r\nBen;Ben De Smet <ben@csv.test>\r\n';
    const answer = await sendFile(file, 'typed@csv.test');
    expect([answer.status, answer.location]).toEqual([303, '/settings/users/']);
    expect(await invitedLike('%@csv.test')).toEqual([
      'ann@csv.test',
      'ben@csv.test',
      'typed@csv.test',
    ]);
    await atrium.mails.expect('ben@csv.test', /invite/);
  });

  test('may be one address without a heading', async () => {
    expect((await sendFile('only@one.test')).status).toBe(303);
    expect(await invitedLike('%@one.test')).toEqual(['only@one.test']);
  });

  test('is answered address by address: what cannot be invited stays in the field, the others are sent', async () => {
    const file = 'email\nfresh@some.test\nanna@acme.test\nnobody\nFresh@some.test\nonly@one.test\n';
    const answer = await sendFile(file);
    expect(answer.status).toBe(422);
    expect(results(answer)).toEqual([
      'fresh@some.test Sent',
      'anna@acme.test Already in an organisation',
      expect.stringMatching(/^only@one\.test Already invited/),
      'nobody Not an address',
      'fresh@some.test Given more than once',
    ]);
    expect(answer.value('email')?.split('\n').sort()).toEqual([
      'anna@acme.test',
      'nobody',
      'only@one.test',
    ]);
    expect(await invitedLike('%@some.test')).toEqual(['fresh@some.test']);
  });

  test('that only repeats an address is no error', async () => {
    const answer = await sendFile('two@twice.test\ntwo@twice.test');
    expect([answer.status, results(answer)]).toEqual([
      200,
      ['two@twice.test Sent', 'two@twice.test Given more than once'],
    ]);
    expect(answer.value('email')).toBe('');
  });

  test('holds at most 100; nothing is sent, and nothing is lost, beyond them', async () => {
    const many = Array.from({ length: 101 }, (_, i) => `m${i}@many.test`);
    const answer = await sendFile(many.join('\n'));
    expect(answer.errorOf('email').includes('at most 100')).toBe(true);
    expect(answer.value('email')?.split('\n')).toEqual(many);
    expect(await invitedLike('%@many.test')).toEqual([]);
    expect((await sendFile(many.slice(0, 100).join('\n'))).status).toBe(303);
    expect((await invitedLike('%@many.test')).length).toBe(100);
  });

  test('that is no text is refused at its field, with what was typed', async () => {
    const answer = await sendFile(Buffer.from([0xff, 0xfe, 0x00, 0x41]), 'kept@typed.test');
    expect(answer.status).toBe(422);
    expect(answer.errorOf('file')).not.toBe('');
    expect(answer.value('email')).toBe('kept@typed.test');
    expect(await invitedLike('%@typed.test')).toEqual([]);
  });
});
