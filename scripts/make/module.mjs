import { Code, Markup, loadParser } from './code.mjs';
import { listedFields, propertiesOf, readFields } from './fields.mjs';
import { addFile, requireNoFile } from './files.mjs';
import { TEMPLATE, moduleNames, snakeCase } from './names.mjs';
import { addKeys, importerOf, removeKeys, titleOf, withParents } from './parents.mjs';
import { dto } from './parts/dto.mjs';
import { entity } from './parts/entity.mjs';
import { feature, registration } from './parts/feature.mjs';
import { forms } from './parts/forms.mjs';
import { admin, api, csv, nest, pages, presenter, service } from './parts/logic.mjs';
import { columnMigration, tableMigration } from './parts/migration.mjs';
import { repository } from './parts/repository.mjs';
import { canHaveSamples, sampleData } from './parts/sample-data.mjs';
import { samples, tests } from './parts/samples.mjs';
import { addTexts, englishTexts, neutralTexts, stripTexts } from './parts/texts.mjs';
import { views } from './parts/views.mjs';
import { Refused } from './refused.mjs';
import { renamed } from './renaming.mjs';
import { NEUTRAL } from './words.mjs';

const PARTS = [
  entity,
  forms,
  dto,
  presenter,
  repository,
  service,
  nest,
  pages,
  api,
  csv,
  admin,
  feature,
  samples,
  ...tests,
  ...views,
];

const LANGUAGES = ['en', 'nl', 'fr'];
const REVIEW = 'test/i18n/review.json';

/**
 * Writes a module into `tree`: a copy of src/projects under its own names, without the template's fields, with
 * its own. @throws Refused
 */
export async function makeModule(
  tree,
  [plural, ...texts],
  { singular, nouns = {}, writers = 'member' },
) {
  if (!plural)
    throw new Refused('Name the module in the plural, such as invoices, and its fields.');
  const names = moduleNames(plural, singular);
  for (const folder of ['src', 'views', 'test']) {
    if (tree.exists(`${folder}/${names.plural}`)) {
      throw new Refused(`${folder}/${names.plural} exists already: choose another name.`);
    }
  }
  if (tableNames(tree).has(names.table)) {
    throw new Refused(`There is a table "${names.table}" already: choose another name.`);
  }
  if (!['admin', 'member'].includes(writers)) {
    throw new Refused(`"--writers=${writers}" is no role: write admin or member.`);
  }
  const described = readFields(texts);
  await loadParser();
  described.fields = withParents(tree, described.fields, names);
  const same = described.fields.find(({ property }) => property === names.variable);
  if (same)
    throw new Refused(`"${same.text}": a field cannot be called as the row: choose another name.`);
  const module = {
    names,
    writers,
    ...described,
    titleName: described.title.name,
    listed: listedFields(described.fields, described.title),
    hasStatus: described.fields.some(({ name }) => name === 'status'),
    hasSamples: canHaveSamples(described),
  };
  for (const part of PARTS) if (!part.isLeftOut?.(module)) writePart(tree, part, module);
  if (module.hasSamples) tree.write(sampleData.path(names), sampleData.text(module));
  for (const language of LANGUAGES) writeTexts(tree, module, language, nouns[language]);
  for (const field of module.files) addFile(tree, field, names);
  const { path, text } = tableMigration(module, nextStamp(tree));
  tree.write(path, text);
  addKeys(tree, module.fields);
  const code = new Code(registration.path(), tree.read(registration.path()));
  registration.register(code, names);
  tree.write(registration.path(), code.text);
  askForReview(tree, names.plural);
}

/** Adds a field to a module that is there. @throws Refused, MissingAnchor */
export async function makeField(tree, [said, ...texts], { singular }) {
  const names = moduleNames(said ?? '', singular);
  const { plural } = names;
  if (!tree.exists(feature.path(names))) throw new Refused(`There is no module src/${plural}.`);
  if (texts.length === 0) throw new Refused('Name the field, such as due:date.');
  await loadParser();
  for (const text of texts) {
    const described = readFields([text, ...(text.startsWith('title:') ? [] : ['title:text!'])]);
    const [field] = [...described.files, ...withParents(tree, described.fields, names)];
    const row = new Code(entity.path(names), tree.read(entity.path(names))).class(names.Singular);
    const taken = propertiesOf(field).find((each) => row.getProperty(each));
    if (taken) throw new Refused(`${entity.path(names)} has a field "${taken}" already.`);
    requireNoFile(tree, field.name, names);
    if (field.kind.isFile) {
      addFile(tree, field, names);
      continue;
    }
    if (field.kind.isGiven && isNumbered(tree, names)) {
      throw new Refused(`"${text}": the rows of src/${plural} have a number already.`);
    }
    if (field.isRequired && !field.fallback) {
      throw new Refused(
        `"${text}": rows that are there have no value for it: leave out the !, or give a default (=…).`,
      );
    }
    const module = {
      names,
      fields: [field],
      title: null,
      titleName: snakeCase(titleOf(tree, names)),
      dated: null,
      listed: hasRoom(tree, names) || field.kind.isGiven ? listedFields([field], null) : [],
      hasStatus: true,
    };
    for (const part of PARTS) {
      const path = part.path(names);
      if (!part.add || (!tree.exists(path) && part === samples)) continue;
      edit(tree, path, (file) => {
        part.add(file, field, module);
      });
    }
    for (const language of LANGUAGES) {
      const path = textsOf(plural, language);
      const all = JSON.parse(tree.read(path));
      addTexts(all, field, module, language);
      tree.write(path, json(all));
    }
    const { path, text: migration } = columnMigration(module, field, nextStamp(tree));
    tree.write(path, migration);
    addKeys(tree, [field]);
  }
  askForReview(tree, plural);
}

