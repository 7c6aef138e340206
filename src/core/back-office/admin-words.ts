import { Injectable } from '@nestjs/common';
import { currentContext } from '../context/request-context.js';
import type { DomainError } from '../errors/domain-error.js';
import type { TextKey } from '../i18n/text-keys.js';
import { Translator } from '../i18n/translator.js';

/**
 * Texts for entities, columns and values. A missing text falls back to the name in code, so that a new entity
 * works at once; a test finds missing texts of the shipped ones.
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

  /** Label of a column (database name) or filter. */
  field(path: string, name: string): string {
    const own = `admin.entities.${path}.fields.${name}`;
    const text = this.texts.translate(own, { lang: currentContext().locale });
    return text === own ? this.find(`admin.fields.${name}`, name) : text;
  }

  /** Text of a column value or filter choice. */
  word(word: string): string {
    return this.find(`admin.words.${word}`, word);
  }

  action(name: string): string {
    return this.find(`admin.actions.${name}.name`, name);
  }

  /** The confirmation question of an action, for one named row or a number of rows. */
  question(name: string, about: { name: string } | { count: number }): string {
    const key = `admin.actions.${name}.${'count' in about ? 'question_many' : 'question'}`;
    const text = this.texts.translate(key, { lang: currentContext().locale, args: about });
    return text === key ? this.action(name) : text;
  }

  /** Explanation of an action's consequence for this entity; null where there is none. */
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
