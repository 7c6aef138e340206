import { Code, Markup, loadParser } from '../code.mjs';
import { readField } from '../fields.mjs';
import { literal } from '../kinds/markup.mjs';
import { askForReview, nextStamp, tableNames } from '../module.mjs';
import { keyOf, moduleNames } from '../names.mjs';
import { addKeys } from '../parents.mjs';
import { admin, addOptions, nest, pages } from '../parts/logic.mjs';
import { dto } from '../parts/dto.mjs';
import { entity } from '../parts/entity.mjs';
import { feature } from '../parts/feature.mjs';
import { forms } from '../parts/forms.mjs';
import { repository } from '../parts/repository.mjs';
import { addBeforeNeeds, samples, valuesOf } from '../parts/samples.mjs';
import { Refused } from '../refused.mjs';
import { wordOf } from '../words.mjs';
import { inputs, lineEntity, migration, values } from './lines-files.mjs';
import { linesJourney, linesTest } from './lines-test.mjs';

/** Kinds whose value stands in a line as it was typed. */
const KINDS = ['text', 'integer', 'decimal', 'money', 'date', 'time'];

/** With 100 lines a form stays below the number of fields that are read of a body. */
const MOST_FIELDS = 4;

const LANGUAGES = ['en', 'nl', 'fr'];
const LINES = { en: 'Lines', nl: 'Regels', fr: 'Lignes' };
const PART = { en: 'Lines of {many}', nl: 'Regels: {many}', fr: 'Lignes\u00a0: {many}' };

/**
 * Gives the rows of a module lines, which have no life of their own: a table, and inputs in the form of the row.
 * @throws Refused, MissingAnchor
 */
export async function addLines(tree, [said, ...texts], { singular }) {
  const names = moduleNames(said ?? '', singular);
  if (!tree.exists(feature.path(names)))
    throw new Refused(`There is no module src/${names.plural}.`);
  const fields = readLineFields(texts, names);
  const lines = { table: `${names.table}_line`, Line: `${names.Singular}Line`, fields };
  const path = `src/${names.plural}/${names.singular}-line.entity.ts`;
  if (tree.exists(path)) throw new Refused(`${path} exists already: the rows have lines.`);
  if (tableNames(tree).has(lines.table)) {
    throw new Refused(
      `There is a table "${lines.table}" already, which is what the lines of ${names.many} would be called.`,
    );
  }
  await loadParser();
  const row = new Code(entity.path(names), tree.read(entity.path(names))).class(names.Singular);
  if (row.getMember('lines')) {
    throw new Refused(
      `${entity.path(names)} has a property "lines" already, which is what a row calls its lines: rename it first.`,
    );
  }
  const hasKey = tree.read(entity.path(names)).includes(`'${keyOf(names)}'`);
  addKeys(tree, [{ parent: { ...names, hasKey } }]);
  const edit = (part, change) => {
    const file = part.path(names);
    const text = tree.read(file);
    const opened = file.endsWith('.ts') ? new Code(file, text) : new Markup(file, text);
    change(opened);
    if (opened instanceof Code) opened.pruneImports();
    tree.write(file, opened.text);
  };
  edit(entity, (code) => inEntity(code, names, lines));
  tree.write(path, lineEntity(names, lines));
  edit(forms, (code) => inForms(code, names, lines));
  edit(dto, (code) => inDto(code, names, lines));
  edit(repository, (code) => inRepository(code, names, lines));
  edit(nest, (code) => inModule(code, names, lines));
  edit(pages, (code) => inPages(code, names, lines));
  edit(admin, (code) => code.class(`${names.Singular}Admin`).getProperty('editing')?.remove());
  edit(feature, (code) => inFeature(code, names, lines));
  edit(view(names, 'fields'), (markup) => (markup.text += inputs(names, lines)));
  edit(view(names, 'values'), (markup) => (markup.text += values(names, lines)));
  for (const language of LANGUAGES) writeTexts(tree, names, lines, language);
  const stamp = nextStamp(tree);
  tree.write(
    `migrations/${stamp}-lines-of-${names.plural}.ts`,
    migration(names, { ...lines, hasKey }, stamp),
  );
  const needs = tree.read(samples.path(names)).includes('function needed(');
  edit(samples, (code) => inSamples(code, names, lines, needs));
  tree.write(`test/${names.plural}/lines.test.ts`, linesTest(names, lines, needs));
  askForReview(tree, names.plural);
}

