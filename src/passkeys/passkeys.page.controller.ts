import { Body, Controller, Get, Header, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../core/context/principal.js';
import { Access, DenyImpersonation, GateExempt } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { StepUp } from '../core/http/access/step-up.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
  type Redirect,
} from '../core/http/pipeline/answers.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { codesPage } from '../second-factor/recovery-codes.presenter.js';
import { NewPasskeyForm, RenamePasskeyForm } from './passkeys.forms.js';
import { PasskeysService } from './passkeys.service.js';

const PATH = '/profile/passkeys/';
const PROFILE = { section: 'profile' };

/**
 * A person's passkeys. Open before onboarding is complete, since a required second factor is one of its steps.
 * Making one needs a script: no HTML form reaches an authenticator.
 */
@Controller('profile/passkeys')
@Access('self')
@GateExempt()
@DenyImpersonation()
export class PasskeysPageController {
  constructor(
    private readonly passkeys: PasskeysService,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  async show(@CurrentUser() me: Principal): Promise<Page> {
    const rows = await this.passkeys.own(me);
    const passkeys = rows.map((row) => {
      const address = `${PATH}${row.id}/`;
      return { ...row, address, removal: `${address}remove/` };
    });
    return page('passkeys/passkeys', { passkeys }, PROFILE);
  }

  @Get('new')
  @StepUp()
  add(): Page {
    return addPage(Form.blank());
  }

  /** `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3 §5.4). */
  @Get('options')
  @Header('Cache-Control', 'no-store')
  options(@CurrentUser() me: Principal): Promise<object> {
    return this.passkeys.options(me);
  }

  /**
   * Answers with the recovery codes that come with the first factor. A form that is sent twice is refused, as the
   * challenge in it works once.
   */
  @Post()
  @StepUp()
  @RateLimit('second_factor')
  create(
    @CurrentUser() me: Principal,
    @Body(formOf(NewPasskeyForm)) form: Form<NewPasskeyForm>,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    return submit(form, addPage, async ({ name, passkey }) => {
      const { codes, token } = await this.passkeys.add(me, name, passkey ?? '');
      if (token) this.cookie.renew(res, token);
      if (codes) return codesPage(codes, 'passkeys.added_first', PATH);
      return seeOther(PATH, success('passkeys.flash.added', { name }));
    });
  }

  @Get(':id')
  @StepUp()
  edit(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Page> {
    return this.renamePage(me, idParam(id));
  }

  @Post(':id')
  @StepUp()
  rename(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(RenamePasskeyForm)) form: Form<RenamePasskeyForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.renamePage(me, idParam(id), refused),
      async ({ name, version }) => {
        await this.passkeys.rename(me, idParam(id), name, [version]);
        return seeOther(PATH, success('passkeys.flash.renamed', { name }));
      },
    );
  }

  @Post(':id/remove')
  @StepUp()
  async remove(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Redirect> {
    const name = await this.passkeys.remove(me, idParam(id));
    return seeOther(PATH, success('passkeys.flash.removed', { name }));
  }

  /** With a refused form: the typed name, for the version that is saved now. */
  private async renamePage(me: Principal, id: string, refused?: Form<object>): Promise<Page> {
    const { name, version } = await this.passkeys.one(me, id);
    const isStale = refused?.problems.some(({ key }) => key === 'passkeys.errors.stale') ?? false;
    const form = refused ?? Form.blank({ name, version: String(version) });
    const model = { name, address: `${PATH}${id}/`, form, version: isStale ? version : null };
    return page('passkeys/rename', model, PROFILE);
  }
}

/** The field of the answer is hidden: what is wrong is said of the form. */
function addPage({ input, values, problems }: Form<object>): Page {
  const said = problems.map((each) => (each.field === 'passkey' ? { ...each, field: null } : each));
  return page('passkeys/new', { form: new Form(input, values, said) }, PROFILE);
}
