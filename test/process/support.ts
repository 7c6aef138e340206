import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patience } from '../support/limits.js';
import { projectPath } from '../../src/core/config/project-path.js';

/** The application as a process of its own, as somebody would start it. */
export interface Running {
  child: ChildProcess;
  url: string;
  /** All it has printed so far. */
  output(): string;
  /** Resolves with its exit code once it has ended. */
  ended: Promise<number | null>;
}

/** Compiled modules are kept between the many processes of a run: each is ready sooner. */
const NODE_COMPILE_CACHE = join(tmpdir(), 'atrium-compile-cache');

const SETTINGS = {
  NODE_ENV: 'development',
  BCRYPT_COST: '4',
  RATE_LIMIT_MULTIPLIER: '1000',
  LOG_LEVEL: 'info',
  // Invitations without end, unless a test is about plans.
  BILLING_PROVIDER: 'off',
};

export function run(
  script: string,
  settings: Record<string, string>,
  args: string[] = [],
): Running {
  const env: Record<string, string | undefined> = {
    ...process.env,
    NODE_COMPILE_CACHE,
    ...SETTINGS,
    ...settings,
  };
  delete env.NODE_OPTIONS;
  const child = spawn(process.execPath, [projectPath('dist', 'src', script), ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, url: `http://127.0.0.1:${settings.PORT}`, output: () => chunks.join(''), ended };
}

/** Starts the application and waits until it is healthy. */
export async function start(settings: Record<string, string>): Promise<Running> {
  const port = settings.PORT ?? String(await freePort());
  const running = run('main.js', { ...settings, PORT: port, HOST: '127.0.0.1' });
  for (const began = Date.now(); Date.now() - began < patience(40_000);) {
    const health = await fetch(`${running.url}/health/`).catch(() => null);
    if (health?.ok) return running;
    if (running.child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  running.child.kill('SIGKILL');
  throw new Error(`It did not start:\n${running.output()}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** A folder that is gone after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'atrium-process-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A visitor of a process: keeps cookies, sends forms with their token. */
export class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(public url: string) {}

  async get(path: string): Promise<{ status: number; text: string; location: string | null }> {
    return this.request(path);
  }

  /** `action`: where the form of that page is sent to, when that is another address. */
  async submit(path: string, values: Record<string, string>, action = path) {
    return (await this.form(path, action))(values);
  }

  /** Opens the page of a form; the function that comes back sends it. */
  async form(path: string, action = path) {
    const { text } = await this.get(path);
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
    return (values: Record<string, string>) =>
      this.request(action, new URLSearchParams({ _csrf, ...values }));
  }

  /** Registers and finishes onboarding. */
  async arrive(email: string, organization: string): Promise<void> {
    await this.submit('/register/', { email, password: 'paper lantern orbit' });
    await this.submit('/profile/complete/', { display_name: 'Anna' });
    await this.submit('/onboarding/create-tenant/', { organization });
  }

  cookie(name: string): string | undefined {
    return this.cookies.get(name);
  }

  private async request(path: string, body?: URLSearchParams) {
    const response = await fetch(this.url + path, {
      method: body ? 'POST' : 'GET',
      ...(body ? { body } : {}),
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    const text = await response.text();
    return { status: response.status, text, location: response.headers.get('location') };
  }
}
