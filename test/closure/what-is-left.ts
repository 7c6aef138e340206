import type { TestApp } from '../support/app.js';

/** Tables in which the id of an organisation is found after its erasure, and why. */
export const KEPT: Readonly<Record<string, string>> = {
  audit_entry: 'the trail, without personal data',
  audit_head: 'the end of the trail',
  billing_customer: 'with the invoice made out to it',
  invoice: 'ten years',
  invoice_line: 'ten years',
  invoice_settlement: 'ten years',
  issued_invoice: 'ten years',
  organisation_erasure: 'the record of the erasure',
};

/** Every row of every table, with its table, as text. */
export async function everything({ sql }: Pick<TestApp, 'sql'>): Promise<string[]> {
  const tables = await sql<{ name: string }>(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name
     FROM information_schema.tables
     WHERE table_schema IN ('public', 'pgboss') AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  const lines: string[] = [];
  for (const { name } of tables) {
    const rows = await sql<{ row: string }>(
      `SELECT to_jsonb(r)::text AS row FROM ${name} r ORDER BY 1`,
    );
    lines.push(...rows.map(({ row }) => `${name.replace('public.', '')} ${row}`));
  }
  return lines;
}

/** The tables that hold a text, in the order of their names. */
export function tablesWith(lines: readonly string[], text: string): string[] {
  const found = lines.filter((line) => line.includes(text)).map((line) => line.split(' ')[0]!);
  return [...new Set(found)].sort();
}
