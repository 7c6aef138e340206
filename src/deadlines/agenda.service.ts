import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { listed } from '../core/features/registry.js';
import { OpenPages } from '../core/http/access/open-pages.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import { AgendaRepository, type DueRow } from './agenda.repository.js';

/** A row that falls due, of whichever kind. */
export interface AgendaEntry extends DueRow {
  icon: string;
  /** Where it is looked at, a path of this site. */
  href: string;
}

export interface AgendaModel {
  /** Earliest first. */
  entries: AgendaEntry[];
  /** Lists of the kinds that have entries, by due date. */
  lists: Array<{ href: string; text: TextKey }>;
}

/** Maximum number of entries. */
const MOST = 6;

/** What falls due, of the kinds that features declare. */
@Injectable()
export class Agenda {
  constructor(
    private readonly agenda: AgendaRepository,
    private readonly pages: OpenPages,
  ) {}

  /** Of the kinds this person may read, in their time zone; one statement per kind, all at once. Null for nothing. */
  async of({ timezone }: Principal): Promise<AgendaModel | null> {
    const kinds = listed('agenda').filter(({ href }) => this.pages.isOpen(href));
    const found = await Promise.all(
      kinds.map(async (kind) => {
        const rows = await this.agenda.due(kind, timezone ?? 'UTC', MOST);
        const { icon, href } = kind;
        return { kind, entries: rows.map((row) => ({ ...row, icon, href: `${href}${row.id}/` })) };
      }),
    );
    const due = found.filter(({ entries }) => entries.length > 0);
    if (due.length === 0) return null;
    const entries = due.flatMap((one) => one.entries);
    entries.sort((a, b) => a.dueOn.localeCompare(b.dueOn));
    return {
      entries: entries.slice(0, MOST),
      lists: due.map(({ kind: { href, sort, text } }) => ({ href: `${href}?sort=${sort}`, text })),
    };
  }
}
