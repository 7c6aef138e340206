import { PricesDiffer } from './billing/catalogue/price-check.js';
import { ConfigError } from './core/config/config.js';
import { DomainError } from './core/errors/domain-error.js';
import { FolderInUseError } from './pglite-wire/pglite-wire.js';

/** Prints an error and exits with status 1: expected errors as a sentence, others with their stack. */
export function exitOnError(error: unknown): never {
  console.error(sentenceOf(error) ?? error);
  process.exit(1);
}

/** Invalid use of a command. */
export class UsageError extends Error {}

/** A check of a command failed. */
export class CheckFailed extends Error {}

function sentenceOf(error: unknown): string | null {
  if (error instanceof FolderInUseError) {
    return `\n${error.message} Stop the other process, set DATA_DIR to another folder, or set DATABASE_URL to use a PostgreSQL server.\n`;
  }
  const isPlain = [ConfigError, UsageError, CheckFailed, PricesDiffer, DomainError].some(
    (kind) => error instanceof kind,
  );
  if (isPlain) return `\n${(error as Error).message}\n`;
  const { code, port } = (error ?? {}) as { code?: unknown; port?: unknown };
  if (code === 'EADDRINUSE') {
    return `\nPort ${String(port)} is in use. Stop what listens there, or set PORT to another one.\n`;
  }
  if (code === 'ECONNREFUSED') {
    return `\nThe database does not answer at port ${String(port)}. Check DATABASE_URL, or leave it out to use the embedded one.\n`;
  }
  if (String((error as Error | undefined)?.message).startsWith('unsupported startup parameter')) {
    return '\nA database address leads to a pooler. DATABASE_URL may, where DIRECT_DATABASE_URL names the server itself; MIGRATION_DATABASE_URL may not.\n';
  }
  return null;
}
