import type { Server } from 'node:http';
import request, { type Response } from 'supertest';

export interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** A client of the API: holds tokens, speaks JSON, has no cookies. Paths begin after `/api/v1`. */
export class ApiClient {
  tokens: Tokens | null = null;
  private readonly headers: Record<string, string> = {};

  constructor(private readonly server: Server) {}

  /** Sends this header with every request from now on. */
  with(name: string, value: string): this {
    this.headers[name] = value;
    return this;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.send('GET', path, undefined, headers);
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const address = path.startsWith('/api') || path.startsWith('/.') ? path : `/api/v1${path}`;
    const agent = request(this.server);
    const call = agent[method.toLowerCase() as 'get'](address).ok(() => true);
    if (this.tokens) void call.set('authorization', `Bearer ${this.tokens.access_token}`);
    for (const [name, value] of Object.entries({ ...this.headers, ...headers })) {
      void call.set(name, value);
    }
    if (body !== undefined) {
      const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
      if (!isRaw) void call.type('json');
      void call.send(isRaw ? body : JSON.stringify(body));
    }
    return call;
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response> {
    return this.send('POST', path, body, headers);
  }

  /** Shows this API key from now on. */
  showing(key: string): this {
    return this.with('authorization', `Bearer ${key}`);
  }

  /** Sends a form with one file. */
  upload(
    method: string,
    path: string,
    field: string,
    bytes: Buffer,
    name = 'file',
  ): Promise<Response> {
    const call = request(this.server)[method.toLowerCase() as 'put'](`/api/v1${path}`);
    if (this.tokens) void call.set('authorization', `Bearer ${this.tokens.access_token}`);
    for (const [header, value] of Object.entries(this.headers)) void call.set(header, value);
    return Promise.resolve(call.attach(field, bytes, name).ok(() => true));
  }

  /** Signs in and shows its access token from now on. */
  async login(email: string, password: string): Promise<this> {
    const answer = await this.post('/auth/login', { email, password });
    if (answer.status !== 200) throw new Error(`${email} cannot sign in: ${answer.text}`);
    this.tokens = answer.body as Tokens;
    return this;
  }
}
