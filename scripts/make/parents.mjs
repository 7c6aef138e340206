import { posix } from 'node:path';
import { Code } from './code.mjs';
import { folderOf, keyOf, namesOf, withArticle } from './names.mjs';
import { admin } from './parts/logic.mjs';
import { registration } from './parts/feature.mjs';
import { Refused } from './refused.mjs';

/** What the fields of the kind belongs-to lead to, as `field.parent`. @throws Refused where it cannot be a parent */
export function withParents(tree, fields, own) {
  return fields.map((field) => {
    if (!field.kind.hasParent) return field;
    const name = folderOf(field.options[0]);
    if (name === own.plural)
      throw new Refused(`"${field.text}": a row belongs to one of another module.`);
    const parent = parentNames(tree, name);
    if (!parent) throw new Refused(`"${field.text}": there is no module src/${name} to belong to.`);
    if (isLater(tree, parent, own)) {
      throw new Refused(
        `"${field.text}": src/features.ts lists ${parent.variables} after ${own.variables}: move it up first.`,
      );
    }
    if (field.isRequired) requireAdded(tree, parent);
    const title = titleOf(tree, parent);
    const hasKey = tree.read(entityOf(parent)).includes(`'${keyOf(parent)}'`);
    return { ...field, parent: { ...parent, title, hasKey } };
  });
}

/** Tests of what cannot be without a parent add one. */
function requireAdded(tree, { plural, one }) {
  const path = `test/${plural}/${plural}.samples.ts`;
  const code = new Code(path, tree.read(path));
  code.function(
    'added',
    `/** Adds ${withArticle(one)}, and returns its id. */
export async function added(admin: Person, name: string): Promise<string> {
  const { location } = await admin.browser.fill('/${plural}/new/', typed(name));
  return location!.split('/')[2]!;
}`,
  );
}

/** Gives the entities of parents the key that the migration makes. */
export function addKeys(tree, fields) {
  for (const { parent } of fields.filter((field) => field.parent && !field.parent.hasKey)) {
    const path = entityOf(parent);
    const code = new Code(path, tree.read(path));
    const row = code.class(parent.Singular);
    if (row.getDecorator('Unique')?.getText().includes(keyOf(parent))) continue;
    const entity = row.getDecorators().findIndex((each) => each.getName() === 'Entity');
    row.insertDecorator(entity + 1, {
      name: 'Unique',
      arguments: [`'${keyOf(parent)}'`, "['tenantId', 'id']"],
    });
    code.import('typeorm', 'Unique');
    tree.write(path, code.text);
  }
}

/** Takes the keys back that these migrations made. @throws Refused where others lead to them */
export function removeKeys(tree, migrations, others) {
  const texts = migrations.map((path) => tree.read(path));
  const made = texts.flatMap((text) =>
    [...text.matchAll(/ADD CONSTRAINT uq_(\w+)_tenant_id_id UNIQUE/g)].map(([, name]) => name),
  );
  for (const table of new Set(made)) {
    const other = others.find((path) =>
      new RegExp(`REFERENCES ${table} \\(id, tenant_id\\)`).test(tree.read(path)),
    );
    if (other)
      throw new Refused(
        `${other} leads to the key of "${table}" that this module made: take that back first.`,
      );
    const path = tree.list('src').find((each) => each.endsWith(`/${folderOf(table)}.entity.ts`));
    if (!path) continue;
    const code = new Code(path, tree.read(path));
    const [row] = code.file.getClasses();
    row
      .getDecorators()
      .find((each) => each.getText().includes(`'${keyOf({ table })}'`))
      ?.remove();
    code.pruneImports();
    tree.write(path, code.text);
  }
}

/** A file outside of the module that imports it, other than the list of features. */
export function importerOf(tree, plural) {
  return tree
    .list('src')
    .filter((path) => path.endsWith('.ts') && path !== registration.path())
    .filter((path) => !path.startsWith(`src/${plural}/`))
    .find((path) => importsOf(path, tree.read(path)).some((to) => to.startsWith(`src/${plural}/`)));
}

/** The files that a file imports by a relative path. */
function importsOf(path, text) {
  const specifiers = text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g);
  return [...specifiers].map(([, specifier]) => posix.join(posix.dirname(path), specifier));
}

/** The property by which the back office names a row. */
export function titleOf(tree, names) {
  const code = new Code(admin.path(names), tree.read(admin.path(names)));
  const title = code.class(`${names.Singular}Admin`).getProperty('title')?.getInitializer();
  return code.found(title, 'the property title', `readonly title = 'name';`).getLiteralValue();
}

/** By its files, as its plural may be one of no rule. */
function parentNames(tree, plural) {
  const entities = tree
    .list(`src/${plural}`)
    .concat(tree.written(`src/${plural}/`))
    .filter((path) => /^src\/[\w-]+\/[\w-]+\.entity\.ts$/.test(path) && tree.exists(path));
  const singulars = [...new Set(entities.map((path) => path.split('/')[2].split('.')[0]))];
  const names = singulars.map((singular) =>
    namesOf(plural.replaceAll('-', '_'), singular.replaceAll('-', '_')),
  );
  return names.find((each) => tree.exists(admin.path(each)) && isOfTenant(tree, each));
}

function isOfTenant(tree, names) {
  return tree.read(entityOf(names)).includes(`class ${names.Singular} extends TenantScopedEntity`);
}

function entityOf({ plural, singular }) {
  return `src/${plural}/${singular}.entity.ts`;
}

function isLater(tree, parent, child) {
  const code = new Code(registration.path(), tree.read(registration.path()));
  const names = code
    .array(code.constant('FEATURES'))
    .getElements()
    .map((each) => each.getText());
  return (
    names.includes(child.variables) &&
    names.indexOf(parent.variables) > names.indexOf(child.variables)
  );
}
