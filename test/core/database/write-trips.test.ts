import { startApp, type TestApp } from '../../support/app.js';
import type { ApiClient } from '../../support/api.js';
import type { Browser } from '../../support/browser.js';
import { PASSWORD, type Person } from '../../support/people.js';
import { RoundTrips, type Trip } from '../../support/round-trips.js';

let atrium: TestApp;
let anna: Person;
let browser: Browser;
let api: ApiClient;
const counter = new RoundTrips();

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.example');
  browser = anna.browser;
  api = await atrium.api().login(anna.email, PASSWORD);
  counter.begin(atrium.server);
});
afterAll(async () => {
  counter.end();
  await atrium.stop();
});

/** `PRINT_TRIPS=1` shows what each trip is. */
function shown(title: string, trips: Trip[]): void {
  if (!process.env.PRINT_TRIPS) return;
  const lines = trips.map((trip, at) => `${at + 1}. ${trip.map(brief).join('\n     ')}`);
  process.stdout.write(`${title}: ${trips.length} round trips\n  ${lines.join('\n  ')}\n`);
}

function brief(text: string): string {
  return text.slice(0, 150);
}

test('a registration', async () => {
  let n = 0;
  const register = async () => {
    const visitor = atrium.browser();
    await visitor.visit('/register/');
    const email = `new${n++}@acme.example`;
    return counter.of(async () => {
      expect((await visitor.submit('/register/', { email, password: PASSWORD })).status).toBe(303);
    });
  };
  await register();
  const trips = await register();
  shown('Register', trips);
  expect(trips).toHaveLength(4);
});

test('a sign-in from a browser that is known', async () => {
  const visitor = atrium.browser();
  const signIn = async () => {
    await visitor.visit('/login/');
    const trips = await counter.of(async () => {
      const { status } = await visitor.submit('/login/', { email: anna.email, password: PASSWORD });
      expect(status).toBe(303);
    });
    await visitor.visit('/dashboard/');
    await visitor.submit('/logout/');
    return trips;
  };
  await signIn();
  const trips = await signIn();
  shown('Sign in', trips);
  expect(trips).toHaveLength(6);
});

test('a sign-in that fails', async () => {
  const fail = async () => {
    const visitor = atrium.browser();
    await visitor.visit('/login/');
    return counter.of(async () => {
      const wrong = { email: 'nobody@acme.example', password: PASSWORD };
      expect((await visitor.submit('/login/', wrong)).status).toBe(422);
    });
  };
  await fail();
  const trips = await fail();
  shown('Failed sign-in', trips);
  expect(trips).toHaveLength(3);
});

test('a project that is made, and one that is saved', async () => {
  const make = async () => {
    await browser.visit('/projects/new/');
    let place = '';
    const trips = await counter.of(async () => {
      const sight = await browser.submit('/projects/new/', { name: 'New kitchen' });
      expect(sight.status).toBe(303);
      place = sight.location!;
    });
    return { trips, place };
  };
  await make();
  const { trips, place } = await make();
  shown('Create a project', trips);
  expect(trips).toHaveLength(3);
  const save = async (name: string) => {
    const form = `${place}edit/`;
    await browser.visit(form);
    return counter.of(async () => {
      expect((await browser.submit(form, { name })).status).toBe(303);
    });
  };
  await save('Old kitchen');
  const saved = await save('Kitchen');
  shown('Save a project', saved);
  expect(saved).toHaveLength(4);
});

test("a change of a member's role by API", async () => {
  const bert = await atrium.people.memberOf('Acme', 'bert@acme.example');
  const change = (role: string) =>
    counter.of(async () => {
      const answer = await api.send('PATCH', `/members/${bert.profileId}`, { role });
      expect([answer.status, answer.body.role]).toEqual([200, role]);
    });
  await change('admin');
  const trips = await change('member');
  shown("Change a member's role", trips);
  expect(trips).toHaveLength(5);
});

test('an invitation', async () => {
  const invite = async (email: string) => {
    await browser.visit('/settings/users/');
    return counter.of(async () => {
      const sight = await browser.submit('/settings/users/', { email, action: 'invite' });
      expect(sight.status).toBe(303);
    });
  };
  await invite('carl@acme.example');
  const trips = await invite('dora@acme.example');
  shown('Send an invitation', trips);
  expect(trips).toHaveLength(6);
});
