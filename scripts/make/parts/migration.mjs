import { foreignKey, identifier, keyOf } from '../names.mjs';

const NUMBERED = `import { numberRows, unnumberRows } from './support/numbered-rows.v1.js';\n`;

/**
 * The migration of a new table. It is put together here, as no single migration of the template says it: what
 * `project` has now, several have made. `test/architecture/drift.test.ts` compares it with the entity.
 */
export function tableMigration({ names, title, dated, fields }, stamp) {
  const { singular, plural, Plural } = names;
  const columns = fields.map((field) => columnOf(field));
  const checks = fields.flatMap((field) => constraintsOf(field, singular));
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
    [`idx_${singular}_is_active`, `${singular} (is_active) WHERE NOT is_active`],
    [`idx_${singular}_tenant_id`, `${singular} (tenant_id)`],
    ...Object.entries(orders).map(([order, key]) => [
      identifier(`idx_${singular}_by_${order}`),
      `${singular} (tenant_id, ${key}, id) WHERE deleted_at IS NULL`,
    ]),
    [`idx_${singular}_of_all_by_creation`, `${singular} (created_at, id)`],
    [
      identifier(`idx_${singular}_of_all_by_${title.name}`),
      `${singular} ((app_search_text(${title.name}) COLLATE "C"), id)`,
    ],
    [
      `idx_${singular}_deleted`,
      `${singular} (created_at, id) WHERE NOT is_active OR deleted_at IS NOT NULL`,
    ],
  ];
  const unique = fields.filter(isDistinct).map((field) => uniqueOf(field, singular));
  const given = fields.find(({ kind }) => kind.isGiven);
  const keys = [...new Set(fields.filter(needsKey).map(({ parent }) => parent.singular))];
  const all = [
    ...indexes.map(([name, on]) => `CREATE INDEX ${name} ON ${on}`),
    ...unique,
    ...fields.filter(({ kind }) => kind.hasParent).map((field) => listedIndex(field, singular)),
  ];
  return {
    path: `migrations/${stamp}-${plural}.ts`,
    text: `import type { MigrationInterface, QueryRunner } from 'typeorm';
${given ? NUMBERED : ''}import { shareActions, unshareActions } from './support/shared-actions.v1.js';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v3.js';

/** ${Plural} of an organisation, with an index for each order their lists come in. */
export class ${Plural}${stamp} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
${keys.map((each) => `    ${ADD_KEY(each)}\n`).join('')}    await runner.query(\`CREATE TABLE ${singular} (\${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
${columns.map((each) => `      ${each},\n`).join('')}      version integer NOT NULL,
      CONSTRAINT pk_${singular} PRIMARY KEY (id),
      CONSTRAINT fk_${singular}_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id)${checks.map((each) => `,\n      ${each}`).join('')})\`);
    for (const index of INDEXES) await runner.query(index);
    await protectTenantTable(runner, '${singular}');
${given ? `    await numberRows(runner, '${singular}', '${given.name}');\n` : ''}    await runner.query('CREATE POLICY staff_reads ON ${singular} FOR SELECT TO app_staff USING (true)');
    await runner.query('GRANT SELECT ON ${singular} TO app_staff');
    await shareActions(runner, '${singular}');
  }

  async down(runner: QueryRunner): Promise<void> {
    await unshareActions(runner, '${singular}');
${given ? `    await unnumberRows(runner, '${singular}');\n` : ''}    await runner.query('DROP TABLE ${singular}');
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
  const { singular, Singular } = names;
  const { name } = field;
  const checks = constraintsOf(field, singular).map((each) => `ADD ${each}`);
  const { isGiven } = field.kind;
  const query = (sql) => `await runner.query(${asText(sql)});`;
  const statements = [
    ...(needsKey(field) ? [ADD_KEY(field.parent.singular)] : []),
    query(`ALTER TABLE ${singular} ${[`ADD COLUMN ${columnOf(field)}`, ...checks].join(', ')}`),
    ...(isGiven ? [`await numberRows(runner, '${singular}', '${name}');`] : []),
    ...(isDistinct(field) ? [query(uniqueOf(field, singular))] : []),
    ...(field.kind.hasParent ? [query(listedIndex(field, singular))] : []),
  ];
  const pascal = field.property.charAt(0).toUpperCase() + field.property.slice(1);
  return {
    path: `migrations/${stamp}-${singular}-${name.replaceAll('_', '-')}.ts`,
    text: `import type { MigrationInterface, QueryRunner } from 'typeorm';
${isGiven ? NUMBERED : ''}
export class ${Singular}${pascal}${stamp} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
${statements.map((each) => `    ${each}`).join('\n')}
  }

  async down(runner: QueryRunner): Promise<void> {
${isGiven ? `    await unnumberRows(runner, '${singular}');\n` : ''}    await runner.query('ALTER TABLE ${singular} DROP COLUMN ${name}');
${needsKey(field) ? `    ${DROP_KEY(field.parent.singular)}\n` : ''}  }
}
`,
  };
}

function columnOf(field) {
  const { kind, name, isNullable, fallback } = field;
  const isSet = kind.isGiven || ['choice', 'boolean'].includes(kind.name) || fallback !== undefined;
  const value = isSet ? kind.defaultOf(field) : undefined;
  return `${name} ${kind.sql(field)}${isNullable ? '' : ' NOT NULL'}${value ? ` DEFAULT ${value}` : ''}`;
}

function constraintsOf(field, singular) {
  return [...checksOf(field, singular), ...keysOf(field, singular)];
}

function keysOf(field, singular) {
  if (!field.kind.refersTo) return [];
  const { table, key, isOfTenant } = field.kind.refersTo(field);
  const name = identifier(foreignKey(field, singular));
  const tenant = isOfTenant ? ', tenant_id' : '';
  return [
    `CONSTRAINT ${name} FOREIGN KEY (${field.name}${tenant}) REFERENCES ${table} (${key}${tenant})`,
  ];
}

function checksOf(field, singular) {
  const conditions = field.kind.checks?.(field, field.name) ?? [];
  if (conditions.length === 0) return [];
  return [
    `CONSTRAINT ${identifier(`ck_${singular}_${field.name}`)} CHECK (${conditions.join(' AND ')})`,
  ];
}

/** The key by which the rows of a table are referenced within their organisation. */
const ADD_KEY = (table) =>
  `await runner.query('ALTER TABLE ${table} ADD CONSTRAINT ${keyOf({ singular: table })} UNIQUE (tenant_id, id)');`;
const DROP_KEY = (table) =>
  `await runner.query('ALTER TABLE ${table} DROP CONSTRAINT ${keyOf({ singular: table })}');`;

function needsKey({ parent }) {
  return parent !== undefined && !parent.hasKey;
}

/** In which the page of the parent lists it. */
function listedIndex({ name }, singular) {
  return `CREATE INDEX ${identifier(`idx_${singular}_by_${name}`)} ON ${singular} (tenant_id, ${name}, created_at, id) WHERE deleted_at IS NULL`;
}

function isDistinct({ isUnique, kind }) {
  return isUnique || kind.isGiven;
}

/** A deleted row keeps the number that it was given. */
function uniqueOf({ name, kind }, singular) {
  const key = kind.isText ? `lower(${name})` : name;
  const among = kind.isGiven ? '' : ' WHERE deleted_at IS NULL';
  return `CREATE UNIQUE INDEX ${identifier(`uq_${singular}_${name}`)} ON ${singular} (tenant_id, ${key})${among}`;
}

function asText(sql) {
  return sql.includes("'") ? `\`${sql}\`` : `'${sql}'`;
}
