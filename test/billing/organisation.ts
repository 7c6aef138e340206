import { runInContext } from '../../src/core/context/request-context.js';
import type { Principal } from '../../src/core/context/principal.js';
import { Sandbox } from '../../src/billing/sandbox/sandbox.js';
import type { SandboxCard } from '../../src/billing/sandbox/sandbox-account.js';
import {
  BillingService,
  type PlanChoice,
} from '../../src/billing/subscriptions/billing.service.js';
import { CheckoutService } from '../../src/billing/subscriptions/checkout.service.js';
import { PrincipalsRepository } from '../../src/users/sessions/principals.repository.js';
import type { TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { eventually } from '../support/waiting.js';

export interface Standing {
  access_state: string;
  access_until: Date | null;
  plan_key: string | null;
  plan_version: number | null;
  seats: number | null;
}

const TEAM: PlanChoice = { plan: 'team', interval: 'month' };

/** An organisation that buys and pays, as its admin would, on the sandbox. */
export class Organisation {
  private constructor(
    readonly atrium: TestApp,
    readonly admin: Person,
    readonly tenantId: string,
  ) {}

  static async make(atrium: TestApp, name: string): Promise<Organisation> {
    const admin = await atrium.people.adminOf(name, `admin@${name.toLowerCase()}.test`);
    return new Organisation(atrium, admin, admin.tenantId!);
  }

  get sandbox(): Sandbox {
    return this.atrium.app.get(Sandbox);
  }

  get customerId(): string {
    return `cus_${this.tenantId.replaceAll('-', '')}`;
  }

  /** What the database says may be done. */
  async standing(): Promise<Standing> {
    const [row] = await this.atrium.sql<Standing>(
      `SELECT access_state, access_until, plan_key, plan_version, seats FROM tenant WHERE id = $1`,
      [this.tenantId],
    );
    return row!;
  }

  async becomes(state: string): Promise<Standing> {
    await eventually(async () => (await this.standing()).access_state === state).catch(
      async (error: Error) => {
        throw new Error(`${state}: ${error.message}: ${JSON.stringify(await this.standing())}`);
      },
    );
    return this.standing();
  }

  /** Goes to the provider's page; returns the id of the checkout there. */
  async checkout(choice: PlanChoice = TEAM, admin = this.admin): Promise<string> {
    return /checkout\/(\w+)\//.exec(await this.checkoutUrl(choice, admin))![1]!;
  }

  /** The address of the provider's page. */
  checkoutUrl(choice: PlanChoice, admin = this.admin): Promise<string> {
    return this.as((me) => this.atrium.app.get(CheckoutService).start(me, choice), admin);
  }

  /** Buys a plan and pays; without `trial`, an organisation that had its own already. */
  async subscribe(card: SandboxCard = 'good', choice: PlanChoice = TEAM): Promise<void> {
    await this.pay(await this.checkout(choice), card);
  }

  pay(checkoutId: string, card: SandboxCard = 'good'): Promise<unknown> {
    return runInContext({}, () => this.sandbox.pay(checkoutId, card));
  }

  card(card: SandboxCard): Promise<void> {
    return runInContext({}, () => this.sandbox.setCard(this.customerId, card));
  }

  billing<T>(ask: (billing: BillingService, me: Principal) => Promise<T>): Promise<T> {
    return this.as((me) => ask(this.atrium.app.get(BillingService), me));
  }

  /** As the admin, in a request of theirs. */
  async as<T>(work: (me: Principal) => Promise<T>, { userId } = this.admin): Promise<T> {
    const [session] = await this.atrium.sql<{ id: string }>(
      'SELECT id FROM session WHERE user_id = $1 AND ended_at IS NULL ORDER BY created_at DESC LIMIT 1',
      [userId],
    );
    const found = await runInContext({}, () =>
      this.atrium.app.get(PrincipalsRepository).byId('browser', session!.id, 24),
    );
    const me = found!.principal;
    const { userId: actorId, tenantId, displayName: actorName } = me;
    return runInContext({ principal: me, actorId, tenantId, actorName }, () => work(me));
  }
}

/** Sets the clock of the sandbox forward by so many days; what is due by then happens. */
export async function travel(atrium: TestApp, days: number): Promise<void> {
  const sandbox = atrium.app.get(Sandbox);
  await runInContext({}, async () => {
    const { ahead } = await sandbox.settings();
    await sandbox.configure({ ahead: ahead + days * 24 * 3_600_000 });
  });
}
