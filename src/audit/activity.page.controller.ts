import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ActivityCsv } from './activity-csv.js';
import { Activity, type ActivityQuery } from './activity.service.js';
import { auditKindText } from '../core/features/declared-texts.js';
import { auditKinds } from '../core/features/registry.js';
import { Translator } from '../core/i18n/translator.js';
import { isCalendarDay } from '../core/utils/calendar-day.js';
import type { Principal } from '../core/context/principal.js';
import { DenyImpersonation, May } from '../core/http/access/access.js';
import { StepUp } from '../core/http/access/step-up.js';
import { page, seeOther, type Answer } from '../core/http/pipeline/answers.js';
import { HintField } from '../core/http/forms/fields.js';
import { Form, formOf } from '../core/http/forms/form.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { UUID } from '../core/utils/uuid.js';

/** Query of `GET /settings/activity/`; invalid values are ignored. */
class ActivityFilter {
  @HintField(UUID) person?: string;
  @HintField(/^[a-z_]{1,40}$/) kind?: string;
  /** First and last day, inclusive (ISO 8601). */
  @HintField(/^[1-9]\d{3}-\d\d-\d\d$/) from?: string;
  @HintField(/^[1-9]\d{3}-\d\d-\d\d$/) to?: string;
  /** A cursor from a previous response. */
  @HintField(/^.{1,2000}$/s) page?: string;
}

/** Settings tab of the audit trail. Read only. */
@Controller('settings')
@May('activity:read')
export class ActivityPageController {
  constructor(
    private readonly activity: Activity,
    private readonly csv: ActivityCsv,
    private readonly texts: Translator,
  ) {}

  @Get('activity')
  async show(
    @CurrentUser() me: Principal,
    @Query(formOf(ActivityFilter)) { input }: Form<ActivityFilter>,
  ): Promise<Answer> {
    const query = queryOf(input, me);
    const [found, people] = await Promise.all([
      this.activity.listed(query),
      this.activity.people(),
    ]);
    // The page is empty by now: shows the first one.
    if (query.cursor && found.items.length === 0) return seeOther(addressOf('/', query));
    const { actorId, kind, from, to } = query;
    const model = {
      entries: found.items,
      isFiltered: Boolean(actorId ?? kind ?? from ?? to),
      filter: Form.blank({ person: actorId, kind, from, to }),
      people: people.map(({ id, name }) => ({ value: id, label: name })),
      kinds: auditKinds().map((value) => ({ value, label: this.texts.t(auditKindText(value)) })),
      csvUrl: addressOf('.csv', query),
      page: {
        previousUrl: found.previous && addressOf('/', query, found.previous),
        nextUrl: found.next && addressOf('/', query, found.next),
      },
    };
    return page('audit/activity', model, { section: 'settings' });
  }

  @Get('activity.csv')
  @StepUp()
  @DenyImpersonation()
  @Header('Cache-Control', 'no-store')
  download(
    @CurrentUser() me: Principal,
    @Query(formOf(ActivityFilter)) { input }: Form<ActivityFilter>,
  ): StreamableFile {
    const { cursor: _, ...query } = queryOf(input, me);
    return new StreamableFile(this.csv.stream(query), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="activity.csv"',
    });
  }
}

function queryOf({ person, kind, from, to, page }: ActivityFilter, me: Principal): ActivityQuery {
  return {
    actorId: person ?? null,
    kind: auditKinds().find((each) => each === kind) ?? null,
    from: dayOf(from),
    to: dayOf(to),
    timeZone: me.timezone ?? 'UTC',
    cursor: page ?? null,
  };
}

/** A valid calendar day, else null. */
function dayOf(text: string | undefined): string | null {
  return text && isCalendarDay(text) ? text : null;
}

function addressOf(
  ending: '/' | '.csv',
  { actorId, kind, from, to }: ActivityQuery,
  cursor?: string,
): string {
  const said = Object.entries({ person: actorId, kind, from, to, page: cursor });
  const given = said.filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = new URLSearchParams(given).toString();
  return `/settings/activity${ending}${search ? `?${search}` : ''}`;
}
