import { KINDS } from './kinds/index.mjs';
import { SQL, TYPESCRIPT, camelCase, snakeCase } from './names.mjs';
import { Refused } from './refused.mjs';

/** Properties and columns every row has, and words of the code around fields. */
const TAKEN = new Set(
  `id key tenant tenant_id version created_at created_by updated_at updated_by deleted_at deleted_by is_active
  is_deleted details page q sort form action next constructor change create details
  password token secret`.split(/\s+/),
);

/** Names the audit trail never records. */
const SECRET = /password|secret|token|hash|private/;

/**
 * Reads `number:text!:unique`, `status:choice(draft,sent)=draft`: a name, a kind with its options, `!` where
 * it is required, and modifiers. @throws Refused
 */
export function readField(text) {
  const [, name, kindName, options, mark, rest = ''] =
    /^([a-z][a-z\d_]*):([a-z-]+)(?:\(([^)]*)\))?(!)?((?:[:=].*)?)$/.exec(text) ?? [];
  if (!name) {
    throw new Refused(
      `"${text}" is no field: write name:kind, such as number:text! or status:choice(draft,sent).`,
    );
  }
  const kind = KINDS[kindName];
  if (!kind) {
    throw new Refused(
      `"${text}": there is no kind "${kindName}". There are: ${Object.keys(KINDS).join(', ')}.`,
    );
  }
  if (TAKEN.has(name) || SECRET.test(name) || name.length > 40) {
    throw new Refused(`"${text}": a field cannot be called "${name}": choose another name.`);
  }
  const modifiers = rest.split(/[:=]/).slice(1);
  const fallback = /=([^:]*)/.exec(rest)?.[1];
  const known = new Set(['unique', 'searchable', fallback].filter((each) => each !== undefined));
  const odd = modifiers.find((each) => !known.has(each));
  if (odd !== undefined) {
    throw new Refused(
      `"${text}": "${odd}" is no modifier. There are: unique, searchable, =<default>.`,
    );
  }
  const column = kind.columnOf?.(name) ?? name;
  const field = {
    text,
    name: column,
    word: kind.columnOf ? name.replace(/_id$/, '') : name,
    property: camelCase(column),
    kind,
    options: options?.split(',').map((each) => each.trim()) ?? [],
    isRequired: mark === '!',
    isUnique: modifiers.includes('unique'),
    isSearchable: modifiers.includes('searchable'),
    fallback,
  };
  requireUsable(field);
  const problem =
    kind.problemOf?.(field) ??
    (options !== undefined && !kind.takesOptions && `the kind ${kindName} has no options`) ??
    undefined;
  if (problem) throw new Refused(`"${text}": ${problem}.`);
  if (field.isUnique && !kind.unique)
    throw new Refused(`"${text}": a ${kindName} cannot be unique.`);
  if (field.isSearchable && !kind.isText) {
    throw new Refused(`"${text}": only text is searchable.`);
  }
  if (fallback !== undefined && !kind.defaultOf) {
    throw new Refused(`"${text}": a ${kindName} has no default.`);
  }
  const about = typeof kind.about === 'function' ? kind.about(field) : kind.about;
  return {
    ...field,
    about,
    isNullable: kind.isNullable?.(field) ?? !(field.isRequired || fallback),
  };
}

/** @throws Refused where its column or its property is a word of the language */
function requireUsable({ text, name, property }) {
  const language = SQL.has(name) ? 'PostgreSQL' : TYPESCRIPT.has(property) && 'TypeScript';
  if (!language) return;
  throw new Refused(
    `"${text}": a field cannot be called "${name}": it is a reserved word of ${language}. Choose another name.`,
  );
}

/** What a row calls the field, the row of the organisation that it leads to, and the title of that. */
export function propertiesOf(field) {
  const { kind, property, word } = field;
  const title = kind.titled?.(field, { SINGULAR: '' });
  return title ? [property, camelCase(word), title.property] : [property];
}

/** The fields of a new module, those that are `files` apart; the first required text names its rows. @throws Refused */
export function readFields(texts) {
  const fields = texts.map((text) => readField(text));
  const properties = fields.flatMap((field) => propertiesOf(field));
  const twice = properties.find((each, at) => properties.indexOf(each) !== at);
  if (twice) throw new Refused(`The field "${snakeCase(twice)}" is there twice: leave one out.`);
  const title = fields.find(({ kind, isRequired }) => kind.isTitle && isRequired);
  if (!title) {
    throw new Refused(
      'A module needs a required text, which names its rows: add a field such as name:text!.',
    );
  }
  const status = fields.find(({ name }) => name === 'status');
  if (status && status.kind.name !== 'choice') {
    throw new Refused('The field "status" is a choice: write status:choice(draft,sent).');
  }
  const given = fields.filter(({ kind }) => kind.isGiven);
  if (given.length > 1) {
    throw new Refused(`Rows have one number: leave out "${given[1].name}" or "${given[0].name}".`);
  }
  return {
    fields: fields.filter(({ kind }) => !kind.isFile),
    files: fields.filter(({ kind }) => kind.isFile),
    title,
    dated: fields.find(({ kind }) => kind.name === 'date'),
  };
}

/** Fields that the list shows beside the title: a number that is given, and the first that fit into a cell. */
export function listedFields(fields, title) {
  const fitting = fields.filter((field) => field !== title && field.kind.cell);
  const isGiven = ({ kind }) => kind.isGiven === true;
  const first = [...fitting.filter(isGiven), ...fitting.filter((field) => !isGiven(field))];
  return fitting.filter((field) => first.slice(0, 4).includes(field));
}
