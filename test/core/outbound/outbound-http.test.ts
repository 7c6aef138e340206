import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Socket as TcpSocket,
} from 'node:net';
import { readConfig } from '../../../src/core/config/read-config.js';
import { HostLookup } from '../../../src/core/outbound/host-lookup.js';
import { OutboundHttp } from '../../../src/core/outbound/outbound-http.js';

const servers: Server[] = [];

afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  return Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
});

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** What names resolve to, in turns: the last answer holds from then on. */
class Names extends HostLookup {
  constructor(private readonly answers: Array<string | Error>) {
    super();
  }

  override all() {
    const address = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
    if (address instanceof Error) return Promise.reject(address);
    return Promise.resolve(
      address.split(' ').map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })),
    );
  }
}

function outbound(settings: Record<string, string> = {}, ...names: Array<string | Error>) {
  const config = readConfig({ NODE_ENV: 'test', OUTBOUND_PORTS: '443,8443', ...settings });
  return new OutboundHttp(config, names.length > 0 ? new Names(names) : new HostLookup());
}

/** A resolver that asks a name server which never answers. */
class Unanswered extends HostLookup {
  static async listening(): Promise<{ hosts: HostLookup; socket: Socket; asked: string[] }> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const asked: string[] = [];
    socket.on('message', (question) => asked.push(question.toString('latin1')));
    return { hosts: new Unanswered(socket.address().port), socket, asked };
  }

  constructor(port: number) {
    super();
    this.resolver.setServers([`127.0.0.1:${port}`]);
  }
}

/** Where nothing may be sent, whatever it is called. */
const NOT_PUBLIC = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '１２７.0.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.1.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::127.0.0.1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:8.8.8.8]',
  '[fc00::1]',
  '[fdab::1]',
  '[fe80::1]',
  '[ff02::1]',
  '[64:ff9b::10.0.0.1]',
  '[64:ff9b::808:808]',
  '[2002:7f00:1::]',
  '[2001::1]',
];

/** The first and the last address of each range that is not public. */
const RANGES = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', '255.255.255.255'],
  ['::', '::255.255.255.255'],
  ['::ffff:0.0.0.0', '::ffff:255.255.255.255'],
  ['::ffff:0:0:0', '::ffff:0:ffff:ffff'],
  ['64:ff9b::', '64:ff9b::ffff:ffff'],
  ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['100::', '100::ffff:ffff:ffff:ffff'],
  ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
] as const;

/** The public addresses next to them. */
const PUBLIC = [
  ...['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'],
  ...['126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255'],
  ...['172.32.0.0', '191.255.255.255', '192.0.1.0', '192.0.1.255', '192.0.3.0'],
  ...['192.88.98.255', '192.88.100.0', '192.167.255.255', '192.169.0.0', '198.17.255.255'],
  ...['198.20.0.0', '198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0'],
  ...['223.255.255.255', '64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff', '2001:200::', '2001:db7::1'],
  ...['2001:db9::', '2003::', '3ffe::', '3fff:1000::', '5eff::', '5f01::'],
];

describe('An address that somebody chose', () => {
  it.each(RANGES)('is refused when it is between %s and %s', async (...bounds) => {
    for (const address of bounds) {
      const url = `https://${address.includes(':') ? `[${address}]` : address}/`;
      await expect(outbound().refusalOf(url)).resolves.toBe('address');
    }
  });

  it.each(PUBLIC)('may be public: %s', async (address) => {
    const url = `https://${address.includes(':') ? `[${address}]` : address}/`;
    await expect(outbound().refusalOf(url)).resolves.toBeNull();
  });

  it.each(NOT_PUBLIC)('is refused when it is %s', async (host) => {
    const http = outbound();
    await expect(http.refusalOf(`https://${host}/`)).resolves.toBe('address');
    await expect(http.send({ url: `https://${host}/` })).rejects.toMatchObject({
      reason: 'address',
    });
  });

  it.each([
    ['http://example.com/', 'scheme'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'malformed'],
    ['example.com/hooks', 'malformed'],
    ['', 'malformed'],
    [`https://example.com/${'a'.repeat(2_000)}`, 'malformed'],
    // Percent-encoded it has three times as many characters.
    [`https://example.com/?${'"'.repeat(700)}`, 'malformed'],
    ['https://localhost/', 'address'],
    ['https://LOCALHOST./', 'address'],
    ['https://db.localhost/', 'address'],
    ['https://me:secret@example.com/', 'user_info'],
    ['https://me@example.com/', 'user_info'],
    ['https://example.com:5432/', 'port'],
    ['https://example.com:25/', 'port'],
    ['https://127.0.0.1:5432/', 'port'],
  ])('is refused when it is %s', async (url, reason) => {
    const http = outbound({}, '93.184.215.14');
    await expect(http.refusalOf(url)).resolves.toBe(reason);
    await expect(http.send({ url })).rejects.toMatchObject({ reason });
  });

  it.each(NOT_PUBLIC.slice(6).map((host) => host.replace(/[[\]]/g, '')))(
    'is refused when its name leads to %s',
    async (address) => {
      const http = outbound({}, address);
      await expect(http.refusalOf('https://hooks.example.com/')).resolves.toBe('address');
      await expect(http.send({ url: 'https://hooks.example.com/' })).rejects.toMatchObject({
        reason: 'address',
      });
    },
  );

  it('may name another port that the operator allows, and a public address', async () => {
    for (const url of ['https://example.com:8443/x', 'https://8.8.8.8/', 'https://[2600::1]/']) {
      await expect(outbound({}, '93.184.215.14').refusalOf(url)).resolves.toBeNull();
    }
  });

  it('is refused when its name leads elsewhere by the time of the request', async () => {
    const http = outbound({}, '93.184.215.14', '127.0.0.1');
    const url = 'https://hooks.example.com/';
    await expect(http.refusalOf(url)).resolves.toBeNull();
    await expect(http.send({ url })).rejects.toMatchObject({ reason: 'address' });
  });

  it('may not be resolvable at the moment, which only a request finds out', async () => {
    const unknown = Object.assign(new Error('No such name'), { code: 'ENOTFOUND' });
    const http = outbound({}, unknown);
    const url = 'https://hooks.example.com/';
    await expect(http.refusalOf(url)).resolves.toBeNull();
    await expect(http.send({ url })).rejects.toMatchObject({ reason: 'unresolved' });
  });

  it('is looked up for two seconds when it is saved, and twice in all by the resolver', async () => {
    const { hosts, socket, asked } = await Unanswered.listening();
    try {
      const http = new OutboundHttp(readConfig({ NODE_ENV: 'test' }), hosts);
      const began = performance.now();
      await expect(http.refusalOf('https://hooks.example.com/')).resolves.toBeNull();
      expect(performance.now() - began).toBeLessThan(2_900);
      await expect(hosts.all('hooks.example.com')).rejects.toMatchObject({ code: 'ETIMEOUT' });
      // Two lookups, of IPv4 and IPv6 addresses, each tried twice.
      expect(asked).toHaveLength(8);
    } finally {
      socket.close();
    }
  });

  it('is on no other network and never without https in production', () => {
    const production = { NODE_ENV: 'production', APP_URL: 'https://app.example.com' };
    const settings = { ...production, APP_SECRET: 'x1'.repeat(16) };
    expect(() => outbound({ ...settings, OUTBOUND_INSECURE_HOSTS: '127.0.0.1:80' })).toThrow(
      /OUTBOUND_INSECURE_HOSTS/,
    );
  });
});

