import { Injectable, type INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { brand } from '../../brand/brand.js';
import { AppConfig } from '../../config/config.js';
import { declared } from '../../features/registry.js';
import { STEP_UP_EXTENSION } from '../access/step-up.js';
import { RATE_LIMIT_EXTENSION, scaled, type RateLimitPolicy } from '../security/rate-limits.js';

/** A request that we send, as the document describes it. */
export interface DocumentedWebhook {
  operationId: string;
  summary: string;
  /** Descriptions by name. */
  headers: Readonly<Record<string, string>>;
  /** JSON schema of the body. */
  schema: object;
}

/** The OpenAPI 3.1 document, generated from the routes at the first request. */
@Injectable()
export class ApiDocument {
  private app?: INestApplication;
  private document?: OpenAPIObject;
  private readonly webhooks = new Map<string, DocumentedWebhook>();
  private readonly descriptions = new Map<string, string>();

  constructor(private readonly config: AppConfig) {}

  /** Sets the application to describe; its modules are known only after its creation. */
  describes(app: INestApplication): void {
    this.app = app;
  }

  /** Adds a request that we send to those who want it; during module initialisation. */
  addWebhook(name: string, webhook: DocumentedWebhook): void {
    this.webhooks.set(name, webhook);
  }

  /** Describes an operation by what the declarations of the features say; during module initialisation. */
  addDescription(operationId: string, text: string): void {
    this.descriptions.set(operationId, text);
  }

  get json(): OpenAPIObject {
    return (this.document ??= this.build());
  }

  private build(): OpenAPIObject {
    if (!this.app) throw new Error('No application to describe: call describes() first');
    const header = new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle(brand.name)
      .setDescription(
        'Everything the pages do, for machines. Sign in for a short access token, show it as ' +
          '`Authorization: Bearer …`, exchange the refresh token for the next pair. ' +
          'A machine shows an API key in the same way: it acts as the organisation, where the route names ' +
          'a scope its key has; routes of people refuse it. ' +
          'Refusals are problem documents (RFC 9457) in the language of the profile or `Accept-Language`.',
      )
      .setVersion('1')
      .setLicense('MIT', 'https://opensource.org/license/mit')
      .addServer(this.config.appUrl)
      .addBearerAuth(BEARER, 'bearer')
      .addSecurity('apiKey', {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'atrium_',
        description:
          'A key an admin made under Settings → API, shown as `Authorization: Bearer atrium_…`. ' +
          'The words beside it are the scopes it needs for a route; without them the answer is 403 with ' +
          '`error="insufficient_scope"` (RFC 6750 §3.1).',
      })
      .build();
    const document = SwaggerModule.createDocument(this.app, header);
    document.paths = Object.fromEntries(
      Object.entries(document.paths).filter(([path]) => IS_API.test(path)),
    );
    for (const operation of operationsOf(document)) {
      const description = this.descriptions.get(operation.operationId);
      if (description) operation.description = description;
      const limit = operation[RATE_LIMIT_EXTENSION];
      if (typeof limit === 'string') operation[RATE_LIMIT_EXTENSION] = this.numbersOf(limit);
      // A controller may ask for it and this operation of it not.
      if (operation[STEP_UP_EXTENSION] === 'never') delete operation[STEP_UP_EXTENSION];
    }
    const webhooks = Object.fromEntries(
      [...this.webhooks].map(([name, webhook]) => [name, { post: postOf(webhook) }]),
    );
    return { ...withoutUnused(closeInputs(document)), webhooks } as OpenAPIObject;
  }

  /** What a limit is in this installation. */
  private numbersOf(name: string) {
    const { seconds, perAddress, perAccount }: RateLimitPolicy = declared('rateLimits', name);
    const many = (limit: number) => scaled(limit, this.config.RATE_LIMIT_MULTIPLIER);
    return {
      name,
      seconds,
      perAddress: many(perAddress),
      ...(perAccount === undefined ? {} : { perAccount: many(perAccount) }),
    };
  }
}

interface Described {
  operationId: string;
  description?: string;
  requestBody?: unknown;
  [RATE_LIMIT_EXTENSION]?: unknown;
  [STEP_UP_EXTENSION]?: unknown;
}

function operationsOf({ paths }: OpenAPIObject): Described[] {
  return Object.values(paths).flatMap((item) => Object.values(item) as Described[]);
}

/** The operation of a webhook: any answer of 2xx means that it has arrived. */
function postOf({ operationId, summary, headers, schema }: DocumentedWebhook) {
  return {
    operationId,
    summary,
    tags: ['Webhooks'],
    security: [],
    parameters: Object.entries(headers).map(([name, description]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string' },
    })),
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: {
      '2XX': { description: 'It has arrived.' },
      410: { description: 'The endpoint is gone, and is disabled.' },
    },
  };
}

const IS_API = /^\/api\/v1\//;

const BEARER = {
  type: 'http' as const,
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    'An access token (RFC 6750), of the type `at+jwt` and for the audience `<address>/api` (RFC 9068). ' +
    'Whoever is shown one can verify it with the keys at `/.well-known/jwks.json`.',
};

/** Removes schemas that only pages use. */
function withoutUnused(document: OpenAPIObject): OpenAPIObject {
  const schemas = document.components?.schemas ?? {};
  const used = new Set<string>();
  const follow = (part: unknown) => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (!name || used.has(name)) continue;
      used.add(name);
      follow(schemas[name]);
    }
  };
  follow(document.paths);
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  document.components = { ...document.components, schemas: Object.fromEntries(kept) };
  return document;
}

/** Marks inputs as closed, since unknown properties are refused. */
function closeInputs(document: OpenAPIObject): OpenAPIObject {
  const schemas = document.components?.schemas ?? {};
  for (const { requestBody } of operationsOf(document)) {
    const name = /"#\/components\/schemas\/(\w+)"/.exec(JSON.stringify(requestBody ?? null))?.[1];
    const schema = name ? schemas[name] : undefined;
    if (schema && !('$ref' in schema)) schema.additionalProperties = false;
  }
  return document;
}
