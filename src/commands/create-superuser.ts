import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { canonicalEmail, isEmailAddress } from '../core/utils/email-address.js';
import { UsageError } from '../exit-on-error.js';
import { StaffService } from '../users/staff.service.js';
import { withApplication } from './application.js';

/** `create-superuser <email>`: the password comes from a prompt that does not show it, or from stdin. */
export async function createSuperuser([address]: string[]): Promise<void> {
  const email = address && canonicalEmail(address);
  if (!email || !isEmailAddress(email)) {
    throw new UsageError('Give the e-mail address: npm run atrium -- create-superuser <email>');
  }
  const password = process.stdin.isTTY ? await ask('Password: ') : await standardInput();
  if (!password) {
    throw new UsageError(
      'No password was given: type it at the prompt, or send it through standard input.',
    );
  }
  await withApplication(async (app) => {
    const done = await app.get(StaffService).makeSuperuser(email, password);
    console.log(done === 'created' ? `${email} is a superuser.` : `${email} is a superuser now.`);
  });
}

/** Reads a line without echo. */
async function ask(question: string): Promise<string> {
  process.stdout.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  const answer = await lines.question('');
  lines.close();
  process.stdout.write('\n');
  return answer;
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
