import { randomBytes, randomUUID } from 'node:crypto';
import type { AuditAction } from '../../core/features/names.js';
import type { Deed, DemoStory, DemoSubject, Moment } from '../../core/features/demo.js';
import type { AuditChanges } from '../../audit/audit-entry.entity.js';
import { mask } from '../../audit/mask.js';
import { FOUNDED, INVITED, ORGANISATION, PEOPLE, type DemoPerson } from './story.js';

export interface Row {
  table: string;
  values: Record<string, unknown>;
}

/** An audit entry as the use cases would record it. */
export interface Entry {
  at: Date;
  actor: Known;
  action: AuditAction;
  subject: DemoSubject;
  changes: AuditChanges | null;
}

interface Known extends DemoPerson {
  email: string;
  userId: string;
  profileId: string;
}

/** Ids of the reference rows that the demo uses, by code or name. */
export type Places = Record<'en' | 'nl' | 'fr' | 'BE' | 'EUR' | 'Europe/Brussels', number>;

const DAY = 24 * 3600_000;

/** Builds the rows and audit entries of the demo relative to `now`. */
export class Telling implements DemoStory {
  readonly tenantId = randomUUID();
  readonly rows: Row[] = [];
  private readonly told: Entry[] = [];
  private readonly people = new Map<string, Known>();

  constructor(
    private readonly now: Date,
    private readonly passwordHash: string,
    private readonly places: Places,
  ) {
    for (const person of PEOPLE) this.meet(person);
    this.found();
    PEOPLE.forEach((person, index) => this.join(this.who(person.address), index === 0));
    INVITED.forEach((invited) => this.invite(invited));
  }

  /** By time. */
  get entries(): Entry[] {
    return this.told.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  }

  dayIn(days: number): string {
    return dayOf(new Date(this.now.getTime() + days * DAY));
  }

  userId(address: string): string {
    return this.who(address).userId;
  }

  memberId(address: string): string {
    return this.who(address).profileId;
  }

  stamps(created: Deed, updated = created): Record<string, unknown> {
    const [by, last] = [this.who(created.by), this.who(updated.by)];
    return stamps(this.at(created.when), by, this.at(updated.when), last);
  }

  organisation(values: Record<string, unknown>): void {
    const organisation = this.rows.find(({ table }) => table === 'tenant');
    Object.assign(organisation!.values, values);
  }

  row(table: string, values: Record<string, unknown>): void {
    this.rows.push({ table, values });
  }

  tell(
    { when, by }: Deed,
    action: AuditAction,
    subject: DemoSubject,
    changes: AuditChanges | null = null,
  ): void {
    this.record(this.at(when), this.who(by), action, subject, changes);
  }

  private meet(person: DemoPerson): void {
    const email = addressOf(person.address);
    const known = { ...person, email, userId: randomUUID(), profileId: randomUUID() };
    this.people.set(person.address, known);
    this.rows.push({
      table: 'users',
      values: {
        id: known.userId,
        email,
        password_hash: this.passwordHash,
        email_verified_at: this.at(person.joined),
        last_login_at: this.at(person.seen[1]),
        created_at: this.at(person.joined),
      },
    });
  }

  private found(): void {
    const founder = this.who(PEOPLE[0]!.address);
    const at = this.at(FOUNDED);
    this.rows.push({
      table: 'tenant',
      values: {
        id: this.tenantId,
        organization: ORGANISATION,
        currency_id: this.places.EUR,
        timezone_id: this.places['Europe/Brussels'],
        ...stamps(at, founder),
      },
    });
    const subject = { kind: 'tenant', id: this.tenantId, name: ORGANISATION };
    this.record(at, founder, 'tenant.created', subject);
  }

