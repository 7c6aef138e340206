import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Body,
  Controller,
  Injectable,
  Module,
  Post,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import type { Request } from 'express';
import request from 'supertest';
import { UploadGuard } from '../../../src/core/http/uploads/upload.guard.js';
import { Upload, UploadedImage } from '../../../src/core/http/uploads/upload.js';

const MIB = 1024 * 1024;

/** Form limits of the test: shorter times and smaller sizes. */
@Injectable()
class HastyUploadGuard extends UploadGuard {
  protected override readonly maxBody = 16 * MIB;
  static deadline = 60_000;
  static busy = 0;

  protected override get deadline(): number {
    return HastyUploadGuard.deadline;
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    HastyUploadGuard.busy += 1;
    try {
      // As long as finding out who is asking may take.
      if (context.switchToHttp().getRequest<Request>().url === '/slow') await sleep(100);
      return await super.canActivate(context);
    } finally {
      HastyUploadGuard.busy -= 1;
    }
  }
}

@Controller()
class Forms {
  @Post(['profile', 'slow'])
  @Upload('avatar')
  profile(@Body() body: object | undefined, @UploadedImage() image: Buffer | null) {
    return { body, size: image?.length ?? null, start: image?.toString('latin1', 0, 8) ?? null };
  }

  @Post('plain')
  plain(@Body() body: object | undefined) {
    return { body };
  }
}

@Module({ controllers: [Forms], providers: [{ provide: APP_GUARD, useClass: HastyUploadGuard }] })
class FormsModule {}

let app: INestApplication;
let server: ReturnType<INestApplication['getHttpServer']>;

