import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { isEmail } from 'class-validator';
import { UsageError } from '../failed.js';
import { StaffService } from '../users/staff.service.js';
import { withApplication } from './application.js';

/** `create-superuser <email>`: the password comes from a prompt that does not show it, or from stdin. */
export async function createSuperuser([address]: string[]): Promise<void> {
  const email = address?.trim().toLowerCase();
  if (!email || !isEmail(email)) {
    throw new UsageError('Give the e-mail address: npm run atrium -- create-superuser <email>');
  }
  const password = process.stdin.isTTY ? await ask('Password: ') : await standardInput();
  await withApplication(async (app) => {
    const done = await app.get(StaffService).makeSuperuser(email, password);
    console.log(done === 'created' ? `${email} is a superuser.` : `${email} is a superuser now.`);
  });
}

/** Nothing typed is echoed. */
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
