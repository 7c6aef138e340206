import type { Type } from '@nestjs/common';
import type { TextKey } from '../i18n/text-keys.js';

/** Rows of a feature with a due date, which the dashboard shows to whoever may open their list. */
export interface AgendaDeclaration {
  icon: string;
  /** Path of the list by due date; people need its permission, flags and entitlement. */
  href: string;
  /** What the link to that list says. */
  text: TextKey;
  /** Lowest first. */
  position: number;
  source: Type<AgendaSource>;
}

/** Days ahead that the dashboard shows. */
export const AGENDA_DAYS = 14;

/** Finds rows of the organisation that fall due; a provider of the feature. */
export interface AgendaSource {
  /**
   * What is overdue and what falls due within `AGENDA_DAYS`, earliest first, in one statement.
   * @param zone IANA name, for which day it is today
   * @param limit maximum number of rows
   */
  due(zone: string, limit: number): Promise<DueRow[]>;
}

export interface DueRow {
  id: string;
  title: string;
  /** A day, ISO 8601: `2026-02-28`. */
  dueOn: string;
  isOverdue: boolean;
}
