import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

export const REASON = 'Ticket 4711: the list of members is empty';
export const LOOKING = { reason: REASON, minutes: '30', mode: 'look' };
export const CHANGING = { ...LOOKING, mode: 'change' };

/** The banner of impersonation on a page. */
export const banner = (sight: Sight) => sight.at('section.acting p');

/** An application with an admin, a member, and a superuser who acts on behalf of them. */
export class Stage {
  private constructor(
    readonly atrium: TestApp,
    readonly anna: Person,
    public bert: Person,
    /** The superuser, signed in anew before each test. */
    public root: Person,
  ) {}

  static async open(): Promise<Stage> {
    const atrium = await startApp();
    const anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
    const bert = await atrium.people.memberOf('Acme', 'bert@acme.test');
    return new Stage(atrium, anna, bert, await atrium.people.staff('root@atrium.test', true));
  }

  async reset(): Promise<void> {
    await this.atrium.sql('DELETE FROM session WHERE acting_session_id IS NOT NULL');
    this.root = await this.superuser('root@atrium.test');
  }

  close(): Promise<void> {
    return this.atrium.stop();
  }

  /** In a browser of its own, as often as asked for. */
  async superuser(email: string): Promise<Person> {
    const known = await this.atrium.sql('SELECT 1 FROM users WHERE email = $1', [email]);
    const { people } = this.atrium;
    return known.length > 0 ? people.signedIn(email) : people.staff(email, true);
  }

  actFor(person: Person, form: Record<string, string> = LOOKING, who = this.root): Promise<Sight> {
    return who.browser.fill(`/admin/users/${person.userId}/act/`, form);
  }

  async stop(browser: Browser): Promise<Sight> {
    await browser.visit('/dashboard/');
    return browser.submit('/on-behalf/stop/');
  }

  /** Another browser, with one cookie of this one. */
  thief(token: string | undefined): Browser {
    const browser = this.atrium.browser();
    browser.agent.jar.setCookie(`atrium_session=${token}; Path=/`, '127.0.0.1', '/');
    return browser;
  }

  async isOut(browser: Browser): Promise<boolean> {
    return (await browser.visit('/dashboard/')).location === '/login/?next=%2Fdashboard%2F';
  }

  async only<T>(text: string, values: unknown[] = []): Promise<T> {
    return (await this.atrium.sql<T>(text, values))[0]!;
  }
}
