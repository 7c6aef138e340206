import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Access } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import { page, seeOther, success, type Answer, type Page } from '../core/http/pipeline/answers.js';
import { LoopbackOnly } from '../core/http/pipeline/loopback-only.js';
import { SANDBOX_CARDS, type SandboxAccount } from '../billing/sandbox/sandbox-account.js';
import { nowBy, Sandbox } from '../billing/sandbox/sandbox.js';
import {
  presentAccount,
  presentCheckout,
  presentInvoice,
} from '../billing/sandbox/sandbox.presenter.js';
import { fromProvider } from '../billing/subscriptions/from-provider.js';
import { SandboxCardForm, SandboxPortalForm, SandboxSettingsForm } from './dev-billing.forms.js';

const DAY = 24 * 3600 * 1000;

/**
 * The hosted pages of the sandbox provider: checkout, customer portal, invoice, and its settings. They stand for
 * another site, so they are open to anybody on this machine.
 */
@Controller('dev/billing')
@Access('public')
@LoopbackOnly()
@NotSensitive()
export class DevBillingPageController {
  constructor(
    private readonly config: AppConfig,
    private readonly sandbox: Sandbox,
  ) {}

  @Get()
  async show(): Promise<Page> {
    return this.settingsPage();
  }

  @Post()
  configure(@Body(formOf(SandboxSettingsForm)) form: Form<SandboxSettingsForm>): Promise<Answer> {
    this.requireSandbox();
    return submit(
      form,
      (refused) => this.settingsPage(refused),
      async ({ days, bad_signature: badSignature, is_down: isDown, ...rest }) => {
        const { ahead } = await this.sandbox.settings();
        const travelled = days > 0 ? { ahead: ahead + days * DAY } : {};
        await this.sandbox.configure({ ...rest, badSignature, isDown, ...travelled });
        return seeOther('/dev/billing/', success('dev.billing.saved'));
      },
    );
  }

  @Get('checkout/:id')
  checkout(@Param('id') id: string): Promise<Page> {
    return this.checkoutPage(id);
  }

  @Post('checkout/:id')
  async pay(
    @Param('id') id: string,
    @Body(formOf(SandboxCardForm)) form: Form<SandboxCardForm>,
  ): Promise<Answer> {
    await this.checkoutPage(id);
    return submit(
      form,
      (refused) => this.checkoutPage(id, refused),
      async ({ card }) => {
        const { successUrl } = await fromProvider(this.sandbox.pay(id, card));
        return seeOther(pathOf(successUrl));
      },
    );
  }

  @Get('portal/:id')
  async portal(@Param('id') id: string): Promise<Page> {
    return this.portalPage(await this.account(id));
  }

  @Post('portal/:id')
  async change(
    @Param('id') id: string,
    @Body(formOf(SandboxPortalForm)) form: Form<SandboxPortalForm>,
  ): Promise<Answer> {
    const account = await this.account(id);
    return submit(
      form,
      (refused) => this.portalPage(account, refused),
      async ({ card }) => {
        if (card === 'confirm') await this.sandbox.confirm(id);
        else await this.sandbox.setCard(id, card);
        return seeOther(`/dev/billing/portal/${id}/`, success('dev.billing.saved'));
      },
    );
  }

  @Get('invoice/:id')
  async invoice(@Param('id') id: string): Promise<Page> {
    this.requireSandbox();
    for (const account of await this.sandbox.all()) {
      const invoice = account.invoices.find((one) => one.id === id);
      if (invoice) return page('dev/billing-invoice', presentInvoice(account, invoice));
    }
    throw notFound();
  }

  private async settingsPage(refused?: Form<object>): Promise<Page> {
    this.requireSandbox();
    const settings = await this.sandbox.settings();
    const { duplicate, reorder, drop, badSignature, stale, isDown, delay } = settings;
    const ticked = {
      duplicate,
      reorder,
      drop,
      bad_signature: badSignature,
      stale,
      is_down: isDown,
    };
    const values = Object.fromEntries(
      Object.entries(ticked).map(([name, isOn]) => [name, isOn ? '1' : '']),
    );
    return page('dev/billing', {
      form: refused ?? Form.blank({ ...values, days: '0', delay: String(delay) }),
      now: nowBy(settings),
      accounts: (await this.sandbox.all()).map(presentAccount),
    });
  }

  private async checkoutPage(id: string, refused?: Form<object>): Promise<Page> {
    this.requireSandbox();
    const checkout = await this.sandbox.checkout(id);
    if (!checkout) throw notFound();
    const model = {
      checkout: presentCheckout(checkout),
      cancelUrl: pathOf(checkout.cancelUrl),
      cards: SANDBOX_CARDS,
      form: refused ?? Form.blank({ card: 'good' }),
    };
    return page('dev/billing-checkout', model);
  }

  private portalPage(account: SandboxAccount, refused?: Form<object>): Page {
    const waits = account.card === 'confirming' && account.invoices.some(isOpen);
    return page('dev/billing-portal', {
      account: presentAccount(account),
      cards: waits ? [...SANDBOX_CARDS, 'confirm'] : SANDBOX_CARDS,
      form: refused ?? Form.blank({ card: waits ? 'confirm' : (account.card ?? 'good') }),
    });
  }

  private async account(id: string): Promise<SandboxAccount> {
    this.requireSandbox();
    const account = await this.sandbox.read(id);
    if (!account) throw notFound();
    return account;
  }

  private requireSandbox(): void {
    if (this.config.BILLING_PROVIDER !== 'sandbox') throw notFound();
  }
}

function isOpen({ status }: { status: string }): boolean {
  return status === 'open';
}

/** The way back into the application, which runs where this page does. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

function notFound(): DomainError {
  return new DomainError('not_found', 'errors.not_found');
}
