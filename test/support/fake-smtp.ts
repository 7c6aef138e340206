import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A received mail with its decoded body. */
export interface Delivered {
  to: string;
  body: string;
}

/** A mail server (RFC 5321, as little of it as a client needs) that keeps what it is given. */
export async function fakeSmtp(port = 0) {
  const delivered: Delivered[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('close', () => sockets.delete(socket));
    converse(socket, (mail) => delivered.push(mail));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    delivered,
    port: (server.address() as AddressInfo).port,
    to: (address: string) => delivered.filter(({ to }) => to === address),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function converse(socket: Socket, keep: (mail: Delivered) => void): void {
  let [pending, to, data] = ['', '', null as string[] | null];
  const say = (line: string) => socket.write(`${line}\r\n`);
  say('220 fake ESMTP');
  socket.on('data', (chunk: Buffer) => {
    const lines = (pending + chunk.toString('latin1')).split('\r\n');
    pending = lines.pop()!;
    for (const line of lines) {
      if (data && line !== '.') data.push(line);
      else if (data) {
        keep({ to, body: decoded(data.join('\n')) });
        data = null;
        say('250 kept');
      } else if (/^DATA/i.test(line)) {
        data = [];
        say('354 go on');
      } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
      else {
        to = /^RCPT TO:<([^>]+)>/i.exec(line)?.[1] ?? to;
        say('250 fine');
      }
    }
  });
}

/** Quoted-printable (RFC 2045 §6.7), the one encoding that leaves links broken over lines. */
function decoded(text: string): string {
  const bytes = text
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
