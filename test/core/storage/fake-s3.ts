import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const BUCKET = 'uploads';
export const CREDENTIALS = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'secret/with+signs=' };
export const REGION = 'eu-west-1';

type Answer = { status: number; code: string };

/** As much of S3 as objects need. It computes Signature Version 4 anew, from what came over the wire. */
export class FakeS3 {
  readonly objects = new Map<string, { bytes: Buffer; contentType: string; at?: Date }>();
  readonly requests: string[] = [];
  /** Answers to give instead, one per request. */
  readonly next: Array<Answer | 'silence'> = [];
  private readonly server = createServer((req, res) => void this.answer(req, res));

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = Buffer.concat(await req.toArray());
    this.requests.push(`${req.method} ${req.url}`);
    const instead = this.next.shift();
    if (instead === 'silence') return;
    const isUnmeasured = req.method === 'PUT' && !req.headers['content-length'];
    const unmeasured = isUnmeasured ? { status: 411, code: 'MissingContentLength' } : null;
    const refusal = instead ?? unmeasured ?? signatureProblem(req, body);
    if (refusal) {
      fail(res, refusal);
      return;
    }
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://s3');
    if (pathname === `/${BUCKET}` && searchParams.get('list-type') === '2') {
      this.list(res, searchParams);
      return;
    }
    const [, bucket, key] = /^\/([^/]+)\/(.+)$/.exec(req.url ?? '') ?? [];
    if (bucket !== BUCKET || !key) fail(res, { status: 404, code: 'NoSuchBucket' });
    else this.serve(req, res, key, body);
  }

  /** Two at a time, so that a list has pages; what is asked for next is named in a way XML must escape. */
  private list(res: ServerResponse, asked: URLSearchParams): void {
    const keys = [...this.objects.keys()]
      .filter((key) => key.startsWith(asked.get('prefix') ?? ''))
      .sort();
    const from = Number(asked.get('continuation-token')?.split('&')[1] ?? 0);
    const contents = keys.slice(from, from + 2).map((key) => {
      const at = (this.objects.get(key)!.at ?? new Date()).toISOString();
      return `<Contents><Key>${key}</Key>\n<LastModified>${at}</LastModified><Size>6</Size></Contents>`;
    });
    const next =
      from + 2 < keys.length
        ? `<NextContinuationToken>from&amp;${from + 2}</NextContinuationToken>`
        : '';
    res.writeHead(200, { 'content-type': 'application/xml' });
    res.end(
      `<?xml version="1.0"?><ListBucketResult>${next}${contents.join('')}</ListBucketResult>`,
    );
  }

  private serve(req: IncomingMessage, res: ServerResponse, key: string, body: Buffer): void {
    const found = this.objects.get(key);
    if (req.method === 'PUT') {
      this.objects.set(key, { bytes: body, contentType: req.headers['content-type'] ?? '' });
      res.end();
    } else if (req.method === 'DELETE') {
      this.objects.delete(key);
      res.writeHead(204).end();
    } else if (found) {
      const { contentType, bytes } = found;
      const headers = { 'content-type': contentType, 'content-length': bytes.length };
      res.writeHead(200, headers).end(bytes);
    } else {
      fail(res, { status: 404, code: 'NoSuchKey' });
    }
  }
}

function fail(res: ServerResponse, { status, code }: Answer): void {
  res.writeHead(status, { 'content-type': 'application/xml' });
  res.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
}

/** Signature Version 4, as the "Authenticating Requests" chapter of the S3 API reference describes it. */
function signatureProblem(req: IncomingMessage, body: Buffer): Answer | null {
  const given =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=(\w{64})$/.exec(
      req.headers.authorization ?? '',
    );
  if (!given) return { status: 403, code: 'MissingSecurityHeader' };
  const [, id, day = '', region = '', signedHeaders = '', signature] = given;
  if (id !== CREDENTIALS.accessKeyId) return { status: 403, code: 'InvalidAccessKeyId' };
  if (region !== REGION) return { status: 301, code: 'PermanentRedirect' };
  const names = signedHeaders.split(';');
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.includes(name))) {
    return { status: 403, code: 'AccessDenied' };
  }
  const hash = sha256(body);
  if (req.headers['x-amz-content-sha256'] !== hash) {
    return { status: 400, code: 'XAmzContentSHA256Mismatch' };
  }
  const [path = '', query = ''] = (req.url ?? '').split('?');
  const time = String(req.headers['x-amz-date']);
  const canonical = [
    req.method,
    path,
    query.split('&').sort().join('&'),
    ...names.map((name) => `${name}:${String(req.headers[name]).trim()}`),
    '',
    signedHeaders,
    hash,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${CREDENTIALS.secretAccessKey}`,
  );
  const expected = hmac(key, toSign).toString('hex');
  return expected === signature ? null : { status: 403, code: 'SignatureDoesNotMatch' };
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
