/** The parts of an OpenAPI 3.1 document that its pages show. */
export interface OpenApi {
  info: { title: string; description?: string; version: string };
  servers: Array<{ url: string }>;
  paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  webhooks?: Readonly<Record<string, { post: ApiOperation }>>;
  components: { schemas: Readonly<Record<string, JsonSchema>> };
}

export interface ApiOperation {
  operationId: string;
  summary: string;
  description?: string;
  tags: readonly string[];
  /** Ways in, each enough by itself; `{}` is the one without credentials. */
  security?: ReadonlyArray<Readonly<Record<string, readonly string[]>>>;
  parameters?: readonly Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Readonly<Record<string, ApiResponse>>;
  'x-step-up'?: 'always' | 'sometimes';
  'x-permission'?: string;
  'x-rate-limit'?: RateLimitExtension;
}

/** How often an operation may be asked for, as `ApiDocument` writes it. */
export interface RateLimitExtension {
  name: string;
  seconds: number;
  perAddress: number;
  perAccount?: number;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
}

export interface ApiResponse {
  description: string;
  headers?: Readonly<Record<string, { description?: string; schema?: JsonSchema }>>;
  content?: Content;
}

export type Content = Readonly<Record<string, { schema: JsonSchema; example?: unknown }>>;

export interface JsonSchema {
  $ref?: string;
  type?: string | readonly string[];
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  allOf?: readonly JsonSchema[];
  enum?: readonly unknown[];
  const?: unknown;
  format?: string;
  description?: string;
  example?: unknown;
  default?: unknown;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
}

export type Schemas = OpenApi['components']['schemas'];

/** The schema that a reference leads to, whose own words about it win. */
export function resolved(schema: JsonSchema, schemas: Schemas): JsonSchema {
  if (schema.allOf?.length === 1)
    return { ...resolved(schema.allOf[0]!, schemas), ...about(schema) };
  if (!schema.$ref) return schema;
  const found = schemas[schema.$ref.split('/').at(-1)!] ?? {};
  return { ...resolved(found, schemas), ...about(schema) };
}

function about({ description, example }: JsonSchema): JsonSchema {
  return {
    ...(description === undefined ? {} : { description }),
    ...(example === undefined ? {} : { example }),
  };
}

/** Types without `null`, by their JSON names. */
export function typesOf({ type }: JsonSchema): string[] {
  return [type ?? []].flat().filter((each) => each !== 'null');
}

/** The alternatives of a schema without `null`. */
export function choicesOf({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] {
  return (anyOf ?? oneOf ?? []).filter(({ type }) => type !== 'null');
}

export function isNullable(schema: JsonSchema): boolean {
  const all = schema.anyOf ?? schema.oneOf ?? [];
  return [schema.type ?? []].flat().includes('null') || all.some(({ type }) => type === 'null');
}
