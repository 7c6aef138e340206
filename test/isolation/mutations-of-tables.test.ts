import { freshDatabase } from '../support/database.js';
import { TABLES } from '../support/tables.js';
import { proveTables } from './table-proof.js';

/** Problems of a fresh database after these statements, about the tables they or `more` name. */
async function problemsAfter(
  statements: string[],
  kinds: Record<string, string> = TABLES,
  more: string[] = [],
) {
  const words = new Set([...statements, ...more].join(' ').split(/\W+/));
  const database = await freshDatabase();
  try {
    for (const statement of statements) await database.owner.query(statement);
    const proof = await proveTables(database.owner, kinds, (table) => words.has(table));
    return proof.problems.join('\n');
  } finally {
    await database.drop();
  }
}

const MEMO = [
  `CREATE TABLE memo (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     tenant_id uuid NOT NULL REFERENCES tenant (id), body text NOT NULL)`,
  'GRANT SELECT, INSERT, UPDATE ON memo TO app_user',
];

describe('the proof of the tables fails when', () => {
  test.each<[mutation: string, statements: string[], problems: string[]]>([
    [
      'a policy is dropped',
      [
        'DROP POLICY tenant_rows ON project',
        'DROP POLICY staff_reads ON project',
        'DROP POLICY own ON session',
      ],
      [
        'project: row-level security is not forced, or there is no policy',
        'select session: its own row is out of reach',
      ],
    ],
    [
      'a policy lets everything be seen',
      [
        'ALTER POLICY tenant_rows ON project USING (true)',
        'ALTER POLICY tenant_reads ON audit_entry USING (true)',
      ],
      [
        'in organisation B: select audit_entry: reached rows of another',
        'without an organisation: select project: reached rows',
        'in organisation A: select project: reached rows of another',
        'update project',
      ],
    ],
    [
      'a policy lets everything be written',
      ['ALTER POLICY tenant_rows ON project WITH CHECK (true)'],
      [
        'in organisation A: insert project: reached rows of another',
        'in organisation B: update project: reached rows of another',
      ],
    ],
    [
      'a policy of one role is widened to requests',
      ['ALTER POLICY identity ON user_profile TO app_identity, app_user'],
      [
        'app_user, without an organisation: select user_profile',
        'app_user, in organisation A: select users',
      ],
    ],
    [
      'row-level security is not forced and the table belongs to the role of requests',
      ['ALTER TABLE project NO FORCE ROW LEVEL SECURITY', 'ALTER TABLE project OWNER TO app_user'],
      [
        'project: row-level security is not forced',
        'app_user owns project',
        'delete project: reached rows of another',
        'app_user may truncate project',
      ],
    ],
    [
      'row-level security is switched off',
      ['ALTER TABLE tenant DISABLE ROW LEVEL SECURITY'],
      [
        'tenant: row-level security is not forced',
        'in organisation B: select tenant: reached rows of another',
      ],
    ],
    [
      'a role reaches a table that is not granted, or no longer one that is',
      [
        'GRANT SELECT ON project TO app_outbox',
        'REVOKE INSERT ON kept_mail FROM app_outbox',
        'GRANT UPDATE ON ALL TABLES IN SCHEMA pgboss TO app_outbox',
        'GRANT UPDATE, DELETE ON audit_entry TO app_audit',
      ],
      [
        'app_audit, in organisation A: update audit_entry: must be refused',
        'app_audit, in organisation A: delete audit_entry: must be refused',
        'app_outbox, in organisation A: select project: must be refused',
        'insert kept_mail: is declared by a feature and not granted',
        'app_outbox may update pgboss.*',
      ],
    ],
    [
      'there is a way around the policies',
      [
        'CREATE VIEW everything AS SELECT * FROM project',
        'GRANT SELECT ON everything TO app_user',
        `CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM project'`,
      ],
      ['app_user sees the view everything', 'app_user may run peek'],
    ],
    [
      'a row can point at a row of another organisation',
      [
        'ALTER TABLE member_word DROP CONSTRAINT fk_member_word_tenant_id_member_id',
        'ALTER TABLE member_word ADD FOREIGN KEY (member_id) REFERENCES user_profile (id)',
      ],
      ['member_word.member_id of B must not point at user_profile of A: accepted'],
    ],
    [
      'a new table is not declared',
      MEMO,
      [
        'memo is not declared: say what it holds in `tables` of its feature (src/<feature>/<feature>.feature.ts)',
        'memo has a tenant_id and is not declared as tenant data',
        'select memo: must be refused',
      ],
    ],
  ])('%s', async (_, statements, expected) => {
    const problems = await problemsAfter(statements, TABLES, expected);
    for (const problem of expected) expect(problems).toContain(problem);
  });

  test('a new table of tenant data is declared and not protected', async () => {
    const problems = await problemsAfter(MEMO, { ...TABLES, memo: 'tenant' });
    expect(problems).toContain('memo: row-level security is not forced');
    expect(problems).toContain('in organisation A: select memo: reached rows of another');
    expect(problems).toContain('in organisation B: update memo: reached rows of another');
  });

  test('no row can be made up for a new table', async () => {
    const statements = [...MEMO, `ALTER TABLE memo ADD CHECK (body LIKE 'Dear %')`];
    const kinds = { ...TABLES, memo: 'tenant' };
    await expect(problemsAfter(statements, kinds)).rejects.toThrow(
      'memo needs values that fit together: write rows: { memo',
    );
  });
});

/** Two rows of one organisation may not have one number; a trigger and a child keep the first as it is. */
const NUMBERED = (visible: string, writable: string) => [
  `CREATE TABLE memo (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     tenant_id uuid NOT NULL REFERENCES tenant (id), number integer NOT NULL,
     UNIQUE (tenant_id, number), UNIQUE (tenant_id, id))`,
  `CREATE TABLE memo_line (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     tenant_id uuid NOT NULL REFERENCES tenant (id), memo_id uuid NOT NULL,
     FOREIGN KEY (tenant_id, memo_id) REFERENCES memo (tenant_id, id))`,
  ...['memo', 'memo_line'].flatMap((table) => [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY tenant_rows ON ${table} TO app_user
       USING (${table === 'memo' ? visible : OWN}) WITH CHECK (${table === 'memo' ? writable : OWN})`,
  ]),
  'GRANT SELECT, INSERT, UPDATE, DELETE ON memo TO app_user',
  'GRANT SELECT ON memo_line TO app_user',
];
const OWN = `tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid`;
const KEPT = [
  `CREATE FUNCTION keep_memo() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER AS $$
     BEGIN RAISE EXCEPTION 'kept' USING ERRCODE = 'check_violation', CONSTRAINT = 'memo_kept'; END $$`,
  'REVOKE ALL ON FUNCTION keep_memo FROM PUBLIC',
  'CREATE TRIGGER keep_memo BEFORE UPDATE ON memo FOR EACH ROW EXECUTE FUNCTION keep_memo()',
];
const WITH_MEMOS = { ...TABLES, memo: 'tenant', memo_line: 'tenant' };

describe('of a row that a constraint stops, the proof of the tables', () => {
  test('says nothing where it is the own row: by its number, a trigger, or its child', async () => {
    expect(await problemsAfter([...NUMBERED(OWN, OWN), ...KEPT], WITH_MEMOS)).toBe('');
  });

  test('fails where it is a row of another organisation, which no policy had stopped', async () => {
    const open = [...NUMBERED('true', 'true'), ...KEPT];
    const problems = await problemsAfter(open, WITH_MEMOS);
    for (const operation of ['insert', 'update', 'delete']) {
      for (const name of ['A', 'B']) {
        expect(problems).toContain(
          `app_user, in organisation ${name}: ${operation} memo: reached rows of another organisation`,
        );
      }
    }
  });

  test('fails where only a unique number keeps the own row from going over to another', async () => {
    const problems = await problemsAfter(
      [...NUMBERED(OWN, 'true'), 'REVOKE INSERT, DELETE ON memo FROM app_user'],
      WITH_MEMOS,
    );
    expect(problems).toContain('in organisation A: update memo: reached rows of another');
    expect(problems).not.toContain('insert memo');
  });
});
