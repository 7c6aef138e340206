import { UsageError } from '../exit-on-error.js';
import { RetentionService } from '../users/sessions/retention.service.js';
import { withApplication } from './application.js';

const OPTIONS = new Set(['--dry-run', '--force']);

/** `purge-sessions [--dry-run] [--force]`: runs the daily retention now. */
export async function purgeSessions(args: string[]): Promise<void> {
  const unknown = args.find((arg) => !OPTIONS.has(arg));
  if (unknown) throw new UsageError(`purge-sessions does not know "${unknown}".`);
  const dryRun = args.includes('--dry-run');
  const isForced = args.includes('--force');
  await withApplication(async (app) => {
    const purge = app.get(RetentionService);
    const rows = dryRun ? await purge.countRows() : await purge.removeRows();
    console.log(dryRun ? 'Would go:' : 'Removed:');
    say(rows.sessions, 'sessions that have been over for 30 days');
    say(rows.spentTokens, 'refresh tokens of theirs, spent');
    say(rows.links, 'mailed links that have run out');
    say(rows.personalData, 'entries of the audit trail whose address and device are forgotten');
    say(rows.strangers, 'old sign-ins that failed without an account');
    const { orphans, isRefused } = await purge.sweepFiles({ dryRun, isForced });
    say(isRefused && !dryRun ? 0 : orphans, 'files no row points to');
    if (isRefused) console.log(doubt(orphans));
  });
}

function say(count: number, what: string): void {
  console.log(`${count.toLocaleString('en').padStart(11)}  ${what}`);
}

function doubt(orphans: number): string {
  return `
No row points to ${orphans.toLocaleString('en')} files, which is most of them. That is the picture of a storage that
belongs to another database, or of a database that was not restored whole: the files stay. If they
are to go all the same, add --force.`;
}
