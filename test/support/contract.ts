import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Response } from 'supertest';
import type { TestApp } from './app.js';

export interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security: object[];
  parameters?: Array<{ name: string; in: string; required?: boolean; schema: { enum?: string[] } }>;
  requestBody?: { content: Record<string, { schema: { $ref: string } }> };
  responses: Record<
    string,
    {
      description: string;
      headers?: Record<string, { required?: boolean }>;
      content?: Record<string, { schema: object }>;
    }
  >;
}

export interface Route extends Operation {
  method: string;
  path: string;
}

export interface ApiDescription {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<
    string,
    { post: { requestBody: { content: Record<string, { schema: object }> } } }
  >;
  components: {
    schemas: Record<string, { properties: Record<string, PropertySchema>; required?: string[] }>;
  };
}

interface PropertySchema {
  type?: string;
  example?: string;
  enum?: unknown[];
  format?: string;
  minLength?: number;
  maxLength?: number;
}

/** What the API's document promises, and whether an answer keeps it. */
export class Contract {
  readonly routes: Route[];
  /** What was answered so far: `GET /api/v1/me 200`. */
  readonly seen = new Set<string>();
  private readonly ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });

  private constructor(readonly document: ApiDescription) {
    this.routes = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        ...operation,
        method: method.toUpperCase(),
        path,
      })),
    );
    addFormats.default(this.ajv);
    this.ajv.addVocabulary(['example', 'components']);
    // Stricter than the document: a property it does not name fails.
    const { schemas } = structuredClone(document.components);
    for (const schema of Object.values(schemas)) {
      Object.assign(schema, { additionalProperties: false });
    }
    this.ajv.addSchema({ $id: 'api', components: { schemas } });
  }

  static async of(atrium: TestApp): Promise<Contract> {
    const { body } = await atrium.api().get('/api/openapi.json');
    return new Contract(body as ApiDescription);
  }

  /** @throws Error where a message of this type is not as documented; a property the document does not name fails */
  verifyMessage(type: string, message: unknown): void {
    const { schema } = this.document.webhooks[type]!.post.requestBody.content['application/json']!;
    if (this.ajv.validate(closed(schema), message)) return;
    throw new Error(`${type} is not as documented: ${this.ajv.errorsText()}`);
  }

  route(operationId: string): Route {
    const found = this.routes.find((route) => route.operationId === operationId);
    if (!found) throw new Error(`There is no operation ${operationId}`);
    return found;
  }

  /** A body that the route accepts, with no more than it requires; undefined where it takes no JSON. */
  sampleBody({ requestBody }: Route): object | undefined {
    const reference = requestBody?.content['application/json']?.schema.$ref;
    if (!reference) return undefined;
    const schema = this.document.components.schemas[reference.split('/').at(-1)!]!;
    const required = schema.required ?? [];
    return Object.fromEntries(required.map((name) => [name, sample(schema.properties[name]!)]));
  }

  /** Whether nobody gets in without a token. */
  static isClosed({ security }: Route): boolean {
    return security.length > 0 && security.every((way) => Object.keys(way).length > 0);
  }

  /** Fails unless the document says that this route may answer just so. */
  expectKept(route: Route, answer: Response): void {
    const name = `${route.method} ${route.path} ${answer.status}`;
    const documented = route.responses[String(answer.status)];
    if (!documented) throw new Error(`${name} is not documented: ${answer.text}`);
    this.seen.add(name);
    for (const [header, { required }] of Object.entries(documented.headers ?? {})) {
      if (required && !answer.get(header)) throw new Error(`${name} has no ${header}`);
    }
    if (!documented.content) {
      if (answer.text !== '') throw new Error(`${name} has a body: ${answer.text}`);
      return;
    }
    const type = answer.get('content-type')?.split(';')[0] ?? '';
    const schema = (documented.content[type] ?? documented.content['*/*'])?.schema;
    // A file, of whatever type.
    if (documented.content['*/*']) return;
    if (!schema) throw new Error(`${name} answers ${type}, which is not documented`);
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as object;
    if (!this.ajv.validate(absolute, answer.body)) {
      throw new Error(`${name} is not as documented: ${this.ajv.errorsText()}\n${answer.text}`);
    }
  }
}

const SAMPLES: Record<string, string> = {
  email: 'sample@contract.example',
  date: '2027-01-31',
  uri: 'https://contract.example/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function sample({
  type,
  enum: choices,
  format = '',
  minLength = 1,
  maxLength = 8,
  example,
}: PropertySchema) {
  if (example !== undefined) return example;
  if (choices) return choices[0];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return 1;
  return SAMPLES[format] ?? 'Sample'.padEnd(minLength, '.').slice(0, maxLength);
}

/** The schema, which refuses what it does not name at every level. */
function closed(schema: object): object {
  const inner = Object.entries(schema).map(([name, value]: [string, unknown]) => [
    name,
    value !== null && typeof value === 'object' && !Array.isArray(value) ? closed(value) : value,
  ]);
  const copy = Object.fromEntries(inner) as { type?: unknown };
  return copy.type === 'object' ? { ...copy, additionalProperties: false } : copy;
}
