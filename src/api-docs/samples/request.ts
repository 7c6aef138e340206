import { bodyExampleOf, exampleOf } from '../reference/schema-example.js';
import type { ApiOperation, Parameter, Schemas } from '../reference/open-api.js';

/** A request of an operation with example values, before it is written in a language. */
export interface SampleRequest {
  method: string;
  url: string;
  /** The variable of the environment that holds the token or key; null where none is needed. */
  secret: 'API_KEY' | 'ACCESS_TOKEN' | null;
  /** Takes an `Idempotency-Key`. */
  isIdempotent: boolean;
  /** The JSON body; undefined where there is none. */
  json: unknown;
  /** The body is a picture. */
  isPicture: boolean;
}

export function sampleRequest(
  method: string,
  path: string,
  operation: ApiOperation,
  { schemas, baseUrl }: { schemas: Schemas; baseUrl: string },
): SampleRequest {
  const { parameters = [], requestBody, security = [] } = operation;
  const value = (parameter: Parameter) =>
    parameter.example ?? exampleOf(parameter.schema, schemas, parameter.name);
  const inPath = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const found = parameters.find((each) => each.in === 'path' && each.name === name);
    const isId = name === 'id' && found?.example === undefined && !found?.schema.enum;
    const shown = isId ? exampleOf({ format: 'uuid' }, schemas) : found ? value(found) : name;
    return encodeURIComponent(String(shown));
  });
  const query = new URLSearchParams(
    parameters
      .filter((each) => each.in === 'query' && each.required)
      .map((each): [string, string] => [each.name, String(value(each))]),
  );
  const json = requestBody?.content['application/json'];
  const ways = security.filter((way) => Object.keys(way).length > 0);
  const takesKeys = ways.some((way) => way.apiKey);
  return {
    method: method.toUpperCase(),
    url: `${baseUrl}${inPath}${query.size > 0 ? `?${query}` : ''}`,
    secret: takesKeys
      ? 'API_KEY'
      : ways.length > 0 && ways.length === security.length
        ? 'ACCESS_TOKEN'
        : null,
    isIdempotent: parameters.some(({ name }) => name === 'Idempotency-Key'),
    json: json && (json.example ?? bodyExampleOf(json.schema, schemas)),
    isPicture: !json && requestBody !== undefined,
  };
}