describe('A request to such an address', () => {
  it('is answered with status, headers and the beginning of the body', async () => {
    const host = await listening((req, res) => {
      res.writeHead(201, { 'x-seen': String(req.headers['x-sent']) });
      req.pipe(res);
    });
    const http = outbound({ OUTBOUND_INSECURE_HOSTS: host });
    const answer = await http.send({
      url: `http://${host}/a`,
      headers: { 'x-sent': 'yes' },
      body: 'hello',
    });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-seen': 'yes' } });
    expect(answer.body.toString()).toBe('hello');
  });

  it('does not follow redirects', async () => {
    let asked = 0;
    const host = await listening((_, res) => {
      asked++;
      res.writeHead(302, { location: '/elsewhere' }).end();
    });
    const http = outbound({ OUTBOUND_INSECURE_HOSTS: host });
    await expect(http.send({ url: `http://${host}/` })).resolves.toMatchObject({ status: 302 });
    expect(asked).toBe(1);
  });

  it('reads no more of an endless answer than it was asked to', async () => {
    let isClosed = () => undefined as void;
    const closed = new Promise<void>((resolve) => (isClosed = resolve));
    const host = await listening((_, res) => {
      const block = Buffer.alloc(64 * 1024, 'a');
      const more = () => {
        while (!res.destroyed && res.write(block));
      };
      res.on('drain', more).on('close', isClosed);
      more();
    });
    const http = outbound({ OUTBOUND_INSECURE_HOSTS: host });
    const { body } = await http.send({ url: `http://${host}/`, maxBytes: 1_000_000_000 });
    expect(body).toHaveLength(64 * 1024);
    await closed;
  });

  it('fails when the receiver speaks another protocol from then on', async () => {
    const switching =
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n';
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(switching));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const closed = once(server, 'connection').then(([socket]) =>
      once(socket as TcpSocket, 'close'),
    );
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const http = outbound({ OUTBOUND_INSECURE_HOSTS: host });
    await expect(http.send({ url: `http://${host}/` })).rejects.toMatchObject({
      reason: 'connection',
    });
    await closed;
    server.close();
  });

  it('is given up when the answer does not come, or comes by the byte', async () => {
    const silent = await listening(() => undefined);
    const slow = await listening((_, res) => {
      const timer = setInterval(() => res.write('a'), 20);
      res.on('close', () => clearInterval(timer));
    });
    const http = outbound({
      OUTBOUND_INSECURE_HOSTS: `${silent},${slow}`,
      OUTBOUND_TIMEOUT_SECONDS: '0.3',
    });
    for (const host of [silent, slow]) {
      await expect(http.send({ url: `http://${host}/` })).rejects.toMatchObject({
        reason: 'timeout',
      });
    }
  });

  it('fails when the connection is reset or refused', async () => {
    const host = await listening((req) => req.socket.resetAndDestroy());
    const http = outbound({ OUTBOUND_INSECURE_HOSTS: `${host},127.0.0.1:9` });
    for (const url of [`http://${host}/`, 'http://127.0.0.1:9/', `https://${host}/`]) {
      await expect(http.send({ url })).rejects.toMatchObject({
        reason: expect.stringMatching(/^(connection|tls)$/),
      });
    }
  });
});
