/** A row by database column names: `is_active`, `tenant_id`. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };
