import { Controller, Get, Param, Query } from '@nestjs/common';
import { DomainError } from '../core/errors/domain-error.js';
import { apiScopes } from '../core/features/registry.js';
import { Access } from '../core/http/access/access.js';
import { PROBLEM_TYPES } from '../core/http/api/problem-types.js';
import { page, type Page } from '../core/http/pipeline/answers.js';
import { Tagged } from '../core/http/pipeline/etag.js';
import { ApiReference } from './api-reference.service.js';
import { docsNav, guidePath, type DocsNav, type Guide } from './guides.js';
import { LONGEST, operationsWith, wordsTyped } from './operation-search.js';
import { ROOT } from './reference/resource.presenter.js';
import { codeOf } from './samples/code.js';
import {
  errorSamples,
  paginationSamples,
  rateLimitSamples,
  signatureSamples,
  versionSamples,
} from './samples/guide-samples.js';

const OPTIONS = { section: 'api-docs' };

/** Pages about the API, made of its OpenAPI document. Open to everybody, as the document is. */
@Controller('api/docs')
@Access('public')
@Tagged()
export class ApiDocsPageController {
  constructor(private readonly reference: ApiReference) {}

  @Get()
  overview(): Page {
    const { baseUrl, resources } = this.reference;
    const model = {
      ...this.frame('overview'),
      baseUrl,
      resources,
      first: this.reference.operation('getTenant') ?? null,
      signIn: this.reference.operation('login') ?? null,
    };
    return page('api-docs/overview', model, OPTIONS);
  }

  @Get('authentication')
  authentication(): Page {
    const model = {
      ...this.frame('authentication'),
      scopes: apiScopes(),
      signIn: this.reference.operation('login') ?? null,
      tokenRefresh: this.reference.operation('refresh') ?? null,
      secondFactor: this.reference.operation('showSecondFactor') ?? null,
      stepUp: this.reference.operation('stepUp') ?? null,
      guarded: this.reference.operations.filter(({ access }) => access.stepUp),
    };
    return page('api-docs/authentication', model, OPTIONS);
  }

  @Get('errors')
  errors(): Page {
    const { baseUrl } = this.reference;
    const model = {
      ...this.frame('errors'),
      baseUrl,
      problems: PROBLEM_TYPES,
      statuses: STATUSES,
      samples: errorSamples(baseUrl),
      example: codeOf('JSON', JSON.stringify(EXAMPLE, null, 2)),
    };
    return page('api-docs/errors', model, OPTIONS);
  }

  @Get('idempotency')
  idempotency(): Page {
    const operations = this.reference.withHeader('Idempotency-Key');
    const model = { ...this.frame('idempotency'), operations, sample: operations.at(-1) ?? null };
    return page('api-docs/idempotency', model, OPTIONS);
  }

  @Get('pagination')
  pagination(): Page {
    const samples = paginationSamples(this.reference.baseUrl);
    return page('api-docs/pagination', { ...this.frame('pagination'), samples }, OPTIONS);
  }

  @Get('versions')
  versions(): Page {
    const model = {
      ...this.frame('versions'),
      samples: versionSamples(this.reference.baseUrl),
      operations: this.reference.withHeader('If-Match'),
    };
    return page('api-docs/versions', model, OPTIONS);
  }

  @Get('rate-limits')
  rateLimits(): Page {
    const model = {
      ...this.frame('rate-limits'),
      samples: rateLimitSamples(this.reference.baseUrl),
      operations: this.reference.operations.filter(({ rateLimit }) => rateLimit),
    };
    return page('api-docs/rate-limits', model, OPTIONS);
  }

  @Get('webhooks')
  webhooks(): Page {
    const { events } = this.reference;
    const model = { ...this.frame('webhooks'), events, samples: signatureSamples() };
    return page('api-docs/webhooks', model, OPTIONS);
  }

  @Get('search')
  search(@Query('q') typed?: string | string[]): Page {
    const q = wordsTyped(typed);
    const found = operationsWith(q, this.reference.resources);
    const count = found.reduce((sum, { operations }) => sum + operations.length, 0);
    const model = { ...this.frame(null, q), found, count };
    return page('api-docs/search', model, OPTIONS);
  }

  @Get('resources/:resource')
  resource(@Param('resource') slug: string): Page {
    const { resources } = this.reference;
    const resource = resources.find((each) => each.slug === slug.toLowerCase());
    if (!resource) throw new DomainError('not_found', 'errors.not_found');
    const docs = docsNav(resources, resource.href);
    const model = { docs, resource, q: '', longest: LONGEST };
    return page('api-docs/resource', model, OPTIONS);
  }

  /** What every page has: the navigation, and the field of the search. */
  private frame(guide: Guide | null, q = ''): { docs: DocsNav; q: string; longest: number } {
    const current = guide ? guidePath(guide) : `${ROOT}search/`;
    return { docs: docsNav(this.reference.resources, current), q, longest: LONGEST };
  }
}

/** Statuses of refusals, and the texts `api-docs.errors.statuses`. */
const STATUSES = [400, 401, 402, 403, 404, 409, 410, 412, 413, 415, 422, 429, 500, 503] as const;

/** A problem document, for the page about errors. */
const EXAMPLE = {
  type: 'about:blank',
  title: 'The input cannot be accepted',
  status: 422,
  detail: 'What was sent cannot be accepted: see the errors.',
  instance: '/api/v1/invitations',
  errors: [{ pointer: '/email', detail: 'Enter an e-mail address, such as name@example.com.' }],
};
