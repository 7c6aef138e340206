import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { NestFactory } from '@nestjs/core';
import { isEmail } from 'class-validator';
import { AppModule } from '../app.module.js';
import { loadEnvironment } from '../core/config/environment.js';
import { runInScope } from '../core/context/request-context.js';
import { DatabaseServer } from '../core/database/database-server.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Texts } from '../core/i18n/texts.js';
import { UsageError } from '../failed.js';
import { prepareDatabase } from '../prepare-database.js';
import { StaffService } from '../users/staff.service.js';

/** `create-superuser <email>`: the password comes from a prompt that does not show it, or from stdin. */
export async function createSuperuser([address]: string[]): Promise<void> {
  const email = address?.trim().toLowerCase();
  if (!email || !isEmail(email)) {
    throw new UsageError('Give the e-mail address: npm run atrium -- create-superuser <email>');
  }
  const password = process.stdin.isTTY ? await ask('Password: ') : await standardInput();
  const config = await loadEnvironment();
  // A command answers no request and takes no job from the worker.
  config.ROLE = 'web';
  config.LOG_LEVEL = 'error';
  const server = await DatabaseServer.join(config);
  await prepareDatabase(config, server);
  const app = await NestFactory.createApplicationContext(AppModule.forConfig(config, server), {
    logger: ['error'],
  });
  try {
    const done = await runInScope({}, () => app.get(StaffService).makeSuperuser(email, password));
    console.log(done === 'created' ? `${email} is a superuser.` : `${email} is a superuser now.`);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new UsageError(app.get(Texts).say(error.key, error.details.args));
  } finally {
    await app.close();
  }
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
