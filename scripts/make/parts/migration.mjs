import { capital, foreignKey, identifier, keyOf } from '../names.mjs';

const SAMPLED = `import { letSamplesGo } from './support/sampled-table.v1.js';\n`;
const NUMBERED = `import { numberRows, unnumberRows } from './support/numbered-rows.v1.js';\n`;

/**
 * The migration of a new table. It is put together here, as no single migration of the template says it: what
 * `project` has now, several have made. `test/architecture/drift.test.ts` compares it with the entity.
 */
export function tableMigration({ names, title, dated, fields, hasSamples }, stamp) {
  const { table, plural, Plural, many } = names;
  const columns = fields.map((field) => columnOf(field));
  const checks = fields.flatMap((field) => constraintsOf(field, table));
  const orders = {
    [title.name]: `lower(${title.name})`,
    ...(dated
      ? {
          [dated.name]: dated.isNullable ? `coalesce(${dated.name}, 'infinity'::date)` : dated.name,
        }
      : {}),
    creation: 'created_at',
  };
  const indexes = [
    [`idx_${table}_is_active`, `${table} (is_active) WHERE NOT is_active`],
    [`idx_${table}_tenant_id`, `${table} (tenant_id)`],
    ...Object.entries(orders).map(([order, key]) => [
      identifier(`idx_${table}_by_${order}`),
      `${table} (tenant_id, ${key}, id) WHERE deleted_at IS NULL`,
    ]),
    [`idx_${table}_of_all_by_creation`, `${table} (created_at, id)`],
    [
      identifier(`idx_${table}_of_all_by_${title.name}`),
      `${table} ((app_search_text(${title.name}) COLLATE "C"), id)`,
    ],
    [
      `idx_${table}_deleted`,
      `${table} (created_at, id) WHERE NOT is_active OR deleted_at IS NOT NULL`,
    ],
  ];
  const unique = fields.filter(isDistinct).map((field) => uniqueOf(field, table));
  const given = fields.find(({ kind }) => kind.isGiven);
  const keys = [...new Set(fields.filter(needsKey).map(({ parent }) => parent.table))];
  const all = [
    ...indexes.map(([name, on]) => `CREATE INDEX ${name} ON ${on}`),
    ...unique,
    ...fields.filter(({ kind }) => kind.hasParent).map((field) => listedIndex(field, table)),
  ];
  return {
    path: `migrations/${stamp}-${plural}.ts`,
    text: `import type { MigrationInterface, QueryRunner } from 'typeorm';
${given ? NUMBERED : ''}import { shareActions, unshareActions } from './support/shared-actions.v1.js';
${hasSamples ? SAMPLED : ''}import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v3.js';

/** ${capital(many)} of an organisation, with an index for each order their lists come in. */
export class ${Plural}${stamp} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
${keys.map((each) => `    ${ADD_KEY(each)}\n`).join('')}    await runner.query(\`CREATE TABLE ${table} (\${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
${columns.map((each) => `      ${each},\n`).join('')}      version integer NOT NULL,
      CONSTRAINT pk_${table} PRIMARY KEY (id),
      CONSTRAINT fk_${table}_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id)${checks.map((each) => `,\n      ${each}`).join('')})\`);
    for (const index of INDEXES) await runner.query(index);
    await protectTenantTable(runner, '${table}');
${hasSamples ? `    await letSamplesGo(runner, '${table}');\n` : ''}${given ? `    await numberRows(runner, '${table}', '${given.name}');\n` : ''}    await runner.query('CREATE POLICY staff_reads ON ${table} FOR SELECT TO app_staff USING (true)');
    await runner.query('GRANT SELECT ON ${table} TO app_staff');
    await shareActions(runner, '${table}');
  }

  async down(runner: QueryRunner): Promise<void> {
    await unshareActions(runner, '${table}');
${given ? `    await unnumberRows(runner, '${table}');\n` : ''}    await runner.query('DROP TABLE ${table}');
${keys.map((each) => `    ${DROP_KEY(each)}\n`).join('')}  }
}

const INDEXES = [
${all.map((each) => `  ${asText(each)},`).join('\n')}
];
`,
  };
}

