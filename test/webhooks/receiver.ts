import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';

export interface Message {
  headers: Record<string, string>;
  body: string;
}

type Answer = (res: ServerResponse, req: IncomingMessage) => void;

/** What a receiver may do. */
export const ANSWERS = {
  ok: (res) => res.writeHead(200).end('thank you'),
  error: (res) => res.writeHead(500).end('no luck'),
  gone: (res) => res.writeHead(410).end(),
  redirect: (res) => res.writeHead(302, { location: 'http://127.0.0.1:5432/' }).end(),
  busy: (res) => res.writeHead(503, { 'retry-after': '7200' }).end(),
  reset: (_, req) => req.socket.resetAndDestroy(),
  hang: () => undefined,
  /** Waits until it is told how to answer. */
  held: () => undefined,
  byTheByte: (res) => {
    const timer = setInterval(() => res.write('a'), 50);
    res.on('close', () => clearInterval(timer));
  },
  gigabyte: (res) => {
    const block = Buffer.alloc(64 * 1024, 'a');
    let left = 16 * 1024;
    const more = () => {
      while (left-- > 0 && !res.destroyed && res.write(block));
      if (left <= 0) res.end();
    };
    res.on('drain', more);
    more();
  },
} satisfies Record<string, Answer>;

/** Somebody's receiver of webhooks: answers each path as told, with 200 unless told otherwise. */
export async function startReceiver() {
  const received = new Map<string, Message[]>();
  const answers = new Map<string, Answer>();
  const waiting = new Map<string, () => void>();
  const at = (path: string) => received.get(path) ?? received.set(path, []).get(path)!;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('error', () => undefined);
    req.on('end', () => {
      const path = req.url ?? '';
      const headers = req.headers as Record<string, string>;
      at(path).push({ headers, body: Buffer.concat(chunks).toString() });
      const answer = () => (answers.get(path) ?? ANSWERS.ok)(res, req);
      waiting.set(path, answer);
      answer();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    host,
    at,
    url: (path: string) => `http://${host}${path}`,
    answering: (path: string, how: keyof typeof ANSWERS) => void answers.set(path, ANSWERS[how]),
    /** Answers the request that waits at this path. */
    release: (path: string, how: keyof typeof ANSWERS) => {
      answers.set(path, ANSWERS[how]);
      waiting.get(path)?.();
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Verifies a message as a customer would, with somebody else's code. @throws when it is not signed by the secret */
export function verified(secret: string, { headers, body }: Message): unknown {
  return new Webhook(secret).verify(body, headers);
}
