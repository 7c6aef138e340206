import { Agent, request, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

interface Backend {
  url: string;
  agent: Agent;
  isReady: boolean;
}

export interface Answer {
  status: number;
  text: string;
  /** Which process answered. */
  from: string;
}

/** A request that was on its way to a process and got no answer from it. */
export class Unanswered extends Error {
  constructor(
    readonly to: string,
    cause: Error,
  ) {
    super(`${to} gave no answer: ${cause.message}`, { cause });
  }
}

const PROBE_MS = 100;

/**
 * As much of a load balancer as a deployment counts on: connections are kept, processes take turns, one
 * that is not ready gets nothing more, and only what was never sent is sent to another.
 */
export class Balancer {
  private backends: Backend[] = [];
  private turn = 0;
  private isStopped = false;
  private readonly probing = this.probe();

  /** Sends requests there too, once it is ready. */
  add(url: string): void {
    this.backends.push({ url, agent: new Agent({ keepAlive: true }), isReady: false });
  }

  remove(url: string): void {
    this.backends = this.backends.filter((backend) => backend.url !== url);
  }

  /** @throws Unanswered */
  async send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: object,
  ): Promise<Answer> {
    for (;;) {
      const backend = await this.next();
      try {
        return await ask(backend, method, path, headers, body);
      } catch (error) {
        if ((error as { code?: string }).code !== 'ECONNREFUSED') {
          throw new Unanswered(backend.url, error as Error);
        }
        backend.isReady = false;
      }
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.probing;
    for (const { agent } of this.backends) agent.destroy();
  }

  private async next(): Promise<Backend> {
    for (;;) {
      const ready = this.backends.filter(({ isReady }) => isReady);
      if (ready.length > 0) return ready[this.turn++ % ready.length]!;
      await sleep(10);
    }
  }

  private async probe(): Promise<void> {
    for (; !this.isStopped; await sleep(PROBE_MS)) {
      for (const backend of this.backends) {
        const answer = await fetch(`${backend.url}/health/ready`, {
          headers: { connection: 'close' },
          signal: AbortSignal.timeout(2_000),
        }).catch(() => null);
        backend.isReady = answer?.status === 200;
      }
    }
  }
}

function ask(
  { url, agent }: Backend,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url + path, {
      method,
      agent,
      headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
    });
    sent.on('error', reject);
    sent.on('response', (answer: IncomingMessage) => {
      answer.toArray().then(
        (chunks) =>
          resolve({
            status: answer.statusCode!,
            text: Buffer.concat(chunks as Buffer[]).toString(),
            from: url,
          }),
        reject,
      );
    });
    sent.end(body && JSON.stringify(body));
  });
}