function readLineFields(texts, { table }) {
  const fields = texts.map((text) => readField(text));
  if (fields.length === 0 || fields.length > MOST_FIELDS) {
    throw new Refused(
      `Name one to ${MOST_FIELDS} fields of a line, such as description:text! quantity:decimal! price:money!.`,
    );
  }
  for (const { text, kind, name, isUnique, isSearchable, fallback } of fields) {
    if (!KINDS.includes(kind.name)) {
      throw new Refused(`"${text}": a line has fields of the kinds ${KINDS.join(', ')}.`);
    }
    if (isUnique || isSearchable || fallback !== undefined) {
      throw new Refused(`"${text}": a field of a line has no modifiers.`);
    }
    if ([table, `${table}_id`, 'position'].includes(name)) {
      throw new Refused(`"${text}": a line has a ${name} beside its fields: choose another name.`);
    }
    if (fields.filter((other) => other.name === name).length > 1) {
      throw new Refused(`"${text}": there is a field "${name}" already: choose another name.`);
    }
  }
  return fields;
}

function inEntity(code, { Singular }, { Line, fields }) {
  const details = code.interface(`${Singular}Details`);
  const properties = fields.map((field) => {
    const about = field.about ? `/** ${field.about} */\n` : '';
    return `${about}${field.property}: ${field.kind.type(field)};`;
  });
  code.file.insertStatements(
    details.getChildIndex(),
    `/** One of its lines. */\nexport interface ${Line}Details {\n${properties.join('\n')}\n}\n`,
  );
  code.interface(`${Singular}Details`).addProperty({
    name: 'lines',
    type: `${Line}Details[]`,
    docs: ['In their order.'],
  });
  const row = code.class(Singular);
  const at = row.getMembers().indexOf(row.getProperty('version'));
  row.insertMember(
    at,
    `/** Rows of their own, read and written with this one by its repository. */\nlines: ${Line}Details[] = [];\n`,
  );
  const getter = row.getGetAccessorOrThrow('details');
  const list = getter.getStatements().at(-1).getExpression().getProperties();
  const all = [...list.map((each) => each.getName()), 'lines'].join(', ');
  getter.setBodyText(`const { ${all} } = this;\nreturn { ${all} };`);
}

function inForms(code, { Singular }, { Line, fields }) {
  const form = code.class(`${Singular}Form`);
  const properties = fields.map((field) => {
    const about = field.about && field.kind.name !== 'text' ? `/** ${field.about} */\n` : '';
    const value = field.isNullable ? ' = null' : '';
    return `${about}@${field.kind.decorator(field)} ${field.name}: ${field.kind.type(field)}${value};`;
  });
  code.file.insertStatements(
    form.getChildIndex(),
    `/** A line of the form, and of the body. */\nexport class ${Line}Form {\n${properties.join('\n')}\n}\n`,
  );
  code.class(`${Singular}Form`).addMember(`@LinesField(${Line}Form) lines: ${Line}Form[] = [];`);
  for (const field of fields) {
    const decorator = field.kind.decorator(field);
    const called = decorator.slice(0, decorator.indexOf('('));
    code.import(field.kind.formsOf?.(field) ?? field.kind.forms, called);
  }
  code.import('../core/http/forms/lines.js', 'LinesField');
}

