import { Injectable } from '@nestjs/common';
import type { DomainError } from '../errors/domain-error.js';
import type { TextKey } from '../i18n/text-keys.js';
import { Translator } from '../i18n/translator.js';
import { BackOffice } from './back-office.js';

/**
 * Texts for entities, columns and values: the entity's own, in the file of its feature, before the common
 * ones. A missing text falls back to the name in code, so that a new entity works at once; a test finds
 * missing texts of the shipped ones. i18n-uses: *.entities.*
 */
@Injectable()
export class AdminWords {
  constructor(
    private readonly texts: Translator,
    private readonly office: BackOffice,
  ) {}

  say(key: TextKey): string {
    return this.texts.t(key);
  }

  plural(path: string): string {
    return this.find([this.own(path, 'plural')]) ?? humanised(path);
  }

  singular(path: string): string {
    return this.find([this.own(path, 'singular')]) ?? humanised(path);
  }

  /** Label of a column (database name) or filter. */
  field(path: string, name: string): string {
    const keys = [this.own(path, `fields.${name}`), `back-office.fields.${name}`];
    return this.find(keys) ?? humanised(name);
  }

  /** Text of a column value or filter choice. */
  word(path: string, word: string): string {
    const keys = [this.own(path, `words.${word}`), `back-office.words.${word}`];
    return this.find(keys) ?? humanised(word);
  }

  action(path: string, name: string): string {
    return this.find(this.ofAction(path, name, 'name')) ?? humanised(name);
  }

  /** The confirmation question of an action, for one named row or a number of rows. */
  question(path: string, name: string, about: { name: string } | { count: number }): string {
    const keys = this.ofAction(path, name, 'count' in about ? 'question_many' : 'question');
    return this.find(keys, about) ?? this.action(path, name);
  }

  /** The text that tells that an action is done, to one named row or a number of rows. */
  done(path: string, name: string, about: { name: string } | { count: number }): TextKey {
    const keys = this.ofAction(path, name, 'count' in about ? 'done_many' : 'done');
    const key = keys.find((each) => this.find([each], about) !== undefined);
    return (key ?? keys[0]) as TextKey;
  }

  /** Explanation of an action's consequence for this entity; null where there is none. */
  consequence(path: string, name: string): string | null {
    return this.find([this.own(path, `consequences.${name}`)]) ?? null;
  }

  refusal(error: DomainError | undefined): string | null {
    return error ? this.texts.t(error.key, error.details.args) : null;
  }

  /** The first of these texts that exists. */
  private find(keys: readonly string[], args?: Record<string, unknown>): string | undefined {
    for (const key of keys) {
      const text = this.texts.t(key as TextKey, args);
      if (text !== key) return text;
    }
    return undefined;
  }

  private own(path: string, rest: string): string {
    return `${this.office.get(path).feature}.entities.${path}.${rest}`;
  }

  private ofAction(path: string, name: string, text: string): [string, string] {
    return [this.own(path, `actions.${name}.${text}`), `back-office.actions.${name}.${text}`];
  }
}

/** `is_staff` → `Is staff` */
function humanised(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
