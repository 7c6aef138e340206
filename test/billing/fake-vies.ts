import { once } from 'node:events';
import { createServer } from 'node:http';

export interface ViesReply {
  status: number;
  body: string;
  /** Milliseconds before it answers. */
  after?: number;
}

/** VIES as it is told to be. */
export async function fakeVies() {
  const vies = {
    url: '',
    answer: { status: 503, body: '' } as ViesReply,
    asked: [] as [method: string, path: string, body: unknown][],
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      const { status, body: text, after = 0 } = vies.answer;
      vies.asked.push([req.method ?? '', req.url ?? '', JSON.parse(body)]);
      setTimeout(() => res.writeHead(status).end(text), after).unref();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  vies.url = `http://127.0.0.1:${(server.address() as { port: number }).port}/rest-api/`;
  return vies;
}
