import type pg from 'pg';
import { PRIVILEGED_ROLES } from '../../src/core/database/privileged/privileged-roles.js';
import {
  DATABASE_ROLES,
  type Operation,
} from '../../src/core/database/privileged/database-roles.js';
import { DECLARED_TABLES } from '../support/tables.js';
import { readCatalogue, type Catalogue, type Table } from './catalogue.js';
import { holdsOwners, insertStatement, rowFor, seed, type Kinds, type Seeded } from './seed.js';

/**
 * Result of an attempt: `refused`, `nothing`, only rows of the current organisation (`own`), or rows of
 * others (`all`).
 */
export type Reach = 'refused' | 'nothing' | 'own' | 'all';

export interface Cell {
  table: string;
  role: string;
  /** Name of the organisation in the scope; null for none. */
  scope: string | null;
  operation: Operation;
  reach: Reach;
  /** Reason why the result is wrong. */
  problem: string | null;
}

export interface TableProof {
  cells: Cell[];
  /** All problems; empty when the proof holds. */
  problems: string[];
}

const OPERATIONS: Operation[] = ['select', 'insert', 'update', 'delete'];

/** Tries every table (or those `about`) × operation × organisation × role on real rows, and rolls back. */
export async function proveTables(
  owner: pg.Pool,
  kinds: Kinds,
  about: (table: string) => boolean = () => true,
): Promise<TableProof> {
  const catalogue = await readCatalogue(owner);
  const problems = undeclared(catalogue, kinds);
  const client = await owner.connect();
  try {
    const tenants = [
      await seed(client, catalogue, kinds, 'A'),
      await seed(client, catalogue, kinds, 'B'),
    ];
    problems.push(...(await strayReferences(client, catalogue, kinds, tenants)));
    const trial = new Trial(client, catalogue, tenants);
    const cells: Cell[] = [];
    for (const table of catalogue.tables.filter(({ name }) => about(name))) {
      if (holdsOwners(kinds, table.name) && tenants.some(({ keys }) => !keys[table.name])) {
        problems.push(`${table.name} holds no rows to prove anything with`);
      }
      for (const role of Object.values(DATABASE_ROLES)) {
        for (const scope of [null, ...tenants]) {
          for (const operation of OPERATIONS) {
            const reach = await trial.run(table, role, scope, operation);
            const allowed = allowance(kinds, table, role, operation);
            const may = table.rights[role]![operation].length > 0;
            const wrong = judge(reach, allowed, may, scope !== null, operation);
            const name = scope?.name ?? null;
            const where = name ? `in organisation ${name}` : 'without an organisation';
            const problem = wrong && `${role}, ${where}: ${operation} ${table.name}: ${wrong}`;
            if (problem) problems.push(problem);
            cells.push({ table: table.name, role, scope: name, operation, reach, problem });
          }
        }
      }
    }
    return { cells, problems };
  } finally {
    client.release();
  }
}

/**
 * Foreign keys ignore row-level security. Every reference from one table of organisations to another, tried
 * with a row of B and its parent in A: the database has to refuse it, whoever asks.
 */
async function strayReferences(
  client: pg.PoolClient,
  { tables }: Catalogue,
  kinds: Kinds,
  [a, b]: Seeded[],
): Promise<string[]> {
  const problems: string[] = [];
  const isOfTenants = (name: string | null) => name !== 'tenant' && kinds[name ?? ''] === 'tenant';
  for (const { name, key, columns } of tables.filter((table) => isOfTenants(table.name))) {
    for (const column of columns.filter(({ references }) => isOfTenants(references))) {
      const child = b!.keys[name]!;
      const parent = Object.values(a!.keys[column.references!]!).at(-1);
      const own = key.map((part, index) => `${part}::text = $${index + 2}`).join(' AND ');
      await client.query('BEGIN');
      const outcome = await client
        .query(`UPDATE ${name} SET ${column.name} = $1 WHERE ${own}`, [
          parent,
          ...key.map((part) => child[part]),
        ])
        .then(({ rowCount }) => (rowCount ? 'accepted' : 'met no row'))
        .catch((error: { code?: string }) => error.code ?? 'failed');
      await client.query('ROLLBACK');
      if (!REFUSED.has(outcome)) {
        problems.push(
          `${name}.${column.name} of B must not point at ${column.references} of A: ${outcome}`,
        );
      }
    }
  }
  return problems;
}

