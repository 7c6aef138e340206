import { Secret, TOTP } from 'otpauth';
import type { TestApp } from './app.js';
import type { Browser } from './browser.js';
import type { Person } from './people.js';

const SET_UP = '/profile/second-factor/authenticator/';

/** An authenticator app of somebody, written by others than us. */
export class AuthenticatorApp {
  private readonly app: TOTP;

  constructor(
    base32: string,
    private readonly atrium: TestApp,
    private readonly email: string,
  ) {
    this.app = new TOTP({ secret: Secret.fromBase32(base32), digits: 6, period: 30 });
  }

  /** What it shows; `steps`: so many steps of 30 seconds from now. */
  shows(steps = 0): string {
    return this.app.generate({ timestamp: Date.now() + steps * 30_000 });
  }

  /** A code that was not used yet: as if 30 seconds had gone by since the last one. */
  async next(): Promise<string> {
    await this.atrium.sql(
      'UPDATE totp SET last_step = 0 WHERE user_id = (SELECT id FROM users WHERE email = $1)',
      [this.email],
    );
    return this.shows();
  }

  /** A code that is none of those accepted now. */
  wrong(): string {
    const right = [-2, -1, 0, 1, 2].map((steps) => this.shows(steps));
    const all = Array.from({ length: 10 }, (_, digit) => String(digit).repeat(6));
    return all.find((code) => !right.includes(code))!;
  }
}

export interface WithFactor {
  app: AuthenticatorApp;
  recoveryCodes: string[];
}

/** The person sets up an authenticator app, as the pages offer it. */
export async function setUpApp(atrium: TestApp, { browser, email }: Person): Promise<WithFactor> {
  const page = await browser.visit(SET_UP);
  const app = new AuthenticatorApp(page.at('#totp-secret').replace(/\s/g, ''), atrium, email);
  const shown = await browser.submit(SET_UP, { code: app.shows() });
  if (shown.status !== 200) throw new Error(`No app was set up: ${shown.status} ${shown.text}`);
  return { app, recoveryCodes: shown.at('#recovery-codes').split(' ') };
}

/** Signs in as far as the second factor. */
export async function waiting(atrium: TestApp, email: string, password: string): Promise<Browser> {
  const browser = atrium.browser();
  const answer = await browser.fill('/login/', { email, password });
  if (answer.location !== '/login/second-factor/') {
    throw new Error(`Nothing waits: ${answer.status} ${answer.location} ${answer.text}`);
  }
  return browser;
}
