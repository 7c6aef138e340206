import bcrypt from 'bcrypt';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => {
  atrium = await startApp();
  await atrium.people.memberOf('Acme', 'anna@acme.example');
});
afterAll(() => atrium.stop());

const attempt = (email: string, password: string) =>
  atrium.browser().fill('/login/', { email, password, next: '/profile/' });

test('an unknown user, a wrong password and a closed account are told the same', async () => {
  await atrium.people.newcomer('closed@acme.example');
  await atrium.sql(`UPDATE users SET is_active = false WHERE email = 'closed@acme.example'`);
  await atrium.people.newcomer('deleted@acme.example');
  await atrium.sql(`UPDATE users SET deleted_at = now() WHERE email = 'deleted@acme.example'`);
  await atrium.people.newcomer('invited@acme.example');
  await atrium.sql(`UPDATE users SET password_hash = NULL WHERE email = 'invited@acme.example'`);

  const answers = await Promise.all([
    attempt('nobody@acme.example', PASSWORD),
    attempt('anna@acme.example', 'not the password'),
    attempt('closed@acme.example', PASSWORD),
    attempt('deleted@acme.example', PASSWORD),
    attempt('invited@acme.example', PASSWORD),
    attempt('anna@acme.example', `${PASSWORD}\u0000`),
    attempt('anna@acme.example', PASSWORD + 'x'.repeat(80)),
  ]);
  for (const answer of answers) {
    expect(answer.status).toBe(422);
    const alerts = answer.document.querySelectorAll('[role="alert"]');
    const said = alerts.map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());
    expect(said.filter(Boolean)).toEqual(['The e-mail address or the password is not right.']);
    expect(answer.document.querySelectorAll('[aria-invalid]')).toHaveLength(0);
    expect(answer.form('/login/').next).toBe('/profile/');
    expect(answer.value('password')).toBeUndefined();
    expect(answer.at('a[href="/"].btn')).toBe('Cancel');
  }
});

test('the address may be typed in any case and with spaces around it', async () => {
  const answer = await attempt('  Anna@ACME.example ', PASSWORD);
  expect([answer.status, answer.location]).toEqual([303, '/profile/']);
});

test('without a destination one arrives on the dashboard', async () => {
  const answer = await atrium
    .browser()
    .fill('/login/', { email: 'anna@acme.example', password: PASSWORD });
  expect([answer.status, answer.location]).toEqual([303, '/dashboard/']);
});

test('a stranger on a page for members signs in and arrives there', async () => {
  const stranger = atrium.browser();
  const sent = await stranger.visit('/profile/?tab=2');
  expect([sent.status, sent.location]).toEqual([302, '/login/?next=%2Fprofile%2F%3Ftab%3D2']);
  await stranger.follow(sent);
  const answer = await stranger.submit('/login/', {
    email: 'anna@acme.example',
    password: PASSWORD,
  });
  expect(answer.location).toBe('/profile/?tab=2');
});

test('a password hashed at a lower cost is hashed anew at sign-in', async () => {
  await atrium.people.newcomer('old@acme.example');
  const cheap = await startAt(4);
  await atrium.sql(`UPDATE users SET password_hash = $1 WHERE email = 'old@acme.example'`, [cheap]);
  const other = await startApp({ BCRYPT_COST: '5' });
  try {
    await other.people.newcomer('old@acme.example');
    await other.sql(`UPDATE users SET password_hash = $1`, [cheap]);
    await other.people.signedIn('old@acme.example');
    const [row] = await other.sql<{ hash: string }>('SELECT password_hash AS hash FROM users');
    expect(bcrypt.getRounds(row!.hash)).toBe(5);
    expect(await bcrypt.compare(PASSWORD, row!.hash)).toBe(true);
    await other.people.signedIn('old@acme.example');
    const [again] = await other.sql<{ hash: string }>('SELECT password_hash AS hash FROM users');
    expect(again).toEqual(row);
  } finally {
    await other.stop();
  }
});

test('a sign-in that was checked before a reset neither outlives nor undoes it', async () => {
  const other = await startApp({ BCRYPT_COST: '10' });
  try {
    await other.people.newcomer('race@acme.example');
    const cheap = await startAt(9);
    const renewed = await bcrypt.hash('an entirely new one', 4);
    await other.sql(`UPDATE users SET password_hash = $1`, [cheap]);
    const thief = other.browser();
    const pending = thief.fill('/login/', { email: 'race@acme.example', password: PASSWORD });
    // Runs between the two hashes of about 100 ms.
    await new Promise((resolve) => setTimeout(resolve, 60));
    await other.sql(`UPDATE users SET password_hash = $1`, [renewed]);
    const answer = await pending;
    const [row] = await other.sql<{ hash: string }>('SELECT password_hash AS hash FROM users');
    expect([answer.status, row!.hash]).toEqual([422, renewed]);
  } finally {
    await other.stop();
  }
});

test('an unknown user is refused after the same time as a wrong password', async () => {
  const other = await startApp({ BCRYPT_COST: '8' });
  try {
    await other.people.newcomer('known@acme.example');
    const browser = other.browser();
    await browser.visit('/login/');
    const timed = async (email: string) => {
      const started = performance.now();
      await browser.submit('/login/', { email, password: 'not the password' });
      return performance.now() - started;
    };
    const unlike = async (rounds: number) => {
      const [known, unknown]: [number[], number[]] = [[], []];
      for (let n = 0; n < rounds; n++) {
        known.push(await timed('known@acme.example'));
        unknown.push(await timed(`unknown${n}@acme.example`));
      }
      return Math.abs(median(known) / median(unknown) - 1);
    };
    await unlike(3);
    // Measured until one series is calm, as a busy machine may distort some. Without a hash for an
    // unknown user, or with one of another cost, every series differs by half and more.
    let least = Infinity;
    for (let series = 0; series < 8 && least >= 0.3; series++) {
      least = Math.min(least, await unlike(15));
    }
    expect(least).toBeLessThan(0.3);
  } finally {
    await other.stop();
  }
});

function startAt(cost: number): Promise<string> {
  return bcrypt.hash(PASSWORD, cost);
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
