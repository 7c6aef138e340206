import { domainToASCII, domainToUnicode } from 'node:url';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['users', 'invitation', 'user_token'];

/**
 * International domains are kept in their own letters: `x@xn--bcher-kva.example` and `x@bücher.example`
 * were two accounts. Where both exist, both stay as they are, and the second is the one people reach.
 */
export class CanonicalAddresses1790000096000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The owner of the tables is held to row-level security too: it steps aside for these statements.
    const forced = (await runner.query(`SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity
        AND relname = ANY('{users,invitation,user_token,user_profile,member_word}')`)) as {
      name: string;
    }[];
    for (const { name } of forced) {
      await runner.query(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`);
    }
    for (const table of TABLES) await this.rewrite(runner, table);
    for (const { name } of forced) {
      await runner.query(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
    }
  }

  private async rewrite(runner: QueryRunner, table: string): Promise<void> {
    const rows = (await runner.query(
      `SELECT id, email FROM ${table} WHERE email ~ '@.*(xn--|[^ -~])'`,
    )) as { id: string; email: string }[];
    for (const { id, email } of rows) {
      const canonical = canonicalEmail(email);
      if (canonical === email) continue;
      // A link to an address is bound to a person, not to the address alone: only the other two are unique.
      const others =
        table === 'user_token'
          ? ''
          : `AND NOT EXISTS (SELECT FROM ${table} other WHERE lower(other.email) = $2::text)`;
      await runner.query(`UPDATE ${table} SET email = $2::text WHERE id = $1 ${others}`, [
        id,
        canonical,
      ]);
    }
  }

  /** The version before reads either spelling. */
  async down(): Promise<void> {}
}

/** As the application had it when this migration was written. */
function canonicalEmail(text: string): string {
  const address = text.normalize('NFC').toLowerCase();
  const at = address.lastIndexOf('@');
  const ascii = domainToASCII(address.slice(at + 1));
  return ascii ? address.slice(0, at + 1) + domainToUnicode(ascii) : address;
}