  private join(person: Known, isFounder: boolean): void {
    const { joined, promoted, left, role, name, seen } = person;
    const at = this.at(joined);
    const revoked = left ? this.at(left) : null;
    const changed = [promoted, left].flatMap((moment) => (moment ? [this.at(moment)] : []));
    this.rows.push(
      {
        table: 'user_profile',
        values: {
          id: person.profileId,
          user_id: person.userId,
          display_name: name,
          language_id: this.places[person.language],
          timezone_id: this.places['Europe/Brussels'],
          country_id: this.places.BE,
          theme: person.theme,
          profile_completed_at: at,
          tenant_id: this.tenantId,
          role,
          tenant_joined_at: at,
          tenant_revoked_at: revoked,
          is_active: !left,
          ...stamps(at, person, changed.at(-1) ?? at),
        },
      },
      {
        table: 'session',
        values: {
          user_id: person.userId,
          kind: 'browser',
          token_hash: randomBytes(32),
          user_agent: seen[0],
          ip: '192.0.2.17',
          created_at: this.at(seen[1], -5 * 60_000),
          last_seen_at: this.at(seen[1]),
          expires_at: new Date(this.now.getTime() + 20 * DAY),
          ended_at: revoked,
        },
      },
    );
    const user = { kind: 'user', id: person.userId, name };
    this.record(this.at(seen[1], -5 * 60_000), person, 'sign_in.succeeded', user);
    const member = { kind: 'member', id: person.profileId, name };
    const founder = this.who(PEOPLE[0]!.address);
    if (!isFounder) {
      const invited = { address: person.address, role: 'member', by: founder.address } as const;
      const asked: Moment = [joined[0] + 1, '09:00'];
      this.invite({ ...invited, when: asked, state: 'accepted' }, at);
      this.record(at, person, 'member.joined', member, { role: { from: null, to: 'member' } });
    }
    if (promoted) {
      const changes = { role: { from: 'member', to: 'admin' } };
      this.record(this.at(promoted), founder, 'member.role_changed', member, changes);
    }
    if (revoked) {
      const changes = { is_active: { from: true, to: false } };
      this.record(revoked, founder, 'member.deactivated', member, changes);
    }
  }

  private invite(
    invited: { address: string; role: string; by: string; when: Moment; state: string },
    accepted: Date | null = null,
  ): void {
    const { address, role, state } = invited;
    const by = this.who(invited.by);
    const at = this.at(invited.when);
    const id = randomUUID();
    const email = addressOf(address);
    this.rows.push({
      table: 'invitation',
      values: {
        id,
        tenant_id: this.tenantId,
        email,
        role,
        invited_by_id: by.userId,
        // Nobody has the link's token: re-sending the invitation creates a valid one.
        token_hash: randomBytes(32),
        expires_at: new Date(at.getTime() + 7 * DAY),
        state,
        accepted_at: accepted,
        ...stamps(at, by, accepted ?? at),
      },
    });
    const subject = { kind: 'invitation', id, name: mask(email) };
    this.record(at, by, 'invitation.created', subject, { role: { from: null, to: role } });
    if (state === 'cancelled') {
      this.record(new Date(at.getTime() + 3600_000), by, 'invitation.cancelled', subject);
    }
    if (accepted) this.record(accepted, this.who(address), 'invitation.accepted', subject);
  }

  private record(
    at: Date,
    actor: Known,
    action: AuditAction,
    subject: Entry['subject'],
    changes: AuditChanges | null = null,
  ): void {
    this.told.push({ at, actor, action, subject, changes });
  }

  private who(address: string): Known {
    const known = this.people.get(address);
    if (!known) throw new Error(`The story does not say who ${address} is`);
    return known;
  }

  at([days, time]: Moment, later = 0): Date {
    const then = this.now.getTime() - days * DAY;
    if (!time) return new Date(then + later);
    return new Date(Date.parse(`${dayOf(new Date(then))}T${time}:00Z`) + later);
  }
}

export function addressOf(name: string): string {
  return `${name}@ketje.example`;
}

function stamps(created: Date, by: Known, updated = created, updatedBy = by) {
  return {
    created_at: created,
    created_by: by.userId,
    updated_at: updated,
    updated_by: updatedBy.userId,
  };
}

/** ISO 8601. */
function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
