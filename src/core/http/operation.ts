import { STATUS_CODES } from 'node:http';
import { UseInterceptors, applyDecorators, type Type } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
  getSchemaPath,
} from '@nestjs/swagger';
import type { ApiScope } from '../context/api-scopes.js';
import { Scope } from './access.js';
import { EtagInterceptor } from './etag.js';
import { ProblemDto } from './problem.dto.js';

interface OperationOptions {
  /** `operationId`: what generated clients call it. */
  id: string;
  summary: string;
  /** The status of success, and what it answers; nothing where there is no body. */
  answers: [status: number, type?: Type];
  /** Every status it can refuse with. */
  refusals?: readonly number[];
  /** What an API key must be allowed for it, or `public`; left out, it is for people and refuses keys. */
  scope?: ApiScope | 'public';
  /** Takes no access token: 401 is about what it was sent instead. */
  isOpen?: boolean;
  /** Tagged: 304 to a client that has it already, where it is read. */
  isTagged?: boolean;
}

/** What reading a JSON body can be refused with. */
export const BODY = [400, 413, 415, 422] as const;
/** What a change can be refused with: `If-Match` names another state than the present one. */
export const CHANGE = [...BODY, 412] as const;
/** What a route of one's own can be refused with: no token that counts. */
export const SIGNED_IN = [401] as const;
/** Likewise, where onboarding comes first. */
export const ONBOARDED = [401, 403] as const;

/** Describes a route in the API's document; a contract test holds the route to it. */
export function Operation(options: OperationOptions) {
  const { id, summary, answers, scope, isOpen = false, isTagged = false } = options;
  const [status, type] = answers;
  // A key that lacks the scope, or is shown where people only are meant to be.
  const refusals = new Set([...(options.refusals ?? []), ...(scope === 'public' ? [] : [403])]);
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ApiOperation({ operationId: id, summary }),
    ApiResponse({ status, description: phrase(status), ...(type ? { type } : {}) }),
    ...(isTagged ? [UseInterceptors(EtagInterceptor)] : []),
    ...(isTagged && !refusals.has(412)
      ? [ApiResponse({ status: 304, description: phrase(304) })]
      : []),
    ...[...refusals].map((refusal) => problem(refusal)),
    ...(refusals.has(401) && !isOpen ? [ApiBearerAuth('bearer')] : []),
    ...(scope ? [Scope(scope)] : []),
    ...(scope && scope !== 'public' ? [ApiSecurity('apiKey', [scope])] : []),
  );
}

export function problem(status: number) {
  return ApiResponse({
    status,
    description: phrase(status),
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
  });
}

function phrase(status: number): string {
  return STATUS_CODES[status] ?? String(status);
}
