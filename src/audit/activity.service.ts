import { Injectable } from '@nestjs/common';
import type { Door } from '../core/database/doors.js';
import type { ListPage } from '../core/database/keyset.js';
import { Texts } from '../core/i18n/texts.js';
import { ActivityRepository, type AuditQuery } from './activity.repository.js';
import { AUDIT_ACTIONS, type AuditAction, type AuditKind } from './audit-actions.js';
import { presentAuditEntry, type PresentedEntry } from './audit-entry.presenter.js';

const PAGE_SIZE = 50;
const FEW = 8;

export interface ActivityQuery extends Pick<AuditQuery, 'actorId' | 'from' | 'to' | 'cursor'> {
  kind: AuditKind | null;
  /** IANA name: what the days of the period mean. */
  timeZone: string;
}

/** The audit trail as the people of an organisation read it. */
@Injectable()
export class Activity {
  constructor(
    private readonly entries: ActivityRepository,
    private readonly texts: Texts,
  ) {}

  /** All of it, latest first; for admins. */
  listed({ kind, ...query }: ActivityQuery): Promise<ListPage<PresentedEntry>> {
    return this.presented({ ...query, actions: kind && actionsOf(kind), limit: PAGE_SIZE });
  }

  /** What colleagues did together lately: who signed in when is not everybody's business. */
  async lately(): Promise<PresentedEntry[]> {
    return (await this.presented({ actions: SHARED, limit: FEW })).items;
  }

  /** What happened to one thing lately. */
  async of(subjectId: string): Promise<PresentedEntry[]> {
    return (await this.presented({ subjectId, limit: FEW })).items;
  }

  /** The same for staff: of whatever organisation, or of none. */
  async ofAnybodys(subjectId: string, limit: number): Promise<PresentedEntry[]> {
    return (await this.presented({ subjectId, limit }, 'staff')).items;
  }

  /** Everybody who did something, by name. */
  people(): Promise<Array<{ id: string; name: string }>> {
    return this.entries.actors();
  }

  private async presented(query: AuditQuery, door?: Door): Promise<ListPage<PresentedEntry>> {
    const { items, ...neighbours } = await this.entries.listed(query, door);
    return { items: items.map((row) => presentAuditEntry(row, this.texts)), ...neighbours };
  }
}

export function actionsOf(kind: AuditKind): AuditAction[] {
  return ALL.filter((action) => AUDIT_ACTIONS[action] === kind);
}

const ALL = Object.keys(AUDIT_ACTIONS) as AuditAction[];

const SHARED: AuditAction[] = [
  ...(['organisation', 'members', 'projects'] as const).flatMap(actionsOf),
  'account.closed',
];
