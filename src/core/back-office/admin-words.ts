import { Injectable } from '@nestjs/common';
import { currentContext } from '../context/request-context.js';
import type { DomainError } from '../errors/domain-error.js';
import type { TextKey } from '../i18n/text-keys.js';
import { Translator } from '../i18n/translator.js';

/**
 * The names of entities, columns and what columns hold, by key. A name nobody has translated yet is shown
 * as the code has it, so that a new entity works at once; a test finds those that we ship.
 */
@Injectable()
export class AdminWords {
  constructor(private readonly texts: Translator) {}

  say(key: TextKey): string {
    return this.texts.t(key);
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
    const text = this.texts.translate(own, { lang: currentContext().locale });
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
    const text = this.texts.translate(key, { lang: currentContext().locale, args: about });
    return text === key ? this.action(name) : text;
  }

  /** What an action means for rows of this entity; null where its name says it all. */
  consequence(path: string, name: string): string | null {
    const key = `admin.entities.${path}.consequences.${name}`;
    const text = this.texts.translate(key, { lang: currentContext().locale });
    return text === key ? null : text;
  }

  refusal(error: DomainError | undefined): string | null {
    return error ? this.texts.t(error.key, error.details.args) : null;
  }

  private find(key: string, name: string): string {
    const text = this.texts.translate(key, { lang: currentContext().locale });
    return text === key ? humanised(name) : text;
  }
}

/** `is_staff` → `Is staff` */
function humanised(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
