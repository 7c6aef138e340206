/** A row as the database calls its columns: `is_active`, `tenant_id`. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };
