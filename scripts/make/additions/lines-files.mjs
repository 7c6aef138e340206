import { literal } from '../kinds/markup.mjs';
import { ADD_KEY, DROP_KEY, checksOf, columnOf } from '../parts/migration.mjs';

/** `src/<module>/<row>-line.entity.ts` */
export function lineEntity(
  { Singular, singular, variable, table: parent },
  { table, Line, fields },
) {
  const imports = fields.flatMap(({ kind }) => Object.entries(kind.columnImport ?? {}));
  const more = [...new Map(imports)].map(([name, from]) => `import { ${name} } from '${from}';\n`);
  const columns = fields.map((field) => {
    const [sql, options] = field.kind.column(field);
    const column = [sql, literal(options)].filter(Boolean).join(', ');
    return `  @Column(${column}) ${field.property}: ${field.kind.type(field)};\n`;
  });
  const list = fields.map(({ property }) => property).join(', ');
  return `import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
${more.join('')}import { TenantScopedEntity } from '../core/database/tenant-scoped.entity.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { ${Singular}, type ${Line}Details } from './${singular}.entity.js';

/** A line, which goes with its row. */
@Entity('${table}')
@Index('uq_${table}_position', { synchronize: false })
export class ${Line} extends TenantScopedEntity implements ${Line}Details {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  @Column('uuid') ${variable}Id: string;

  @ManyToOne(() => ${Singular}, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId' },
    { name: '${parent}_id', referencedColumnName: 'id' },
  ])
  ${variable}: Relation<${Singular}>;

  /** From 1. */
  @Column('integer') position: number;
${columns.join('')}
  get details(): ${Line}Details {
    const { ${list} } = this;
    return { ${list} };
  }
}
`;
}

/** The inputs of a line, in the form of its row. */
export function inputs({ plural }, { fields }) {
  const all = fields.map(({ kind, name, isNullable }) => {
    const more = {
      decimal: 'inputmode="decimal"',
      money: 'inputmode="decimal"',
      integer: 'inputmode="numeric"',
      date: 'type="date"',
      time: 'type="time"',
      text: 'maxlength="120"',
    }[kind.name];
    const presence = isNullable ? 'optional=true' : 'required=true';
    return `  {{> form/field name=(concat prefix "${name}") label=(t "${plural}.line_fields.${name}") autocomplete="off" ${more} ${presence}}}\n`;
  });
  return `{{#> form/lines name="lines" legend=(t "${plural}.fields.lines") rows=lineRows}}\n${all.join('')}{{/form/lines}}\n`;
}

/** The lines, to be read. */
export function values({ plural, variable }, { fields }) {
  const header = fields
    .map(({ name }) => `<th scope="col">{{t "${plural}.line_fields.${name}"}}</th>`)
    .join('');
  const cells = fields
    .map(
      (field) =>
        `<td class="${field.kind.cell}">${field.kind.shown(field, field.property, { plural })}</td>`,
    )
    .join('');
  return `{{#if ${variable}.lines}}
{{#> table caption=(t "${plural}.fields.lines")}}
<thead><tr>${header}</tr></thead>
<tbody>
  {{#each ${variable}.lines}}
  <tr>${cells}</tr>
  {{/each}}
</tbody>
{{/table}}
{{/if}}
`;
}

/** `migrations/<stamp>-lines-of-<module>.ts`; `hasKey`: the row can be referenced already. */
export function migration({ table: parent, Plural, many }, { table, fields, hasKey }, stamp) {
  const columns = fields.map((field) => `      ${columnOf(field)},\n`).join('');
  const checks = fields.flatMap((field) => checksOf(field, table));
  return `import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v3.js';

/** Lines of ${many}, which go with their row. */
export class LinesOf${Plural}${stamp} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
${hasKey ? '' : `    ${ADD_KEY(parent)}\n`}    await runner.query(\`CREATE TABLE ${table} (\${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      ${parent}_id uuid NOT NULL,
      position integer NOT NULL,
${columns}      CONSTRAINT pk_${table} PRIMARY KEY (id),
      CONSTRAINT fk_${table}_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT fk_${table}_${parent}_id_tenant_id FOREIGN KEY (${parent}_id, tenant_id) REFERENCES ${parent} (id, tenant_id)
        ON DELETE CASCADE${checks.map((each) => `,\n      ${each}`).join('')})\`);
    await runner.query('CREATE INDEX idx_${table}_is_active ON ${table} (is_active) WHERE NOT is_active');
    await runner.query('CREATE INDEX idx_${table}_tenant_id ON ${table} (tenant_id)');
    await runner.query('CREATE UNIQUE INDEX uq_${table}_position ON ${table} (tenant_id, ${parent}_id, position)');
    await protectTenantTable(runner, '${table}');
    // Those of a row are replaced all at once.
    await runner.query('GRANT DELETE ON ${table} TO app_user');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ${table}');
${hasKey ? '' : `    ${DROP_KEY(parent)}\n`}  }
}
`;
}
