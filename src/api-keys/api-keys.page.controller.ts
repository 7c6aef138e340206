import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiReference } from '../api-docs/api-reference.service.js';
import type { Code } from '../api-docs/samples/code.js';
import { permissionText } from '../core/features/declared-texts.js';
import { apiScopes } from '../core/features/registry.js';
import { Translator } from '../core/i18n/translator.js';
import type { Principal } from '../core/context/principal.js';
import { DenyImpersonation, May } from '../core/http/access/access.js';
import { NotSensitive, StepUp } from '../core/http/access/step-up.js';
import {
  Page,
  page,
  seeOther,
  success,
  type Answer,
  type Redirect,
} from '../core/http/pipeline/answers.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { ApiKeysService } from './api-keys.service.js';
import { ApiKeyForm, KEY_LIFETIMES } from './api-keys.forms.js';
import { WorksClosed, WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { Entitled } from '../core/entitlements/entitlement.guard.js';

const PATH = '/settings/api/';

/** Settings tab of the API keys. */
@Controller('settings/api')
@May('api_keys:read')
@DenyImpersonation()
@NotSensitive()
export class ApiKeysPageController {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly texts: Translator,
    private readonly reference: ApiReference,
  ) {}

  @Get()
  show(): Promise<Page> {
    return this.page(Form.blank({ lifetime: '90' }));
  }

  /**
   * Answers with the page that shows the new key, so that the key is in no URL and no cookie; signed-in pages
   * are `no-store`. A form that is sent twice is refused because the name is taken.
   */
  @Post()
  @StepUp()
  @May('api_keys:write')
  @Entitled('api_keys')
  create(
    @CurrentUser() me: Principal,
    @Body(formOf(ApiKeyForm)) form: Form<ApiKeyForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page(refused),
      async ({ name, scopes, lifetime }) => {
        const days = lifetime === 'unlimited' ? null : Number(lifetime);
        const secret = await this.keys.create(me, { name, scopes, days });
        const curl = this.reference.curlFor(scopes, secret);
        return this.page(Form.blank({ lifetime: '90' }), { name, secret, curl });
      },
    );
  }

  @Post(':id/revoke')
  @May('api_keys:write')
  @WorksReadOnly()
  @WorksClosed()
  async revoke(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Redirect> {
    const { name } = await this.keys.revoke(me, idParam(id));
    return seeOther(PATH, success('api-keys.flash.key_revoked', { name }));
  }

  private async page(
    form: Form<object>,
    created: { name: string; secret: string; curl: Code | null } | null = null,
  ): Promise<Page> {
    const chosen = form.values.scopes?.split(' ') ?? [];
    const model = {
      form,
      created,
      keys: (await this.keys.listed()).map((key) => ({
        ...key,
        scopes: key.scopes.map((scope) => this.nameOf(scope)),
      })),
      scopes: apiScopes().map((value) => ({
        value,
        label: this.nameOf(value),
        isChosen: chosen.includes(value),
      })),
      lifetimes: KEY_LIFETIMES.map((value) => ({ value })),
    };
    return page('api-keys/api-keys', model, { section: 'settings' });
  }

  /** What a key with this scope may do; the scope itself, where no feature declares it any more. */
  private nameOf(scope: string): string {
    const text = permissionText(scope);
    return text ? this.texts.t(text) : scope;
  }
}