/** The migration that adds a column to a table. It is nullable or has a default: rows are there already. */
export function columnMigration({ names }, field, stamp) {
  const { table, Singular } = names;
  const { name } = field;
  const checks = constraintsOf(field, table).map((each) => `ADD ${each}`);
  const { isGiven } = field.kind;
  const query = (sql) => `await runner.query(${asText(sql)});`;
  const statements = [
    ...(needsKey(field) ? [ADD_KEY(field.parent.table)] : []),
    query(`ALTER TABLE ${table} ${[`ADD COLUMN ${columnOf(field)}`, ...checks].join(', ')}`),
    ...(isGiven ? [`await numberRows(runner, '${table}', '${name}');`] : []),
    ...(isDistinct(field) ? [query(uniqueOf(field, table))] : []),
    ...(field.kind.hasParent ? [query(listedIndex(field, table))] : []),
  ];
  const pascal = field.property.charAt(0).toUpperCase() + field.property.slice(1);
  return {
    path: `migrations/${stamp}-${names.singular}-${name.replaceAll('_', '-')}.ts`,
    text: `import type { MigrationInterface, QueryRunner } from 'typeorm';
${isGiven ? NUMBERED : ''}
export class ${Singular}${pascal}${stamp} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
${statements.map((each) => `    ${each}`).join('\n')}
  }

  async down(runner: QueryRunner): Promise<void> {
${isGiven ? `    await unnumberRows(runner, '${table}');\n` : ''}    await runner.query('ALTER TABLE ${table} DROP COLUMN ${name}');
${needsKey(field) ? `    ${DROP_KEY(field.parent.table)}\n` : ''}  }
}
`,
  };
}

export function columnOf(field) {
  const { kind, name, isNullable, fallback } = field;
  const isSet = kind.isGiven || ['choice', 'boolean'].includes(kind.name) || fallback !== undefined;
  const value = isSet ? kind.defaultOf(field) : undefined;
  return `${name} ${kind.sql(field)}${isNullable ? '' : ' NOT NULL'}${value ? ` DEFAULT ${value}` : ''}`;
}

function constraintsOf(field, table) {
  return [...checksOf(field, table), ...keysOf(field, table)];
}

function keysOf(field, table) {
  if (!field.kind.refersTo) return [];
  const { table: parent, key, isOfTenant } = field.kind.refersTo(field);
  const name = identifier(foreignKey(field, table));
  const tenant = isOfTenant ? ', tenant_id' : '';
  return [
    `CONSTRAINT ${name} FOREIGN KEY (${field.name}${tenant}) REFERENCES ${parent} (${key}${tenant})`,
  ];
}

export function checksOf(field, table) {
  const conditions = field.kind.checks?.(field, field.name) ?? [];
  if (conditions.length === 0) return [];
  return [
    `CONSTRAINT ${identifier(`ck_${table}_${field.name}`)} CHECK (${conditions.join(' AND ')})`,
  ];
}

/** The key by which the rows of a table are referenced within their organisation. */
export const ADD_KEY = (table) =>
  `await runner.query('ALTER TABLE ${table} ADD CONSTRAINT ${keyOf({ table })} UNIQUE (tenant_id, id)');`;
export const DROP_KEY = (table) =>
  `await runner.query('ALTER TABLE ${table} DROP CONSTRAINT ${keyOf({ table })}');`;

function needsKey({ parent }) {
  return parent !== undefined && !parent.hasKey;
}

/** In which the page of the parent lists it. */
function listedIndex({ name }, table) {
  return `CREATE INDEX ${identifier(`idx_${table}_by_${name}`)} ON ${table} (tenant_id, ${name}, created_at, id) WHERE deleted_at IS NULL`;
}

function isDistinct({ isUnique, kind }) {
  return isUnique || kind.isGiven;
}

/** A deleted row keeps the number that it was given. */
function uniqueOf({ name, kind }, table) {
  const key = kind.isText ? `lower(${name})` : name;
  const among = kind.isGiven ? '' : ' WHERE deleted_at IS NULL';
  return `CREATE UNIQUE INDEX ${identifier(`uq_${table}_${name}`)} ON ${table} (tenant_id, ${key})${among}`;
}

function asText(sql) {
  return sql.includes("'") ? `\`${sql}\`` : `'${sql}'`;
}