const FOREIGN_KEY_VIOLATION = '23503';
/** Refused by the reference, or by a trigger that keeps the row as it is (`restrict_violation`). */
const REFUSED: ReadonlySet<string> = new Set([FOREIGN_KEY_VIOLATION, '23001']);

function undeclared({ tables, oddities }: Catalogue, kinds: Kinds): string[] {
  const names = tables.map(({ name }) => name);
  const declared = new Set<string>(
    [...DECLARED_TABLES]
      .filter(([table]) => table.includes('.'))
      .flatMap(([table, { grants = {} }]) =>
        PRIVILEGED_ROLES.flatMap(({ name, databaseRole }) =>
          (grants[name] ?? []).map((right) => `${databaseRole} may ${right} ${table}`),
        ),
      ),
  );
  return [
    ...names
      .filter((name) => !kinds[name])
      .map(
        (name) =>
          `${name} is not declared: say what it holds in \`tables\` of its feature (src/<feature>/<feature>.feature.ts)`,
      ),
    ...Object.keys(kinds)
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is declared by a feature and does not exist`),
    ...tables
      .filter(({ name }) => holdsOwners(kinds, name))
      .filter(({ isForced, policies }) => !isForced || policies === 0)
      .map(({ name }) => `${name}: row-level security is not forced, or there is no policy`),
    ...tables
      .filter(
        ({ name, columns }) =>
          columns.some((column) => column.name === 'tenant_id') && kinds[name] !== 'tenant',
      )
      .map(({ name }) => `${name} has a tenant_id and is not declared as tenant data`),
    ...oddities.filter((oddity) => !declared.has(oddity)),
  ];
}

/** Nothing is being erased here: the role of erasure meets no row, whatever it is granted. */
const MEETS_NOTHING = 'nothing';

/** How far a role may get at a table: by what the table holds, and by what is granted. */
function allowance(kinds: Kinds, { name }: Table, role: string, operation: Operation): Reach {
  if (kinds[name] === 'reference') return operation === 'select' ? 'all' : 'refused';
  if (role === DATABASE_ROLES.user) return holdsOwners(kinds, name) ? 'own' : 'refused';
  const { grants = {} } = DECLARED_TABLES.get(name) ?? {};
  if (role === DATABASE_ROLES.erasure && kinds[name] === 'tenant') {
    return grants.erasure?.includes(operation) ? 'all' : MEETS_NOTHING;
  }
  const privileged = PRIVILEGED_ROLES.find(({ databaseRole }) => databaseRole === role);
  return privileged && grants[privileged.name]?.includes(operation) ? 'all' : 'refused';
}

function judge(
  reach: Reach,
  allowed: Reach,
  may: boolean,
  hasScope: boolean,
  operation: Operation,
): string | null {
  if (allowed === 'nothing') {
    return reach === 'refused' || reach === 'nothing'
      ? null
      : `must meet nothing, reached ${reach}`;
  }
  if (allowed === 'refused')
    return reach === 'refused' ? null : `must be refused, reached ${reach}`;
  if (allowed === 'own') {
    if (reach === 'all') return 'reached rows of another organisation';
    if (reach === 'own' && !hasScope) return 'reached rows without an organisation';
    const mustReach = hasScope && may && (operation === 'select' || operation === 'update');
    return mustReach && reach !== 'own' ? 'its own row is out of reach' : null;
  }
  return !may && operation !== 'select' ? 'is declared by a feature and not granted' : null;
}

/** One attempt in a transaction that is rolled back, in the role and the scope of a request. */
class Trial {
  constructor(
    private readonly client: pg.PoolClient,
    private readonly catalogue: Catalogue,
    private readonly tenants: Seeded[],
  ) {}

  async run(
    table: Table,
    role: string,
    scope: Seeded | null,
    operation: Operation,
  ): Promise<Reach> {
    // Without the right PostgreSQL refuses before it looks at any row.
    if (table.rights[role]![operation].length === 0) return 'refused';
    switch (operation) {
      case 'select':
        return this.select(table, role, scope);
      case 'insert':
        return this.insert(table, role, scope);
      case 'update':
        return this.update(table, role, scope);
      case 'delete':
        return this.rowByRow(table, role, scope, `DELETE FROM ${table.name}`, () =>
          this.missing(table, scope),
        );
    }
  }

  private select(table: Table, role: string, scope: Seeded | null): Promise<Reach> {
    const columns = table.rights[role]!.select.map((name) => `"${name}"`).join(', ');
    const text = `SELECT to_jsonb(r)::text AS row FROM (SELECT ${columns} FROM ${table.name}) r`;
    return this.attempt(role, scope, text, (rows) => {
      const all = rows.map(({ row }) => row).join('\n');
      const tokens = ({ marker, tenantId, userId, keys }: Seeded) => [
        marker,
        tenantId,
        userId,
        // A number of a key, such as a year, is in rows of anybody.
        ...Object.values(keys[table.name] ?? {}).filter((part) => typeof part === 'string'),
      ];
      const seen = this.tenants.filter((tenant) =>
        tokens(tenant).some((text) => all.includes(text)),
      );
      if (seen.some((tenant) => tenant !== scope)) return 'all';
      if (seen.length > 0) return 'own';
      return rows.length > 0 ? 'all' : 'nothing';
    });
  }

  /** A row for each organisation in turn. A constraint is looked at only after row security. */
  private async insert(table: Table, role: string, scope: Seeded | null): Promise<Reach> {
    let reach: Reach = 'refused';
    for (const tenant of this.tenants) {
      const itsRow = () => (tenant === scope ? ('own' as const) : ('all' as const));
      const made = async () => {
        const values = await rowFor(this.client, this.catalogue.tables, table, tenant);
        return insertStatement(table, values);
      };
      const one = await this.attempt(role, scope, made, itsRow, itsRow);
      if (one === 'all' || (one === 'own' && reach !== 'all')) reach = one;
    }
    return reach;
  }

  private async update(table: Table, role: string, scope: Seeded | null): Promise<Reach> {
    const { select, update } = table.rights[role]!;
    const column = update.find((name) => select.includes(name) && !table.key.includes(name));
    const set = column ? `"${column}" = "${column}"` : `"${update[0]}" = DEFAULT`;
    const touched = await this.rowByRow(table, role, scope, `UPDATE ${table.name} SET ${set}`, () =>
      this.changed(table, scope),
    );
    if (touched === 'all' || !update.includes('tenant_id')) return touched;
    for (const other of this.tenants.filter((tenant) => tenant !== scope)) {
      const text = `UPDATE ${table.name} SET tenant_id = '${other.tenantId}'`;
      const look = () => this.changed(table, scope);
      // A trigger that keeps rows where they are stops it just as well as a policy. A constraint does not:
      // it is looked at after the policies, and another row might not have broken it.
      const moved = await this.attempt(role, scope, text, look, async (constraint) =>
        (await this.isTrigger(table, constraint)) ? 'refused' : 'all',
      );
      // One's own row may not go over to another organisation either.
      if (moved === 'own' || moved === 'all') return 'all';
    }
    return touched;
  }

  /**
   * Changes all rows in sight. Where a constraint stops that, it does not say whose row broke it: each
   * organisation's row is tried alone then.
   */
  private rowByRow(
    table: Table,
    role: string,
    scope: Seeded | null,
    statement: string,
    look: () => Promise<Reach>,
  ): Promise<Reach> {
    return this.attempt(role, scope, statement, look, async () => {
      const reached: Reach[] = [];
      for (const tenant of this.tenants) {
        const one = `${statement} WHERE ${keyOf(table)} = '${seededKey(table, tenant)}'`;
        const itsRow = () => (tenant === scope ? ('own' as const) : ('all' as const));
        reached.push(await this.attempt(role, scope, one, look, itsRow));
      }
      const isOwn = reached.includes('own') && !reached.includes('refused');
      return isOwn && !reached.includes('all') ? 'own' : 'all';
    });
  }

  /** `stopped`: what it means that a key, a check or a trigger of the table refused a row. */
  private async attempt(
    role: string,
    scope: Seeded | null,
    statement: string | (() => Promise<{ text: string; parameters: unknown[] }>),
    look: (rows: Record<string, string>[]) => Reach | Promise<Reach>,
    stopped: (constraint: string) => Reach | Promise<Reach> = () => 'all',
  ): Promise<Reach> {
    const { client } = this;
    let constraint: string;
    await client.query('BEGIN');
    try {
      const made =
        typeof statement === 'string' ? { text: statement, parameters: [] } : await statement();
      await this.enter(role, scope);
      const { rows } = await client.query<Record<string, string>>(made.text, made.parameters);
      await this.enter('none', null);
      return await look(rows);
    } catch (error) {
      const { code = '', ...more } = error as { code?: string; constraint?: string };
      if (code === '42501') return 'refused';
      if (!code.startsWith('23')) throw error;
      constraint = more.constraint ?? '';
    } finally {
      await client.query('ROLLBACK');
    }
    return stopped(constraint);
  }

  /** Whether it is no constraint of the table that has this name: a trigger gave it to its refusal. */
  private async isTrigger(table: Table, constraint: string): Promise<boolean> {
    const { rowCount } = await this.client.query(
      `SELECT FROM pg_constraint WHERE conrelid = $1::regclass AND conname = $2
       UNION ALL SELECT FROM pg_class WHERE oid = to_regclass(quote_ident($2)) AND relkind = 'i'`,
      [table.name, constraint],
    );
    return constraint !== '' && rowCount === 0;
  }

  private async enter(role: string, scope: Seeded | null): Promise<void> {
    await this.client.query(
      `SELECT set_config('app.tenant_id', $2, true), set_config('app.actor_id', $3, true),
        set_config('role', $1, true)`,
      [role, scope?.tenantId ?? '', scope?.userId ?? ''],
    );
  }

  /** Whose rows this transaction has written, whatever it says itself. */
  private async changed(table: Table, scope: Seeded | null): Promise<Reach> {
    const owner = table.columns.some(({ name }) => name === 'tenant_id') ? 'tenant_id' : 'NULL';
    const { rows } = await this.client.query<{ key: string; owner: string | null }>(
      `SELECT ${keyOf(table)} AS key, ${owner} AS owner FROM ${table.name}
       WHERE xmin = pg_current_xact_id()::xid`,
    );
    // Of one's own organisation there may be more rows than the seeded one: triggers write them.
    const others = rows.filter((row) => !scope || row.owner !== scope.tenantId);
    if (rows.length > 0 && others.length === 0) return 'own';
    return this.reachOf(
      table,
      scope,
      others.map(({ key }) => key),
    );
  }

  private async missing(table: Table, scope: Seeded | null): Promise<Reach> {
    const { rows } = await this.client.query<{ key: string }>(
      `SELECT ${keyOf(table)} AS key FROM ${table.name}`,
    );
    const left = new Set(rows.map(({ key }) => key));
    const seeded = this.tenants.filter(({ keys }) => keys[table.name]);
    const keys = seeded.map((tenant) => seededKey(table, tenant));
    return this.reachOf(
      table,
      scope,
      keys.filter((key) => !left.has(key)),
    );
  }

  private reachOf(table: Table, scope: Seeded | null, keys: string[]): Reach {
    if (keys.length === 0) return 'nothing';
    return scope && keys.every((key) => key === seededKey(table, scope)) ? 'own' : 'all';
  }
}

function keyOf({ key }: Table): string {
  return `concat_ws('/', ${key.map((name) => `"${name}"::text`).join(', ')})`;
}

/** As `keyOf` shows it. */
function seededKey(table: Table, { keys }: Seeded): string {
  const parts: unknown[] = Object.values(keys[table.name] ?? {});
  return parts
    .map((part) => (Buffer.isBuffer(part) ? `\\x${part.toString('hex')}` : String(part)))
    .join('/');
}
