import { Injectable } from '@nestjs/common';
import type { AuditChanges } from '../audit/audit-entry.entity.js';
import { presentChanges, sentenceOf, type Told } from '../audit/audit-entry.presenter.js';
import { currentScope } from '../core/context/request-context.js';
import type { DomainError } from '../core/errors/domain-error.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import { Texts } from '../core/i18n/texts.js';
import type { Row } from './row.js';

/**
 * The names of entities, columns and what columns hold, by key. A name nobody has translated yet is shown
 * as the code has it, so that a new entity works at once; a test finds those that we ship.
 */
@Injectable()
export class AdminWords {
  constructor(private readonly texts: Texts) {}

  say(key: TextKey): string {
    return this.texts.say(key);
  }

  plural(path: string): string {
    return this.find(`admin.entities.${path}.plural`, path);
  }

  singular(path: string): string {
    return this.find(`admin.entities.${path}.singular`, path);
  }

  /** A column of an entity by its name in the database, or a filter. */
  field(path: string, name: string): string {
    const own = `admin.entities.${path}.fields.${name}`;
    const text = this.texts.translate(own, { lang: currentScope().locale });
    return text === own ? this.find(`admin.fields.${name}`, name) : text;
  }

  /** A word a column holds, or a choice of a filter. */
  word(word: string): string {
    return this.find(`admin.words.${word}`, word);
  }

  action(name: string): string {
    return this.find(`admin.actions.${name}.name`, name);
  }

  /** `name`: of the one row; `count`: how many. */
  question(name: string, about: { name: string } | { count: number }): string {
    const key = `admin.actions.${name}.${'count' in about ? 'question_many' : 'question'}`;
    const text = this.texts.translate(key, { lang: currentScope().locale, args: about });
    return text === key ? this.action(name) : text;
  }

  /** What an action means for rows of this entity; null where its name says it all. */
  consequence(path: string, name: string): string | null {
    const key = `admin.entities.${path}.consequences.${name}`;
    const text = this.texts.translate(key, { lang: currentScope().locale });
    return text === key ? null : text;
  }

  /** An entry of the audit trail, in a sentence. */
  told(row: Row): string {
    const told = {
      action: row.action,
      subjectName: row.subject_name,
      actorKind: row.actor_kind,
      actorName: row.actor_name,
      staffName: row.staff_name,
      changes: row.changes,
    };
    return sentenceOf(told as Told, this.texts);
  }

  /** What an entry says was before and after, a field in a line. */
  changes(changes: AuditChanges): string {
    return presentChanges(changes, this.texts)
      .map(({ label, from, to }) => `${label}: ${from} → ${to}`)
      .join('\n');
  }

  refusal(error: DomainError | undefined): string | null {
    return error ? this.texts.say(error.key, error.details.args) : null;
  }

  private find(key: string, name: string): string {
    const text = this.texts.translate(key, { lang: currentScope().locale });
    return text === key ? humanised(name) : text;
  }
}

/** `is_staff` → `Is staff` */
function humanised(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
