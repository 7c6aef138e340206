import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Principal } from '../core/context/principal.js';
import type { AgendaDeclaration, DueRow } from '../core/features/agenda.js';
import { agendaKinds } from '../core/features/registry.js';
import { OpenPages } from '../core/http/access/open-pages.js';

/** A row that falls due, of whichever kind. */
export interface AgendaEntry extends DueRow {
  icon: string;
  /** Where it is looked at, a path of this site. */
  href: string;
}

export interface AgendaModel {
  /** Earliest first. */
  entries: AgendaEntry[];
  /** Lists of the kinds that have entries. */
  lists: Array<Pick<AgendaDeclaration, 'href' | 'text'>>;
}

/** Maximum number of entries. */
const MOST = 6;

/** What falls due, of the kinds that features declare. */
@Injectable()
export class Agenda {
  constructor(
    private readonly modules: ModuleRef,
    private readonly pages: OpenPages,
  ) {}

  /** Of the kinds this person may read, in their time zone; one statement per kind, all at once. Null for nothing. */
  async of({ timezone }: Principal): Promise<AgendaModel | null> {
    const kinds = agendaKinds().filter(([, { href }]) => this.pages.isOpen(href));
    const found = await Promise.all(
      kinds.map(async ([, { icon, href, text, source }]) => {
        const agenda = this.modules.get(source, { strict: false });
        const rows = await agenda.due(timezone ?? 'UTC', MOST);
        return {
          href,
          text,
          entries: rows.map((row) => ({ ...row, icon, href: rowPath(href, row) })),
        };
      }),
    );
    const due = found.filter(({ entries }) => entries.length > 0);
    if (due.length === 0) return null;
    const entries = due.flatMap((kind) => kind.entries);
    entries.sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0));
    return {
      entries: entries.slice(0, MOST),
      lists: due.map(({ href, text }) => ({ href, text })),
    };
  }
}

/** `/projects/?sort=due` → `/projects/<id>/`. */
function rowPath(list: string, { id }: DueRow): string {
  return list.replace(/\?.*$/s, `${id}/`);
}
