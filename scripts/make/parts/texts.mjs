import { capital, spoken } from '../names.mjs';
import { wordOf } from '../words.mjs';

/** Texts of the template that are about its own fields, or a limit it has. */
const LEFT_OUT = ['no_due_date', 'overdue', 'nobody', 'errors.limit_reached'];

/** Keeps of the template's texts those that any module has; those of `neutral` take their place. */
export function stripTexts(texts, { names, writers, hasSamples }, neutral, language) {
  const result = merged(texts, neutral);
  if (writers === 'admin') result.details.text = READ_ONLY[language];
  for (const path of LEFT_OUT) {
    const [group, key] = path.split('.');
    if (key) delete result[group][key];
    else delete result[group];
  }
  if (hasSamples) result.sample_data = SAMPLE[language](names, neutral);
  else delete result.sample_data;
  result.fields = {};
  result.statuses = { deleted: texts.statuses.deleted };
  result.sorts = { newest: texts.sorts.newest };
  result.audit.fields = {};
  const entity = result.entities[names.plural];
  entity.fields = {};
  entity.words = {};
  return result;
}

function merged(one, other) {
  if (typeof one !== 'object' || typeof other !== 'object') return other ?? one;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      name in other ? merged(one[name] ?? {}, other[name]) : one[name],
    ]),
  );
}

/** Adds the texts of a field in one language. */
export function addTexts(texts, field, { names, title, dated }, language) {
  const { kind, name, options } = field;
  const word = wordOf(field.word, language);
  texts.fields[name] = word;
  if (!kind.isGiven) texts.audit.fields[name] = word;
  const entity = texts.entities[names.plural];
  entity.fields[name] = word;
  if (field === title || field === dated) texts.sorts[name] = word;
  if (name === 'status') texts.filter.status = word;
  if (kind.name === 'choice') {
    const group = kind.groupOf(field);
    texts[group] = {
      ...Object.fromEntries(options.map((each) => [each, wordOf(each, language)])),
      ...texts[group],
    };
    for (const each of options) entity.words[each] = wordOf(each, language);
  }
  for (const [key, words] of Object.entries(kind.texts ?? {})) {
    const { isNullable } = field;
    const isUsed = { none: isNullable, nobody: isNullable, choose: !isNullable }[key] ?? true;
    if (isUsed) texts[key] = words[language];
  }
  if (field.isUnique) {
    texts.errors[`${name}_taken`] = TAKEN[language].replace('{field}', word);
  }
}

/** What sample rows are called; the noun of Dutch and French is that of the title. */
const SAMPLE = {
  en: ({ one }) => `Sample ${one} {number}`,
  nl: (_, { entities }) => `${nounOf(entities)}: voorbeeld {number}`,
  fr: (_, { entities }) => `${nounOf(entities)}\u00a0: exemple {number}`,
};

function nounOf(entities) {
  return Object.values(entities)[0].singular;
}

/** Where admins alone change rows. */
const READ_ONLY = {
  en: 'Everybody in your organisation sees them; admins change them.',
  nl: 'Iedereen in uw organisatie ziet ze; beheerders wijzigen ze.',
  fr: 'Tout le monde dans votre organisation les voit\u00a0; les administrateurs les modifient.',
};

const TAKEN = {
  en: '{field}: this is used already. Choose another.',
  nl: '{field}: dit is al in gebruik. Kies een andere waarde.',
  fr: '{field}\u00a0: cette valeur est déjà utilisée. Choisissez-en une autre.',
};

/** What the English texts of the template say of projects alone, for any module. */
export function englishTexts({ names, fields }) {
  const { resource, one, many } = names;
  const required = fields
    .filter(({ isRequired }) => isRequired)
    .map(({ word }) => word.replaceAll('_', ' '));
  return {
    subtitle: `All ${many} of your organisation.`,
    flags: { [resource]: `${capital(many)}: their pages and their API.` },
    none_yet: {
      text: `Everybody in your organisation sees the ${many} that are added here.`,
    },
    new: { subtitle: `Required: ${listOf(required)}.` },
    errors: {
      stale: `Somebody else saved this ${one} after you opened it. Nothing of yours is lost: compare and save again.`,
    },
    filter: { status: spoken('status') },
  };
}

function listOf(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Texts for any module in a language whose article of the noun is unknown; `one` and `many` are the noun. */
export function neutralTexts(
  { names },
  { actions, permissions, flags, ...words },
  { one, many },
  language,
) {
  const { plural, resource, table } = names;
  const texts = {
    ...words,
    entities: { [plural]: { plural: '{Many}', singular: '{One}' } },
    audit: { kinds: { [resource]: '{Many}' }, actions: { [table]: actions } },
    flags: { [resource]: flags },
    permissions: {
      [`${resource}_read`]: permissions.read,
      [`${resource}_write`]: permissions.write,
    },
    nav: '{Many}',
    title: '{Many}',
  };
  const nouns = { '{one}': one, '{many}': many, '{One}': capital(one), '{Many}': capital(many) };
  return JSON.parse(
    JSON.stringify(texts, (_, value) => {
      if (typeof value !== 'string') return value;
      const text = Object.entries(nouns).reduce(
        (all, [mark, noun]) => all.replaceAll(mark, noun),
        value,
      );
      return language === 'fr' ? withFrenchSpaces(text) : text;
    }),
  );
}

/** No line breaks between a French mark and its word: U+00A0. */
function withFrenchSpaces(text) {
  return text.replace(/ ([:;?!»])/g, '\u00a0$1').replaceAll('« ', '«\u00a0');
}