function inDto(code, { Singular }, { Line, fields }) {
  const row = code.class(`${Singular}Dto`);
  // What the form takes, the row answers; modules that were made before say it.
  if (row.getExtends()?.getText().startsWith('rowDto(')) return;
  const properties = fields.map((field) => {
    const about = field.about && field.kind.name !== 'text' ? `/** ${field.about} */\n` : '';
    return `${about}@ApiProperty(${literal(field.kind.api(field))}) ${field.name}: ${field.kind.type(field)};`;
  });
  const summary = code.class(`${Singular}SummaryDto`);
  code.file.insertStatements(
    summary.getChildIndex(),
    `/** A line. */\nexport class ${Line}Dto {\n${properties.join('\n')}\n}\n`,
  );
  const before = row.getProperty('created_at');
  const at = before ? row.getMembers().indexOf(before) : row.getMembers().length;
  row.insertMember(at, `@ApiProperty({ type: [${Line}Dto] }) lines: ${Line}Dto[];`);
}

function inRepository(code, { Singular, Plural, singular, variable }, { Line }) {
  const owner = code.class(`${Plural}Repository`);
  owner.getExtends().replaceWithText(`WithLinesRepository<${Singular}>`);
  const made = code.class(`${Plural}Repository`).getConstructors()[0];
  code.replaceIn(
    made,
    `super(unitOfWork, ${Singular})`,
    `super(unitOfWork, ${Singular}, { entity: ${Line}, parent: '${variable}Id' })`,
  );
  code.import('../core/database/with-lines.repository.js', 'WithLinesRepository');
  code.import(`./${singular}-line.entity.js`, Line);
}

function inModule(code, { Plural, Singular, singular }, { Line }) {
  const module = code.class(`${Plural}Module`);
  code.replaceIn(module, `forFeature([${Singular}`, `forFeature([${Singular}, ${Line}`);
  code.import(`./${singular}-line.entity.js`, Line);
}

function inPages(code, names, { Line }) {
  const { Plural, variable, singular } = names;
  const controller = `${Plural}PageController`;
  if (!code.class(controller).getMethod('options')) addOptions(code, controller, names);
  const returned = code.method(controller, 'options').getStatements().at(-1).getExpression();
  returned.addPropertyAssignment({ name: 'lineRows', initializer: "lineRows(values, 'lines')" });
  code.replaceIn(
    code.method(controller, 'editPage'),
    `...valuesOf(${variable}.details)`,
    `...withTypedLines(valuesOf(${variable}.details), 'lines', ${Line}Form)`,
  );
  code.import('../core/http/forms/lines.js', 'lineRows');
  code.import('../core/http/forms/lines.js', 'withTypedLines');
  code.import(`./${singular}.forms.js`, `${Line}Form`);
}

function inFeature(code, { variables, plural, table: parent }, { table, fields }) {
  const declared = code.constant(variables).getArguments()[0];
  code.property(declared, 'tables').addPropertyAssignment({
    name: table,
    initializer: "{ kind: 'tenant' }",
  });
  code
    .property(declared, 'audit', 'fields')
    .addPropertyAssignment({ name: 'lines', initializer: "'masked'" });
  const columns = ['id', `${parent}_id`, 'position', ...fields.map(({ name }) => name)];
  code.property(declared, 'exportParts').addPropertyAssignment({
    name: `${table}s`,
    initializer: `{ text: '${plural}.lines_part', table: '${table}', columns: [${columns.map((each) => `'${each}'`).join(', ')}] }`,
  });
}

function inSamples(code, names, lines, needs) {
  addBeforeNeeds(valuesOf(code, 'sent'), { name: 'lines', initializer: '[]' });
  code
    .property(code.constant('samples'), 'withoutScript')
    .addPropertyAssignment(linesJourney(names, lines, needs));
}

const view = (_, name) => ({ path: ({ plural }) => `views/${plural}/partials/${name}.hbs` });

function writeTexts(tree, { plural, many }, { fields }, language) {
  const path = `i18n/${language}/${plural}.json`;
  const texts = JSON.parse(tree.read(path));
  texts.fields.lines = LINES[language];
  texts.audit.fields.lines = LINES[language];
  texts.line_fields = Object.fromEntries(
    fields.map(({ name, word }) => [name, wordOf(word, language)]),
  );
  texts.lines_part = PART[language].replace('{many}', language === 'en' ? many : texts.nav);
  tree.write(path, `${JSON.stringify(texts, null, 2)}\n`);
}
