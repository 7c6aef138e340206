import { Injectable } from '@nestjs/common';
import type { ListPage } from '../core/database/keyset.js';
import { Translator } from '../core/i18n/translator.js';
import {
  ActivityRepository,
  type AuditQuery,
  type AuditRow,
  type AuditLine,
} from './activity.repository.js';
import type { AuditKind } from '../core/features/names.js';
import { actionsOf } from './audit-actions.js';
import {
  presentAuditEntry,
  presentBriefly,
  type BriefEntry,
  type PresentedEntry,
} from './audit-entry.presenter.js';
import { staffRole } from '../core/database/privileged/staff.role.js';

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
    private readonly texts: Translator,
  ) {}

  /** All of it, latest first; for admins. */
  async listed({ kind, ...query }: ActivityQuery): Promise<ListPage<PresentedEntry>> {
    const wanted = { ...query, actions: kind && actionsOf(kind), limit: PAGE_SIZE };
    const { items, ...neighbours } = await this.entries.listed(wanted);
    return { items: this.inFull(items), ...neighbours };
  }

  /** What colleagues did together lately; `inFull`: as admins read it. */
  async lately(inFull: boolean): Promise<BriefEntry[]> {
    return this.briefly(await this.entries.shared(FEW, inFull));
  }

  /** What happened to one thing lately. */
  async of(subjectId: string): Promise<BriefEntry[]> {
    const { items } = await this.entries.listed({ subjectId, limit: FEW });
    return this.briefly(items);
  }

  /** The same for staff, with what changed: of whatever organisation, or of none. */
  async ofAnybodys(subjectId: string, limit: number): Promise<PresentedEntry[]> {
    const { items } = await this.entries.listed({ subjectId, limit }, staffRole);
    return this.inFull(items);
  }

  /** Everybody who did something, by name. */
  people(): Promise<Array<{ id: string; name: string }>> {
    return this.entries.actors();
  }

  private briefly(rows: AuditLine[]): BriefEntry[] {
    return rows.map((row) => presentBriefly(row, this.texts));
  }

  private inFull(rows: AuditRow[]): PresentedEntry[] {
    return rows.map((row) => presentAuditEntry(row, this.texts));
  }
}
