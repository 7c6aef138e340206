import { Injectable } from '@nestjs/common';
import type { DomainError } from '../errors/domain-error.js';
import type { TextKey } from '../i18n/text-keys.js';
import { Translator } from '../i18n/translator.js';

/** An entity of the back office, and the feature whose file holds its texts. */
interface Named {
  path: string;
  feature: string;
}

/**
 * Texts for entities, columns and values: the entity's own, in the file of its feature, before the common
 * ones. A missing text falls back to the name in code, so that a new entity works at once; a test finds
 * missing texts of the shipped ones. i18n-uses: *.entities.*
 */
@Injectable()
export class AdminWords {
  constructor(private readonly texts: Translator) {}

  say(key: TextKey): string {
    return this.texts.t(key);
  }

  plural(list: Named): string {
    return this.find([this.own(list, 'plural')]) ?? humanised(list.path);
  }

  singular(list: Named): string {
    return this.find([this.own(list, 'singular')]) ?? humanised(list.path);
  }

  /** Label of a column (database name) or filter. */
  field(list: Named, name: string): string {
    const keys = [this.own(list, `fields.${name}`), `back-office.fields.${name}`];
    return this.find(keys) ?? humanised(name);
  }

  /** Text of a column value or filter choice. */
  word(list: Named, word: string): string {
    const keys = [this.own(list, `words.${word}`), `back-office.words.${word}`];
    return this.find(keys) ?? humanised(word);
  }

  action(list: Named, name: string): string {
    return this.find(this.ofAction(list, name, 'name')) ?? humanised(name);
  }

  /** The confirmation question of an action, for one named row or a number of rows. */
  question(list: Named, name: string, about: { name: string } | { count: number }): string {
    const keys = this.ofAction(list, name, 'count' in about ? 'question_many' : 'question');
    return this.find(keys, about) ?? this.action(list, name);
  }

  /** The text that tells that an action is done, to one named row or a number of rows. */
  done(list: Named, name: string, about: { name: string } | { count: number }): TextKey {
    const keys = this.ofAction(list, name, 'count' in about ? 'done_many' : 'done');
    const key = keys.find((each) => this.find([each], about) !== undefined);
    return (key ?? keys[0]) as TextKey;
  }

  /** Explanation of an action's consequence for this entity; null where there is none. */
  consequence(list: Named, name: string): string | null {
    return this.find([this.own(list, `consequences.${name}`)]) ?? null;
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

  private own({ feature, path }: Named, rest: string): string {
    return `${feature}.entities.${path}.${rest}`;
  }

  private ofAction(list: Named, name: string, text: string): [string, string] {
    return [this.own(list, `actions.${name}.${text}`), `back-office.actions.${name}.${text}`];
  }
}

/** `is_staff` → `Is staff` */
function humanised(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
