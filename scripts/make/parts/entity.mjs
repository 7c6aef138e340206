import { choiceOf } from '../kinds/belongs-to.mjs';
import { choiceNames } from '../kinds/choice.mjs';
import { literal } from '../kinds/markup.mjs';
import { camelCase, foreignKey, identifier } from '../names.mjs';
import { ownerlessEntity } from './owner.mjs';

/** `src/<module>/<row>.entity.ts`: what a row holds. */
export const entity = {
  path: ({ plural, singular }) => `src/${plural}/${singular}.entity.ts`,

  /** Leaves none of the template's fields. */
  strip(code, { names, title, dated }) {
    const { table, Singular, many } = names;
    code.file.getVariableStatement(`${names.SINGULAR}_STATUSES`)?.remove();
    code.file.getTypeAlias(`${Singular}Status`)?.remove();
    const details = code.interface(`${Singular}Details`);
    details.getProperties().forEach((each) => each.remove());
    const row = code.class(Singular);
    for (const each of ['name', 'description', 'status', 'dueDate'])
      row.getProperty(each)?.remove();
    ownerlessEntity(row);
    write(code, row, []);
    for (const decorator of row.getDecorators()) {
      const index = decorator.getArguments()[0]?.getText();
      if (index === `'idx_${table}_by_due_date'`) {
        if (dated) rename(decorator, `idx_${table}_by_${dated.name}`);
        else decorator.remove();
      } else if (index === `'idx_${table}_due'`) {
        decorator.remove();
      } else if (index === `'idx_${table}_by_name'`) {
        rename(decorator, `idx_${table}_by_${title.name}`);
      } else if (index === `'idx_${table}_of_all_by_name'`) {
        rename(decorator, `idx_${table}_of_all_by_${title.name}`);
      }
    }
    row.getJsDocs()[0]?.remove();
    row.addJsDoc(`One of the ${many} of an organisation.`);
  },

  add(code, field, { names }) {
    const { Singular } = names;
    const { kind, property } = field;
    const type = kind.type(field, names);
    const paste = `${property}: ${type};`;
    if (kind.isGiven) {
      give(code, field, names);
      return;
    }
    const details = code.interface(`${Singular}Details`, paste);
    if (kind.name === 'choice') {
      const { constant, type: union } = choiceNames(field, names);
      const words = field.options.map((word) => `'${word}'`).join(', ');
      code.file.insertStatements(details.getChildIndex(), [
        `\nexport const ${constant} = [${words}] as const;`,
        `export type ${union} = (typeof ${constant})[number];\n`,
      ]);
    }
    details.addProperty({ name: property, type, docs: field.about ? [field.about] : [] });
    const row = code.class(Singular, paste);
    insertColumn(row, field, `${property}: ${type};`);
    for (const [name, from] of Object.entries(kind.columnImport ?? {})) code.import(from, name);
    if (kind.refersTo) relate(code, row, field, names);
    if (kind.hasParent) choose(code, details, row, field, names);
    if (field.isUnique) addUnique(row, field, names);
    write(code, row, [...read(code, row), property]);
  },
};

/** A column that the database writes; no part of the details. */
function give(code, field, names) {
  const { property, about } = field;
  const row = code.class(names.Singular, `readonly ${property}: string;`);
  insertColumn(row, field, `readonly ${property}: string;`, `/** ${about} */\n`);
  addUnique(row, field, names);
}

/** Before the version, which is the last column. */
function insertColumn(row, field, declared, docs = '') {
  const [sql, options] = field.kind.column(field);
  const column = [sql, literal(withDefault(options, field))].filter(Boolean).join(', ');
  const at = row.getMembers().indexOf(row.getProperty('version'));
  row.insertMember(at < 0 ? row.getMembers().length : at, `${docs}@Column(${column}) ${declared}`);
}

function addUnique(row, { name }, { table }) {
  row.insertDecorator(row.getDecorators().length, {
    name: 'Index',
    arguments: [`'${identifier(`uq_${table}_${name}`)}'`, '{ synchronize: false }'],
  });
}

/** The foreign key of a field. */
function relate(code, row, field, { table }) {
  const { Entity, key, from, isOfTenant } = field.kind.refersTo(field);
  const constraint = foreignKey(field, table);
  const short = identifier(constraint);
  const named = short === constraint ? {} : { foreignKeyConstraintName: `'${short}'` };
  const own = literal({ name: `'${field.name}'`, referencedColumnName: `'${key}'`, ...named });
  const tenant = literal({ name: "'tenant_id'", referencedColumnName: "'tenantId'", ...named });
  const columns = isOfTenant ? `[${tenant}, ${own}]` : own;
  const relation = isOfTenant ? camelCase(field.word) : `${field.property}Row`;
  const after = row.getMembers().indexOf(row.getProperty(field.property)) + 1;
  row.insertMember(
    after,
    `@ManyToOne(() => ${Entity})\n@JoinColumn(${columns})\n${relation}: Relation<${Entity}>${field.isNullable ? ' | null' : ''};`,
  );
  code.import(from, Entity);
}

/** The rows it may belong to, and the index by which those list it. */
function choose(code, details, row, field, names) {
  const { parent, name } = field;
  const statement = `\n/** What a row may belong to: one of the ${parent.many}. */\nexport const ${choiceOf(field, names)} = rowChoice(${parent.Singular}, '${parent.title}');\n`;
  code.file.insertStatements(details.getChildIndex(), statement);
  code.import('../core/database/row-choice.js', 'rowChoice');
  const index = identifier(`idx_${names.table}_by_${name}`);
  row.insertDecorator(row.getDecorators().length, {
    name: 'Index',
    arguments: [`'${index}'`, '{ synchronize: false }'],
  });
}

function rename(decorator, index) {
  decorator.getArguments()[0].replaceWithText(`'${identifier(index)}'`);
}

function withDefault(options, { kind, fallback }) {
  const isPlain = kind.name !== 'choice' && kind.name !== 'boolean';
  return isPlain && fallback !== undefined ? { ...options, default: `'${fallback}'` } : options;
}

function getter(code, row) {
  return code.found(row.getGetAccessor('details'), 'the getter details', '');
}

/** The properties that `details` returns. */
function read(code, row) {
  const returned = getter(code, row).getStatements().at(-1)?.getExpression?.();
  const object = code.found(returned, 'what the getter details returns', '');
  return object.getProperties().map((each) => each.getName());
}

function write(code, row, properties) {
  const list = properties.join(', ');
  getter(code, row).setBodyText(`const { ${list} } = this;\nreturn { ${list} };`);
}
