import type { INestApplication } from '@nestjs/common';
import { runInContext } from '../../src/core/context/request-context.js';
import type { Role } from '../../src/core/context/principal.js';
import type { Permission } from '../../src/core/features/names.js';
import { newApiKey } from '../../src/api-keys/api-key-secret.js';
import { RegistrationService } from '../../src/users/sign-in/registration.service.js';
import type { Browser } from './browser.js';

export const PASSWORD = 'paper lantern orbit';

export interface Person {
  email: string;
  userId: string;
  profileId: string;
  tenantId: string | null;
  /** A browser this person is signed in with. */
  browser: Browser;
}

type Sql = <T>(text: string, values?: unknown[]) => Promise<T[]>;

/** Creates people and organisations quickly; journeys are tested elsewhere. */
export class People {
  private readonly tenants = new Map<string, string>();

  constructor(
    private app: INestApplication | null,
    private readonly sql: Sql,
    private readonly newBrowser: () => Browser,
  ) {}

  /** Nobody can be made any more. */
  release(): void {
    this.app = null;
  }

  /** A person who has just registered. */
  async newcomer(email: string): Promise<Person> {
    await this.register(email);
    return this.signedIn(email);
  }

  /** A person who has just created an organisation of their own. */
  async founder(email: string, organization = `The ${email.split('@')[0]}s`): Promise<Person> {
    const { browser } = await this.newcomer(email);
    await browser.fill('/profile/complete/', { display_name: 'Fien' });
    const { status } = await browser.fill('/onboarding/create-tenant/', { organization });
    if (status !== 303) throw new Error(`${organization} was not created (${status})`);
    return this.signedIn(email);
  }

  /** An active member of the organisation with that name, which is made when there is none. */
  async memberOf(organization: string, email: string, role: Role = 'member'): Promise<Person> {
    await this.register(email);
    const tenantId = await this.tenant(organization);
    await this.sql(
      `UPDATE user_profile SET profile_completed_at = now(), tenant_id = $2, role = $3, tenant_joined_at = now()
       WHERE user_id = (SELECT id FROM users WHERE email = $1)`,
      [email, tenantId, role],
    );
    return this.signedIn(email);
  }

  adminOf(organization: string, email: string): Promise<Person> {
    return this.memberOf(organization, email, 'admin');
  }

  /** The secret of a new key of the organisation with that name. */
  async keyOf(organization: string, scopes: readonly Permission[]): Promise<string> {
    const { secret, prefix, hash } = newApiKey();
    await this.sql(
      `INSERT INTO api_key (tenant_id, name, prefix, key_hash, scopes) VALUES ($1, $2, $2, $3, $4)`,
      [await this.tenant(organization), prefix, hash, scopes],
    );
    return secret;
  }

  async staff(email: string, isSuperuser = false): Promise<Person> {
    await this.register(email);
    await this.sql('UPDATE users SET is_staff = true, is_superuser = $2 WHERE email = $1', [
      email,
      isSuperuser,
    ]);
    return this.signedIn(email);
  }

  /** The same person in another browser. */
  async signedIn(email: string, password = PASSWORD): Promise<Person> {
    const browser = this.newBrowser();
    const answer = await browser.fill('/login/', { email, password });
    if (answer.status !== 303) throw new Error(`${email} cannot sign in: ${answer.text}`);
    const [row] = await this.sql<Omit<Person, 'browser'>>(
      `SELECT u.email, u.id AS "userId", p.id AS "profileId", p.tenant_id AS "tenantId"
       FROM users u JOIN user_profile p ON p.user_id = u.id WHERE u.email = $1`,
      [email],
    );
    return { ...row!, browser };
  }

  /** Id of the organisation with that name. */
  async tenant(organization: string): Promise<string> {
    const known = this.tenants.get(organization);
    if (known) return known;
    const [row] = await this.sql<{ id: string }>(
      'INSERT INTO tenant (organization) VALUES ($1) RETURNING id',
      [organization],
    );
    this.tenants.set(organization, row!.id);
    return row!.id;
  }

  private async register(email: string): Promise<void> {
    const client = { ip: '127.0.0.1', userAgent: null };
    await runInContext({}, () =>
      this.app!.get(RegistrationService).register({ email, password: PASSWORD }, client),
    );
  }
}
