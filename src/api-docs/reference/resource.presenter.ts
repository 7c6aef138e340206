import { merged } from '../../core/features/registry.js';
import { codeOf, type Code } from '../samples/code.js';
import { curlSample } from '../samples/curl-sample.js';
import { sampleRequest } from '../samples/request.js';
import { typescriptSample } from '../samples/typescript-sample.js';
import {
  resolved,
  typesOf,
  type ApiOperation,
  type ApiResponse,
  type JsonSchema,
  type OpenApi,
  type RateLimitExtension,
  type Schemas,
} from './open-api.js';
import { exampleOf } from './schema-example.js';
import { fieldsOf, parameterField, type Field } from './schema-fields.js';

/** An operation as its page shows it. Texts are in the language of the document. */
export interface Operation {
  /** The anchor: `#listMembers`. */
  id: string;
  /** `/api/docs/resources/members/#listMembers` */
  href: string;
  method: string;
  /** In lower case, as part of a class name. */
  methodName: string;
  path: string;
  summary: string;
  description: string | null;
  access: OperationAccess;
  rateLimit: RateLimitExtension | null;
  parameters: Field[];
  body: { types: string[]; fields: Field[] } | null;
  answer: { status: string; phrase: string; types: string[]; fields: Field[] };
  /** Statuses of the other answers of success. */
  others: Array<{ status: string; phrase: string }>;
  refusals: string[];
  /** How it is asked for, in each language. */
  requests: Code[];
  /** The body that is answered, if there is one. */
  example: Code | null;
}

export interface OperationAccess {
  /** Takes requests without credentials. */
  isOpen: boolean;
  /** Takes an access token of a person. */
  takesPeople: boolean;
  /** The permission of a person's role, which is the scope of a key too. */
  scope: string | null;
  /** Only the role `admin` has the permission. */
  isForAdmins: boolean;
  /** Whether the person confirms first who they are; `sometimes`: it depends on what is sent. */
  stepUp: 'always' | 'sometimes' | null;
}

/** The operations of one tag, a page. */
export interface Resource {
  /** Of the address: `web-hooks`. */
  slug: string;
  title: string;
  href: string;
  operations: Operation[];
}

export const ROOT = '/api/docs/';
/** Above the page of each resource. */
export const RESOURCES = `${ROOT}resources/`;

/** What the document says, by tag in alphabetical order; operations in the order of the document. */
export function resourcesOf(document: OpenApi): Resource[] {
  const { schemas } = document.components;
  const baseUrl = document.servers[0]?.url ?? '';
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  const byTag = Map.groupBy(all, ({ operation }) => operation.tags[0] ?? document.info.title);
  return [...byTag]
    .sort(([one], [other]) => one.localeCompare(other, 'en'))
    .map(([title, inside]) => {
      const slug = slugOf(title);
      const href = `${RESOURCES}${slug}/`;
      const operations = inside.map(({ method, path, operation }) =>
        presentOperation(method, path, operation, { schemas, baseUrl, href }),
      );
      return { slug, title, href, operations };
    });
}

export function slugOf(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

interface Surroundings {
  schemas: Schemas;
  baseUrl: string;
  href: string;
}

function presentOperation(
  method: string,
  path: string,
  operation: ApiOperation,
  { schemas, baseUrl, href }: Surroundings,
): Operation {
  const { operationId, summary, description, parameters = [], responses } = operation;
  const { answer, others, refusals } = sorted(responses);
  const schema = jsonOf(answer?.[1]);
  const request = sampleRequest(method, path, operation, { schemas, baseUrl });
  const name = schema ? answerName(schema, path) : null;
  return {
    id: operationId,
    href: `${href}#${operationId}`,
    method: method.toUpperCase(),
    methodName: method.toLowerCase(),
    path,
    summary,
    description: description ?? null,
    access: accessOf(operation),
    rateLimit: operation['x-rate-limit'] ?? null,
    parameters: PLACES.flatMap((place) =>
      parameters.filter((each) => each.in === place).map((each) => parameterField(each, schemas)),
    ),
    body: bodyOf(operation, schemas),
    answer: {
      status: answer?.[0] ?? '',
      phrase: answer?.[1].description ?? '',
      types: Object.keys(answer?.[1].content ?? {}),
      fields: schema ? fieldsOf(schema, schemas) : [],
    },
    others: others.map(([status, response]) => ({ status, phrase: response.description })),
    refusals: refusals.map(([status]) => status),
    requests: [
      codeOf('curl', curlSample(request)),
      codeOf('TypeScript', typescriptSample(request, name)),
    ],
    example: schema ? codeOf('JSON', JSON.stringify(exampleOf(schema, schemas), null, 2)) : null,
  };
}

/** Where parameters belong, in the order in which they are shown. */
const PLACES = ['path', 'query', 'header', 'cookie'] as const;

type Answer = [status: string, response: ApiResponse];

function sorted(responses: ApiOperation['responses']) {
  const all: Answer[] = Object.entries(responses);
  const [answer, ...more] = all.filter(([status]) => status.startsWith('2'));
  const others = [...more, ...all.filter(([status]) => status.startsWith('3'))];
  return { answer, others, refusals: all.filter(([status]) => /^[45]/.test(status)) };
}

function jsonOf(response: ApiResponse | undefined): JsonSchema | null {
  return response?.content?.['application/json']?.schema ?? null;
}

function bodyOf({ requestBody }: ApiOperation, schemas: Schemas): Operation['body'] {
  if (!requestBody) return null;
  const schema = requestBody.content['application/json']?.schema;
  return {
    types: Object.keys(requestBody.content),
    fields: schema ? fieldsOf(schema, schemas) : [],
  };
}

function accessOf(operation: ApiOperation): OperationAccess {
  const { security = [], 'x-step-up': stepUp = null } = operation;
  const scope = security.flatMap(({ apiKey }) => apiKey ?? [])[0] ?? null;
  const roles = merged('permissions').get(operation['x-permission'] ?? '')?.roles;
  return {
    isOpen: security.length === 0 || security.some((way) => Object.keys(way).length === 0),
    takesPeople: security.some((way) => 'bearer' in way),
    scope,
    isForAdmins: roles !== undefined && !roles.includes('member'),
    stepUp,
  };
}

/** `MemberListDto` is `members` of its path, `MemberDto` is `member`: a name for the constant. */
function answerName(schema: JsonSchema, path: string): string {
  const type = schema.$ref
    ?.split('/')
    .at(-1)
    ?.replace(/(Dto|Form)$/, '');
  const name = type ?? typesOf(resolved(schema, {}))[0] ?? path.split('/').at(-1)!;
  const constant = name.charAt(0).toLowerCase() + name.slice(1);
  return RESERVED.has(constant) ? `${constant}Data` : constant;
}

/** Names that a sample has already. */
const RESERVED = new Set([
  'response',
  'process',
  'crypto',
  'fetch',
  'object',
  'function',
  'default',
]);
