import pg from 'pg';

/** A column of an answer, as PostgreSQL describes it before anything is asked. */
export interface DescribedColumn {
  name: string;
  /** Of `pg_type`: `text`, `int4`, `_text` for an array of texts. */
  type: string;
  /** Undefined of what is computed: PostgreSQL does not say. */
  isNullable?: boolean;
}

/** Prepares statements on one connection, and runs none. */
export class Descriptions {
  private constructor(
    private readonly client: pg.Client | pg.PoolClient,
    private readonly types: ReadonlyMap<number, string>,
    private readonly required: ReadonlySet<string>,
  ) {}

  static async on(client: pg.Client | pg.PoolClient): Promise<Descriptions> {
    const types = await client.query<{ oid: number; typname: string }>(
      'SELECT oid, typname FROM pg_type',
    );
    // A plan for any values: what these happen to be would leave out the better part of it.
    await client.query('SET plan_cache_mode = force_generic_plan');
    const required = await client.query<{ column: string }>(
      `SELECT attrelid || '.' || attnum AS column FROM pg_attribute WHERE attnotnull`,
    );
    return new Descriptions(
      client,
      new Map(types.rows.map(({ oid, typname }) => [oid, typname])),
      new Set(required.rows.map(({ column }) => column)),
    );
  }

  /** @throws the error of PostgreSQL about a statement it cannot prepare */
  async of(text: string): Promise<DescribedColumn[]> {
    const fields = await new Promise<pg.FieldDef[]>((resolve, reject) => {
      this.client.query(new Description(text, resolve, reject));
    });
    const outer = fields.some(({ tableID }) => tableID !== 0) ? await this.outerJoined(text) : [];
    return fields.map(({ name, dataTypeID, tableID, columnID }, index) => ({
      name,
      type: this.types.get(dataTypeID)!,
      ...(tableID !== 0 && {
        isNullable: outer[index] === true || !this.required.has(`${tableID}.${columnID}`),
      }),
    }));
  }

  /** The plan for any values. @throws the error of PostgreSQL about a statement it cannot prepare */
  async planOf(text: string): Promise<Plan> {
    const values = parametersIn(text).map(() => 'NULL');
    await this.client.query(`PREPARE explained AS ${text}`);
    const { rows } = await this.client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON)
       EXECUTE explained${values.length > 0 ? ` (${values.join(', ')})` : ''}`,
    );
    await this.client.query('DEALLOCATE explained');
    return rows[0]!['QUERY PLAN'][0].Plan;
  }

  /** Which columns are of a table that may have no row for them: the plan says how it is joined. */
  private async outerJoined(text: string): Promise<boolean[]> {
    const plan = await this.planOf(text);
    const absent = aliasesWithoutRows(plan);
    return (plan.Output ?? []).map((each) => absent.has(each.split('.')[0]!));
  }
}

/** `$1` to the last. */
function parametersIn(text: string): number[] {
  const last = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** What of EXPLAIN (VERBOSE, FORMAT JSON) is looked at. */
export interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Schema?: string;
  'CTE Name'?: string;
  'Subplan Name'?: string;
  'Join Type'?: string;
  Alias?: string;
  Output?: string[];
  Plans?: Plan[];
  [condition: string]: unknown;
}

function aliasesWithoutRows(plan: Plan): Set<string> {
  const [outer, inner] = (plan.Plans ?? []).filter((each) => !isSubplan(each));
  const type = plan['Join Type'];
  const absent = [
    ...((type === 'Left' || type === 'Full') && inner ? aliasesOf(inner) : []),
    ...((type === 'Right' || type === 'Full') && outer ? aliasesOf(outer) : []),
  ];
  return new Set([
    ...absent,
    ...(plan.Plans ?? []).flatMap((each) => [...aliasesWithoutRows(each)]),
  ]);
}

function aliasesOf(plan: Plan): string[] {
  return [...(plan.Alias ? [plan.Alias] : []), ...(plan.Plans ?? []).flatMap(aliasesOf)];
}

function isSubplan(plan: Plan): boolean {
  return ['InitPlan', 'SubPlan'].includes(
    (plan as { 'Parent Relationship'?: string })['Parent Relationship'] ?? '',
  );
}

/** What of `Connection` in pg's `lib/` is used beyond its published types. */
interface Wire {
  parse(statement: { text: string; name: string; types: number[] }): void;
  describe(what: { type: 'S'; name: string }): void;
  sync(): void;
}

/** Parse and Describe of the extended query protocol: the statement is prepared and never bound. */
class Description implements pg.Submittable {
  private fields: pg.FieldDef[] = [];

  constructor(
    private readonly text: string,
    private done: (fields: pg.FieldDef[]) => void,
    private readonly failed: (error: Error) => void,
  ) {}

  submit(connection: pg.Connection): void {
    const wire = connection as unknown as Wire;
    wire.parse({ text: this.text, name: '', types: [] });
    wire.describe({ type: 'S', name: '' });
    wire.sync();
  }

  handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    this.fields = fields;
  }

  handleError(error: Error): void {
    this.failed(error);
    this.done = () => undefined;
  }

  handleReadyForQuery(): void {
    this.done(this.fields);
  }
}
