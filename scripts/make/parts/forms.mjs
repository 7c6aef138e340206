import { choiceNames } from '../kinds/choice.mjs';

/** `src/<module>/<row>.forms.ts`: what pages and API are sent. */
export const forms = {
  path: ({ plural, singular }) => `src/${plural}/${singular}.forms.ts`,

  strip(code, { names, title, hasStatus }) {
    const form = code.class(`${names.Singular}Form`);
    form.getProperties().forEach((each) => each.remove());
    code.renameStrings('name', title.name);
    if (!hasStatus) code.dropSpreads(`${names.SINGULAR}_STATUSES`);
  },

  add(code, field, { names }) {
    const { kind, name } = field;
    if (kind.isGiven) return;
    const decorator = kind.decorator(field, names);
    const type = kind.type(field, names);
    const form = code.class(`${names.Singular}Form`, `@${decorator} ${name}: ${type};`);
    const initializer = field.isNullable
      ? 'null'
      : kind.name === 'choice'
        ? kind.defaultOf(field)
        : kind.formDefault?.();
    const about = field.about && kind.name !== 'text' ? `/** ${field.about} */\n` : '';
    const value = initializer ? ` = ${initializer}` : '';
    form.addMember(`${about}@${decorator} ${name}: ${type}${value};`);
    const called = decorator.slice(0, decorator.indexOf('('));
    code.import(kind.formsOf?.(field) ?? kind.forms, called);
    if (kind.name !== 'choice') return;
    const { constant, type: union } = choiceNames(field, names);
    code.import(`./${names.singular}.entity.js`, constant);
    code.import(`./${names.singular}.entity.js`, union, true);
  },
};
