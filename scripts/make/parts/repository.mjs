import { foreignKey, identifier } from '../names.mjs';
import { ownerlessRepository } from './owner.mjs';

/** `src/<module>/<module>.repository.ts`: the list, its orders, and what must be unique. */
export const repository = {
  path: ({ plural }) => `src/${plural}/${plural}.repository.ts`,

  strip(code, { names, title, dated, hasStatus }) {
    const { Singular, SINGULAR, Plural } = names;
    ownerlessRepository(code, names);
    code.class(`${Plural}Repository`).getMethod('count')?.remove();
    code
      .interface(`${Singular}Row`)
      .getExtends()[1]
      ?.replaceWithText(`Pick<${Singular}Details, '${title.property}'>`);
    const sorts = code.array(code.constant(`${SINGULAR}_SORTS`));
    sorts.removeElement(1);
    if (dated) sorts.insertElement(1, `'${dated.name}'`);
    code.file
      .getVariableStatement(`${SINGULAR}_ORDERS`)
      ?.getJsDocs()
      .forEach((each) => each.remove());
    const orders = code.constant(`${SINGULAR}_ORDERS`);
    orders.getProperty('due')?.remove();
    orders
      .getProperty('name')
      .replaceWithText(
        `${title.name}: { name: '${title.name}', key: 'lower(p.${title.name})', type: 'text', id: 'p.id' }`,
      );
    if (dated) {
      const key = dated.isNullable
        ? `\`coalesce(p.${dated.name}, 'infinity'::date)\``
        : `'p.${dated.name}'`;
      const order = {
        name: dated.name,
        initializer: `{ name: '${dated.name}', key: ${key}, type: 'date', id: 'p.id' }`,
      };
      orders.insertPropertyAssignment(1, order);
    }
    code.renameStrings('name', title.name, sorts);
    const query = code.interface(`${Plural}Query`);
    const list = () => code.method(`${Plural}Repository`, 'listed');
    const edit = (anchor, replacement) => code.replaceIn(list(), anchor, replacement);
    const find = (anchor, replacement) => code.replaceIn(found(code), anchor, replacement);
    edit('p.name, p.status, p.due_date::text AS "dueDate",', listed(title));
    find('app_search_text(p.name)', `app_search_text(p.${title.name})`);
    find('\n      OR strpos(lower(p.description), lower($1)) > 0', '');
    const about = `/** The ${names.many} that a list finds by $1, a text`;
    code.file.getVariableStatement('found').getJsDocs()[0].remove();
    code.file
      .getVariableStatement('found')
      .addJsDoc(hasStatus ? `${about.slice(4)}, and $3, a status.` : `${about.slice(4)}.`);
    if (hasStatus) return;
    query.getProperty('status').setType(`'deleted' | null`);
    query.getProperty('status').getJsDocs()[0]?.remove();
    query.getProperty('status').addJsDoc(`Deleted ${names.many} instead of those that are not.`);
    find('\n    AND ($3::text IS NULL OR p.status = $3)', '');
    edit('isDeleted ? null : status, ', '');
    const totals = code.method(`${Plural}Repository`, 'totals');
    code.replaceIn(totals, ', isDeleted ? null : status]', ']');
    edit('keysetSql(order, position, 4)', 'keysetSql(order, position, 3)');
  },

  add(code, field, { names, listed: shown, title }) {
    const { Singular, Plural } = names;
    const { name, property } = field;
    const list = () => code.method(`${Plural}Repository`, 'listed');
    if (shown.includes(field)) {
      const row = code.interface(`${Singular}Row`);
      if (field.kind.isGiven) row.insertProperty(0, { name: property, type: 'string' });
      else pick(code, row, property);
      const anchor = '\n          p.created_at AS "createdAt"';
      code.replaceIn(list(), anchor, ` ${listed(field)}${anchor}`, listed(field));
      if (field.kind.isSummed) sum(code, field, Plural);
      if (field.kind.titled) entitle(code, row, field.kind.titled(field, names), field, list);
    }
    if ((field.isSearchable || field.kind.isGiven) && field !== title) {
      const anchor = 'app_search_text($1)) > 0';
      const condition = `OR strpos(lower(p.${name}), lower($1)) > 0`;
      const searched = code.file.getVariableStatement('found') ? found(code) : list();
      code.replaceIn(searched, anchor, `${anchor}\n      ${condition}`, condition);
    }
    if (field.kind.refersTo) refer(code.class(`${Plural}Repository`), field, names);
    if (field.isUnique) unique(code, code.class(`${Plural}Repository`), field, names);
  },
};

/** The rows that a list finds. */
function found(code) {
  return code.found(code.file.getVariableStatement('found'), 'the constant found', '');
}

/** Under the list stands the sum of a field, where all rows are counted. */
function sum(code, { name, property }, Plural) {
  const edited = () => code.method(`${Plural}Repository`, 'totals');
  const edit = (anchor, replacement) => code.replaceIn(edited(), anchor, replacement);
  const column = `CASE WHEN count(*) < $2 THEN sum(counted.${name})::float8 END AS "${property}",`;
  edit('count(*)::int AS count,', `count(*)::int AS count,\n          ${column}`);
  edit('SELECT p.id', `SELECT p.id, p.${name}`);
  edit('this.read<ListTotals', `this.read<{ ${property}: number | null } & ListTotals`);
}

function pick(code, row, property) {
  const picked = code.found(
    row.getExtends()[1],
    `the columns of ${row.getName()}`,
    `'${property}'`,
  );
  picked.replaceWithText(`${picked.getText().slice(0, -1)} | '${property}'>`);
}

/** The title of the row that a field leads to is read with the list. */
function entitle(code, row, { property, sql, uses }, { name }, list) {
  const anchor = '\n          p.created_at AS "createdAt"';
  const column = `\${${sql}('p.${name}')} AS "${property}",`;
  row.insertProperty(0, { name: property, type: 'string | null' });
  code.replaceIn(list(), anchor, `\n          ${column}${anchor}`, column);
  code.import(uses[1], uses[0]);
}

/** A column of the list statement, with its comma. */
function listed({ kind, name, property }) {
  const column = kind.listed?.(`p.${name}`) ?? `p.${name}`;
  const isSame = column === `p.${property}`;
  return `${column}${isSame ? '' : ` AS "${property}"`},`;
}

/** An unknown value is refused at its field. */
function refer(repository, field, { table }) {
  const { name } = field;
  const constraint = identifier(foreignKey(field, table));
  const existing = repository.getProperty('references');
  if (existing) {
    const object = existing.getInitializerOrThrow().getExpression();
    object.addPropertyAssignment({ name: constraint, initializer: `'${name}'` });
    return;
  }
  repository.insertMember(
    0,
    `protected override readonly references = { ${constraint}: '${name}' } as const;\n`,
  );
}

function unique(code, repository, { name }, { plural, table }) {
  const index = identifier(`uq_${table}_${name}`);
  const refusal = `{ field: '${name}', key: '${plural}.errors.${name}_taken' }`;
  const existing = repository.getProperty('unique');
  if (existing) {
    const object = existing.getInitializerOrThrow().getExpression();
    object.addPropertyAssignment({ name: index, initializer: refusal });
    return;
  }
  repository.insertMember(
    0,
    `protected override readonly unique = { ${index}: ${refusal} } as const;\n`,
  );
}
