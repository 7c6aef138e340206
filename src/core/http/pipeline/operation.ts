import { STATUS_CODES } from 'node:http';
import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Permission } from '../../features/names.js';
import { WorksReadOnly } from '../../entitlements/read-only.guard.js';
import { May, OpenToKeys } from '../access/access.js';
import { Tagged } from './etag.js';
import { ProblemDto } from '../api/problem.dto.js';

type RequestBody = NonNullable<Parameters<typeof ApiOperation>[0]['requestBody']>;

interface OperationOptions {
  /** `operationId`, the method name in generated clients. */
  id: string;
  summary: string;
  /** Success status and type of the body; no type where there is no body. */
  answers: [status: number, type?: Type];
  /** All error statuses. */
  refusals?: readonly number[];
  /**
   * The required permission (of a person's role or an API key), or `public`; absent: API keys are refused.
   */
  scope?: Permission | 'public';
  /** Takes no access token; a 401 is about other credentials in the request. */
  isOpen?: boolean;
  /** Public, with optional authentication. */
  isForBoth?: boolean;
  /** Answers also `text/csv` to clients that accept that rather than JSON. */
  isAlsoCsv?: true;
  /** Answers a file that somebody uploaded, of whatever type. */
  isFile?: true;
  /** Has an entity tag: 304 for a client that has it. */
  isTagged?: boolean;
  /** The request body, where it is not JSON. */
  reads?: RequestBody;
  /** Sets `Location` of the created resource (RFC 9110 §10.2.2). */
  isLocated?: boolean;
  /** Also works in an organisation that has to pay first (`@WorksReadOnly`). */
  worksReadOnly?: true;
}

/** Error statuses of reading a JSON body. */
export const BODY = [400, 413, 415, 422] as const;
/** Error statuses of a change, including 412 for `If-Match`. */
export const CHANGE = [...BODY, 412] as const;
/** Error statuses of routes that need an access token. */
export const SIGNED_IN = [401] as const;
/** Error statuses of routes that need completed onboarding or a permission. */
export const ONBOARDED = [401, 403] as const;

/** Describes a route in the API's document; a contract test compares it with the route. */
export function Operation(options: OperationOptions) {
  const { id, summary, answers, scope, isTagged = false, isLocated = false, reads } = options;
  const { worksReadOnly = false } = options;
  const [status, type] = answers;
  // 403: a key without the scope, or on a route for people only. 402: a subscription or a larger plan is required.
  const sold = scope?.endsWith(':write') && !worksReadOnly ? [402] : [];
  const open = scope === 'public' ? [] : [403];
  const refusals = new Set([...(options.refusals ?? []), ...open, ...sold]);
  const isRead = isTagged && !refusals.has(412) && status === 200;
  const limits = refusals.has(429) ? RATE_LIMIT_HEADERS : {};
  const headers = {
    ...(isTagged ? { ETag: header('Names exactly this state (RFC 9110 §8.8.3).', '"w8Gm…"') } : {}),
    ...(isLocated ? { Location: header('Where it can be read.', '/api/v1/…') } : {}),
    ...limits,
  };
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ApiOperation({
      operationId: id,
      summary,
      security: securityOf(options),
      ...(reads ? { requestBody: reads } : {}),
    }),
    ApiResponse({
      status,
      description: described(status, options),
      headers,
      ...bodyOf(type, options),
    }),
    ...(type ? [ApiExtraModels(type)] : []),
    ...(isTagged ? [Tagged()] : []),
    ...(isRead ? [ApiResponse({ status: 304, description: phrase(304) })] : []),
    ...(isRead ? [ApiHeader(IF_NONE_MATCH)] : []),
    ...(refusals.has(412) ? [ApiHeader(IF_MATCH)] : []),
    ...[...refusals].map((refusal) => problem(refusal, refusal === 429 ? limits : {})),
    ...(worksReadOnly ? [WorksReadOnly()] : []),
    ...(scope ? [scope === 'public' ? OpenToKeys() : May(scope)] : []),
  );
}

function described(status: number, { isAlsoCsv }: OperationOptions): string {
  if (!isAlsoCsv) return phrase(status);
  return (
    `${phrase(status)}. As \`text/csv\` all rows are answered at once, whatever \`limit\` and \`cursor\` say; text that a ` +
    'spreadsheet would evaluate begins with an apostrophe.'
  );
}

function bodyOf(type: Type | undefined, { isAlsoCsv, isFile }: OperationOptions) {
  if (isFile)
    return { content: { '*/*': { schema: { type: 'string' as const, format: 'binary' } } } };
  if (!type) return {};
  if (!isAlsoCsv) return { type };
  return {
    content: {
      'application/json': { schema: { $ref: getSchemaPath(type) } },
      'text/csv': { schema: { type: 'string' as const } },
    },
  };
}

function securityOf(options: OperationOptions): Array<Record<string, string[]>> {
  const { refusals = [], scope, isOpen = false, isForBoth = false } = options;
  const needsToken = refusals.includes(401) && !isOpen;
  return [
    ...(isForBoth ? [{}] : []),
    ...(needsToken ? [{ bearer: [] }] : []),
    ...(scope && scope !== 'public' ? [{ apiKey: [scope] }] : []),
  ];
}

type Headers = Record<string, ReturnType<typeof header>>;

export function problem(status: number, more: Headers = {}) {
  const headers = { ...REFUSAL_HEADERS[status], ...more };
  return ApiResponse({
    status,
    description: phrase(status),
    headers,
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
  });
}

function header(description: string, example: string | number) {
  const type = typeof example === 'number' ? ('integer' as const) : ('string' as const);
  return { description, required: true, schema: { type }, example };
}

/** Headers of draft-ietf-httpapi-ratelimit-headers-06, for the limit closest to exhaustion. */
const RATE_LIMIT_HEADERS: Headers = {
  'RateLimit-Limit': header('Tries in one window.', 10),
  'RateLimit-Remaining': header('Tries that are left in this window.', 9),
  'RateLimit-Reset': header('Seconds until the next window.', 300),
};

const REFUSAL_HEADERS: Record<number, Headers> = {
  401: { 'WWW-Authenticate': header('RFC 6750 §3.', 'Bearer realm="api"') },
  429: { 'Retry-After': header('Seconds to wait (RFC 9110 §10.2.3).', 300) },
};

const IF_NONE_MATCH = {
  name: 'If-None-Match',
  required: false,
  description: 'The `ETag` a client has: 304 when that is still how it is (RFC 9110 §13.1.2).',
  schema: { type: 'string' as const },
};

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description:
    'The `ETag` the change is made from: 412 when it is another by now (RFC 9110 §13.1.1).',
  schema: { type: 'string' as const },
};

function phrase(status: number): string {
  return STATUS_CODES[status] ?? String(status);
}
