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
  /** IANA name; the time zone of the days in the filter. */
  timeZone: string;
}

/** The audit trail as members and admins of an organisation read it. */
@Injectable()
export class Activity {
  constructor(
    private readonly entries: ActivityRepository,
    private readonly texts: Translator,
  ) {}

  /** All entries, latest first; for admins. */
  async listed({ kind, ...query }: ActivityQuery): Promise<ListPage<PresentedEntry>> {
    const wanted = { ...query, actions: kind && actionsOf(kind), limit: PAGE_SIZE };
    const { items, ...neighbours } = await this.entries.listed(wanted);
    return { items: this.inFull(items), ...neighbours };
  }

  /** The latest shared entries; `inFull`: as admins see them. */
  async lately(inFull: boolean): Promise<BriefEntry[]> {
    return this.briefly(await this.entries.shared(FEW, inFull));
  }

  /** The latest entries about one subject. */
  async of(subjectId: string): Promise<BriefEntry[]> {
    const { items } = await this.entries.listed({ subjectId, limit: FEW });
    return this.briefly(items);
  }

  /** The same for staff, with the changes: of any organisation, or of none. */
  async ofAnybodys(subjectId: string, limit: number): Promise<PresentedEntry[]> {
    const { items } = await this.entries.listed({ subjectId, limit }, staffRole);
    return this.inFull(items);
  }

  /** All actors, by name. */
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
