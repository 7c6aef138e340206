import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { DomainError } from '../../../src/core/errors/domain-error.js';
import { LocalStorage } from '../../../src/core/storage/local-storage.js';
import { sendImage } from '../../../src/core/storage/media.js';
import { newKey } from '../../../src/core/storage/storage-key.js';
import '../../../src/features.js';

const bytes = Buffer.from('RIFF....WEBP and so on');
const key = newKey('avatar');
let folder: string;
let app: express.Express;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrium-media-'));
  const storage = new LocalStorage(folder);
  await storage.put(key, bytes);
  app = express();
  app.get('/media/:kind/:name', (req, res) =>
    sendImage(storage, `${req.params.kind}/${req.params.name}`, req, res),
  );
  app.use((error: unknown, _req: express.Request, res: express.Response, next: () => void) => {
    if (error instanceof DomainError) res.status(404).send(error.kind);
    else next();
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('An image', () => {
  it('is served so that it can only be an image, and is kept for a year', async () => {
    const answer = await request(app).get(`/media/${key}`).expect(200);
    expect(answer.body).toEqual(bytes);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/webp',
      'content-length': String(bytes.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': 'inline',
      'cache-control': 'private, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('is not sent again to who has it', async () => {
    const { headers } = await request(app).get(`/media/${key}`);
    const again = request(app).get(`/media/${key}`).set('If-None-Match', String(headers.etag));
    const { text, headers: brief } = await again.expect(304);
    expect(text).toBe('');
    expect(brief['cache-control']).toContain('immutable');
    await request(app).get(`/media/${key}`).set('If-None-Match', '"other"').expect(200);
    const head = await request(app).head(`/media/${key}`).expect(200);
    expect(head.headers['content-length']).toBe(String(bytes.length));
  });

  it('that does not exist is 404, and not cached', async () => {
    for (const path of [
      newKey('avatar'),
      key.replace('avatar', 'logo'),
      'avatar/..%2f..%2fpackage.json',
      'avatar/%00.webp',
      `${key}.svg`,
      'secrets/x',
    ]) {
      const answer = await request(app).get(`/media/${path}`).expect(404);
      expect(answer.text).toBe('not_found');
      expect(answer.headers['cache-control']).toBeUndefined();
      expect(answer.headers['content-disposition']).toBeUndefined();
    }
  });
});