beforeAll(async () => {
  app = await NestFactory.create(FormsModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  server = app.getHttpServer();
});
afterAll(() => app.close());

const post = (path = '/profile') => request(server).post(path);

describe('A form with an image', () => {
  it('brings its fields and its file', async () => {
    const form = post().field('display_name', 'Zoë Peeters').field('_csrf', 'token');
    const { body } = await form.attach('avatar', Buffer.from('\x89PNG1234'), 'me.png').expect(201);
    expect(body).toMatchObject({ body: { display_name: 'Zoë Peeters', _csrf: 'token' }, size: 9 });
  });

  it('may come without a file', async () => {
    const { body } = await post().field('a', '1').expect(201);
    expect(body).toEqual({ body: { a: '1' }, size: null, start: null });
    // What a browser sends for a file input that was left empty.
    const empty = await raw(
      part('a', '1') +
        '--X\r\nContent-Disposition: form-data; name="avatar"; filename=""\r\n' +
        'Content-Type: application/octet-stream\r\n\r\n\r\n--X--\r\n',
    );
    expect(empty.status).toBe(201);
    expect(empty.body).toContain('"size":null');
  });

  it('may come as an ordinary form too', async () => {
    const { body } = await post().type('form').send({ a: '1' }).expect(201);
    expect(body).toEqual({ body: { a: '1' }, size: null, start: null });
    await post().send().expect(201);
  });

  it('keeps a field that comes twice as a list', async () => {
    const { body } = await post().field('a', ['0', '1']).expect(201);
    expect(body.body).toEqual({ a: ['0', '1'] });
  });

  it('hands a file over 2 MiB on, so that the form can say it, but not all of it', async () => {
    const { body } = await post()
      .field('a', '1')
      .attach('avatar', Buffer.alloc(9 * MIB), 'x.png');
    expect(body).toMatchObject({ body: { a: '1' }, size: 2 * MIB + 1 });
    const exact = await post()
      .attach('avatar', Buffer.alloc(2 * MIB, 1), 'x.png')
      .expect(201);
    expect(exact.body.size).toBe(2 * MIB);
  });

  it('is refused with a file over 10 MiB', async () => {
    await post()
      .attach('avatar', Buffer.alloc(10 * MIB), 'x.png')
      .expect(201);
    await post()
      .attach('avatar', Buffer.alloc(10 * MIB + 1), 'x.png')
      .expect(413);
  });

  it('is refused with a file nobody asked for, two files, or too many fields', async () => {
    await post().attach('other', Buffer.from('1'), 'x.png').expect(400);
    const two = post().attach('avatar', Buffer.from('1'), 'x');
    await two.attach('avatar', Buffer.from('2'), 'y').expect(400);
    const many = post();
    for (let at = 0; at < 61; at += 1) void many.field(`f${at}`, '1');
    await many.expect(400);
    await post()
      .field('a', 'x'.repeat(64 * 1024))
      .expect(201);
    await post()
      .field('a', 'x'.repeat(64 * 1024 + 1))
      .expect(400);
  });

  it('cannot build objects or reach prototypes with its names', async () => {
    for (const name of [
      'a[b]',
      'a[]',
      '__proto__[x]',
      'constructor[prototype][x]',
      'a[99999999]',
    ]) {
      await post().field(name, '1').expect(400);
    }
    await post().field('__proto__', '1').expect(201);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it.each([
    ['no boundary', 'x', 'multipart/form-data'],
    ['an empty boundary', 'x', 'multipart/form-data; boundary='],
    ['another boundary', part('a', '1') + '--X--\r\n', 'multipart/form-data; boundary=Y'],
    ['no end', part('a', '1') + part('b', '2'), undefined],
    ['an end in the middle of a file', file('avatar') + 'half', undefined],
    ['no parts', 'nothing at all', undefined],
    ['a broken header', '--X\r\nContent-Disposition form-data\r\n\r\n1\r\n--X--\r\n', undefined],
    ['no name', '--X\r\nContent-Disposition: form-data\r\n\r\n1\r\n--X--\r\n', undefined],
    ['odd parameters', part('a', '1'), 'multipart/form-data; =; boundary'],
  ])('is refused, never more than that, with %s', async (_, body, type) => {
    const { status } = await raw(body, type);
    expect(status).toBeGreaterThanOrEqual(201);
    expect(status).toBeLessThan(500);
    if (type === undefined && !body.includes('--X--')) expect(status).toBe(400);
  });

  it('is refused in another multipart type, and on a route that takes no file', async () => {
    expect((await raw(part('a', '1'), 'multipart/mixed; boundary=X')).status).toBe(415);
    await post('/plain').field('a', '1').expect(415);
    await post('/plain').type('form').send({ a: '1' }).expect(201);
  });
});

describe('A form that does not arrive', () => {
  it('ends with its connection, and others are still served', async () => {
    const socket = open(1_000_000);
    socket.write(file('avatar') + 'x'.repeat(5_000));
    await sleep(50);
    socket.destroy();
    await post().field('a', '1').expect(201);
  });

  it('is not waited for when its sender left before it was read', async () => {
    const socket = open(1_000_000, '/slow');
    socket.write(file('avatar') + 'x'.repeat(5_000));
    await sleep(50);
    expect(HastyUploadGuard.busy).toBe(1);
    socket.destroy();
    await sleep(200);
    expect(HastyUploadGuard.busy).toBe(0);
  });

  it('is given up after a while', async () => {
    const { deadline } = HastyUploadGuard;
    HastyUploadGuard.deadline = 300;
    const socket = open(1_000_000);
    socket.write(file('avatar') + 'x');
    const answer = await text(socket);
    HastyUploadGuard.deadline = deadline;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(/^connection: close/im);
  });

  it('is cut off when it does not end', async () => {
    const socket = open(10_000 * MIB);
    socket.on('error', () => undefined);
    socket.write(part('a', '1') + file('other'));
    const chunk = Buffer.alloc(MIB);
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString('latin1')));
    let sent = 0;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const send = () => {
      while (!socket.destroyed && sent < 300) {
        sent += 1;
        if (!socket.write(chunk)) return void socket.once('drain', send);
      }
    };
    send();
    await closed;
    expect(sent).toBeLessThan(300);
    if (answer) expect(answer).toMatch(/^HTTP\/1\.1 4(08|13) /);
  });
});

function part(name: string, value: string): string {
  return `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function file(name: string): string {
  return `--X\r\nContent-Disposition: form-data; name="${name}"; filename="a.png"\r\n\r\n`;
}

async function raw(body: string, type = 'multipart/form-data; boundary=X') {
  const answer = await fetch(`http://127.0.0.1:${port()}/profile`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: Buffer.from(body),
  });
  return { status: answer.status, body: await answer.text() };
}

/** A connection that announces `length` bytes of a form. */
function open(length: number, path = '/profile') {
  const socket = connect(port(), '127.0.0.1');
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\n` +
      `Content-Type: multipart/form-data; boundary=X\r\nContent-Length: ${length}\r\n\r\n`,
  );
  return socket;
}

function port(): number {
  return (server.address() as AddressInfo).port;
}