/** Takes back a module that nobody has got yet. @throws Refused */
export async function unmakeModule(tree, [said], { singular }) {
  const names = moduleNames(said ?? '', singular);
  const { plural } = names;
  if (plural === TEMPLATE.plural)
    throw new Refused('src/projects is what other modules are made of.');
  if (!tree.exists(feature.path(names))) throw new Refused(`There is no module src/${plural}.`);
  const migrations = tree
    .list('migrations')
    .filter((path) =>
      new RegExp(
        `^migrations/\\d+-(${plural}|lines-of-${plural}|${names.singular}-[a-z\\d-]+)\\.ts$`,
      ).test(path),
    )
    // `purchases` is none of `purchase-orders`.
    .filter((path) =>
      new RegExp(`CREATE TABLE ${names.table}(_line)? |ALTER TABLE ${names.table} ADD COLUMN`).test(
        tree.read(path),
      ),
    );
  const committed = migrations.find((path) => tree.isCommitted(path));
  if (committed) {
    throw new Refused(
      `${committed} is committed, so databases may have its table: follow "Leave a feature out" in docs/changing-things.md.`,
    );
  }
  const importer = importerOf(tree, plural);
  if (importer) throw new Refused(`${importer} needs src/${plural}: take that back first.`);
  await loadParser();
  const kept = tree.list('migrations').filter((path) => !migrations.includes(path));
  removeKeys(tree, migrations, kept);
  const folders = ['src', 'views', 'test'].flatMap((folder) => tree.list(`${folder}/${plural}`));
  const texts = LANGUAGES.map((language) => textsOf(plural, language));
  for (const path of [...migrations, ...folders, ...texts])
    if (tree.exists(path)) tree.remove(path);
  edit(tree, registration.path(), (code) => {
    registration.unregister(code, names);
  });
  const { [plural]: _, ...others } = reviews(tree);
  tree.write(REVIEW, json(others));
}

function writePart(tree, part, module) {
  const source = part.path(TEMPLATE);
  const path = part.path(module.names);
  const file = fileOf(path, renamed(source, tree.read(source), module.names));
  part.strip?.(file, module);
  for (const field of module.fields) part.add?.(file, field, module);
  if (file instanceof Code) file.pruneImports();
  tree.write(path, file.text);
}

function edit(tree, path, change) {
  const file = fileOf(path, tree.read(path));
  change(file);
  tree.write(path, file.text);
}

function fileOf(path, text) {
  return path.endsWith('.ts') ? new Code(path, text) : new Markup(path, text);
}

function writeTexts(tree, module, language, noun) {
  const { names } = module;
  const template = tree.read(textsOf(TEMPLATE.plural, language));
  const own = JSON.parse(renamed(textsOf(TEMPLATE.plural, language), template, names));
  const [one, many] = noun?.split('/') ?? [names.one, names.many];
  const instead =
    language === 'en'
      ? englishTexts(module)
      : neutralTexts(module, NEUTRAL[language], { one, many: many ?? one }, language);
  const texts = stripTexts(own, module, instead, language);
  for (const field of module.fields) addTexts(texts, field, module, language);
  tree.write(textsOf(names.plural, language), json(texts));
}

function textsOf(plural, language) {
  return `i18n/${language}/${plural}.json`;
}

function isNumbered(tree, { table }) {
  const migrations = [...tree.list('migrations'), ...tree.written('migrations/')];
  return migrations.some((path) => tree.read(path).includes(`numberRows(runner, '${table}'`));
}

/** Whether the list has a column to spare: more than five do not fit. */
function hasRoom(tree, { plural }) {
  return tree.read(`views/${plural}/list.hbs`).split('<th scope="col"').length <= 5;
}

/** Dutch and French are words put side by side until somebody has read them. */
export function askForReview(tree, plural) {
  const open = reviews(tree);
  tree.write(REVIEW, json({ ...open, [plural]: LANGUAGES.slice(1) }));
}

function reviews(tree) {
  return tree.exists(REVIEW) ? JSON.parse(tree.read(REVIEW)) : {};
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A timestamp above all others. */
export function nextStamp(tree) {
  const stamps = [...tree.list('migrations'), ...tree.written('migrations/')].map((path) =>
    Number(/^migrations\/(\d+)-/.exec(path)?.[1] ?? 0),
  );
  return Math.max(Date.now(), ...stamps.map((stamp) => stamp + 100));
}

/** The tables that migrations create. */
export function tableNames(tree) {
  const texts = tree.list('migrations').map((path) => tree.read(path));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/CREATE TABLE (\w+)/g)].map(([, name]) => name)),
  );
}
