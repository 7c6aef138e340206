import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { WorksReadOnly } from '../../core/entitlements/read-only.guard.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { NotSensitive, StepUp } from '../../core/http/access/step-up.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { HintField } from '../../core/http/forms/fields.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
} from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { RedeliverForm, sinceOf } from '../deliveries/redeliver.forms.js';
import { WebhookDeliveriesService } from '../deliveries/webhook-deliveries.service.js';
import { eventTypes } from '../events/event-catalogue.js';
import {
  ChangeWebhookEndpointForm,
  WebhookEndpointForm,
  detailsOf,
  valuesOf,
} from './webhook-endpoint.forms.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';

const SECTION = { section: 'settings' };
const LIST = '/settings/webhooks/';
const LISTED = 25;

/** Query of an endpoint's page. */
export class DeliveriesPageQuery {
  /** A cursor from a previous response. */
  @HintField(/^.{1,2000}$/s) page?: string;
}

/** Settings tab of the webhooks. Secrets are shown once, in the answer to the form that made them. */
@Controller('settings/webhooks')
@May('webhook_endpoints:read')
@DenyImpersonation()
@NotSensitive()
export class WebhookEndpointsPageController {
  constructor(
    private readonly endpoints: WebhookEndpointsService,
    private readonly deliveries: WebhookDeliveriesService,
  ) {}

  @Get()
  async list(): Promise<Page> {
    return page('webhooks/endpoints', { endpoints: await this.endpoints.listed() }, SECTION);
  }

  @Get('new')
  @May('webhook_endpoints:write')
  blank(): Page {
    return this.newPage(Form.blank());
  }

  /** Answers with the page that shows the secret, so that it is in no URL and no cookie. */
  @Post('new')
  @StepUp()
  @May('webhook_endpoints:write')
  create(
    @CurrentUser() me: Principal,
    @Body(formOf(WebhookEndpointForm)) form: Form<WebhookEndpointForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.newPage(refused),
      async (input) => {
        const { endpoint, secret } = await this.endpoints.create(me, detailsOf(input));
        return this.endpointPage(endpoint.id, { secret });
      },
    );
  }

  @Get(':id')
  show(
    @Param('id') id: string,
    @Query(formOf(DeliveriesPageQuery)) { input }: Form<DeliveriesPageQuery>,
  ): Promise<Page> {
    return this.endpointPage(idParam(id), { cursor: input.page ?? null });
  }

  @Post(':id')
  @May('webhook_endpoints:write')
  save(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(ChangeWebhookEndpointForm)) form: Form<ChangeWebhookEndpointForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.endpointPage(idParam(id), { form: refused }),
      async (input) => {
        await this.endpoints.change(me, idParam(id), detailsOf(input), [input.version]);
        return seeOther(`${LIST}${id}/`, success('webhooks.flash.saved'));
      },
    );
  }

  @Post(':id/rotate')
  @StepUp()
  @May('webhook_endpoints:write')
  async rotate(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Page> {
    const { secret } = await this.endpoints.rotate(me, idParam(id));
    return this.endpointPage(idParam(id), { secret });
  }

  @Post(':id/ping')
  @May('webhook_endpoints:write')
  @RateLimit('webhook_send')
  async ping(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Answer> {
    await this.deliveries.ping(me, idParam(id));
    return seeOther(`${LIST}${id}/`, success('webhooks.flash.pinged'));
  }

  @Post(':id/enable')
  @May('webhook_endpoints:write')
  async enable(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Answer> {
    await this.endpoints.enable(me, idParam(id));
    return seeOther(`${LIST}${id}/`, success('webhooks.flash.enabled'));
  }

  @Post(':id/disable')
  @May('webhook_endpoints:write')
  @WorksReadOnly()
  async disable(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Answer> {
    await this.endpoints.disable(me, idParam(id));
    return seeOther(`${LIST}${id}/`, success('webhooks.flash.disabled'));
  }

  @Post(':id/redeliver')
  @May('deliveries:write')
  @RateLimit('webhook_send')
  redeliver(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(RedeliverForm)) form: Form<RedeliverForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.endpointPage(idParam(id), { redelivery: refused }),
      async (input) => {
        const count = await this.deliveries.redeliverSince(
          me,
          idParam(id),
          sinceOf(input),
          !input.all,
        );
        return seeOther(`${LIST}${id}/`, success('webhooks.flash.redelivered', { count }));
      },
    );
  }

  @Post(':id/delete')
  @May('webhook_endpoints:write')
  @WorksReadOnly()
  async delete(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Answer> {
    await this.endpoints.delete(me, idParam(id));
    return seeOther(LIST, success('webhooks.flash.deleted'));
  }

  private newPage(form: Form<object>): Page {
    return page('webhooks/new', { form, types: choicesOf(form) }, SECTION);
  }

  private async endpointPage(
    id: string,
    shown: {
      form?: Form<object>;
      redelivery?: Form<object>;
      secret?: string;
      cursor?: string | null;
    },
  ): Promise<Page> {
    const endpoint = await this.endpoints.get(id);
    const { version } = endpoint;
    const form =
      shown.form ?? Form.blank({ ...valuesOf(endpoint.details), version: String(version) });
    const found = await this.deliveries.listed({
      endpointId: id,
      state: null,
      cursor: shown.cursor ?? null,
      limit: LISTED,
    });
    const at = (cursor: string | null) =>
      cursor && `${LIST}${id}/?page=${encodeURIComponent(cursor)}`;
    const model = {
      endpoint: presented(endpoint),
      form,
      types: choicesOf(form),
      isStale: shown.form?.problems.some(({ key }) => key === 'webhooks.errors.stale') ?? false,
      secret: shown.secret ?? null,
      redelivery: shown.redelivery ?? Form.blank({ since: '' }),
      deliveries: found.items,
      page: { previousUrl: at(found.previous), nextUrl: at(found.next) },
    };
    return page('webhooks/endpoint', model, SECTION);
  }
}

type Endpoint = Awaited<ReturnType<WebhookEndpointsService['get']>>;

function presented(endpoint: Endpoint) {
  const { id, url, description, events, version, disabledReason } = endpoint;
  const { disabledAt, failingSince, previousSecretUntil } = endpoint;
  const isRotating = previousSecretUntil !== null && previousSecretUntil.getTime() > Date.now();
  const state = { disabledAt, disabledReason, failingSince, previousSecretUntil, isRotating };
  return { id, url, description, events, version, ...state };
}

/** The events to choose from, with the sentence by which the activity names each. */
function choicesOf({ values }: Form<object>) {
  const chosen = values.events?.split(' ') ?? [];
  return eventTypes().map((value) => ({
    value,
    isChosen: chosen.includes(value),
  }));
}
