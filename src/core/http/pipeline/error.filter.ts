import {
  Catch,
  HttpException,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppConfig } from '../../config/config.js';
import { currentContext } from '../../context/request-context.js';
import { isRefusedBy, isUnavailable } from '../../database/database-errors.js';
import { DomainError, HiddenRefusal, type Refusal } from '../../errors/domain-error.js';
import { auditFieldText } from '../../features/declared-texts.js';
import type { TextKey } from '../../i18n/text-keys.js';
import { Translator } from '../../i18n/translator.js';
import { ErrorReporter } from '../../telemetry/error-reporter.js';
import type { SecurityEvent } from '../../telemetry/security-event.js';
import { SecurityEvents } from '../../telemetry/security-events.js';
import { routeOf } from '../../telemetry/route-of.js';
import { redirect } from './answer-adapter.js';
import { Redirect, page } from './answers.js';
import { isApi, isBackOffice } from '../api/api-path.js';
import { ApiRefusal } from '../api/api-refusal.js';
import { Csrf } from '../security/csrf.js';
import { ForgedRequest } from '../security/csrf.guard.js';
import { Flashes } from '../forms/flash.js';
import type { FormProblem } from '../forms/form.js';
import { ImpersonationRefusal } from '../../errors/impersonation-refusal.js';
import { InvalidInput } from '../forms/invalid-input.js';
import { allowedMethods } from './method-not-allowed.js';
import { PageRenderer } from '../pages/page-renderer.js';
import { problemType, type ProblemType } from '../api/problem-types.js';
import { pointerTo, statusOf, type Problem } from '../api/problem.js';
import { returnPath } from '../security/return-path.js';
import { SignInRequired } from '../access/sign-in-required.js';
import { filledIn, typedFormOf } from '../forms/typed-form.js';
import { Authenticator } from '../access/authenticator.js';

/** A failure: status, and a text key more precise than the status. */
interface Failure {
  status: number;
  key?: TextKey;
  args?: Record<string, unknown>;
  retryAfter?: number;
  /** The view, where the error has a page of its own; it gets the text. */
  view?: string;
  /** Type, members and errors of the problem document, where they differ from those of the status. */
  problem?: Partial<Problem>;
}

/** The organisation was closed after the guards let the request through: the database refuses what would open it. */
function asRefusal(error: unknown): unknown {
  if (!isRefusedBy(error, 'tenant_is_open')) return error;
  return new DomainError('closed', 'errors.organisation_closed');
}

/**
 * Handles every error: an error page for people, a problem document for API clients. Only unexpected errors
 * are 500 and logged as errors.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = new Logger('Errors');

  constructor(
    private readonly pages: PageRenderer,
    private readonly flashes: Flashes,
    private readonly authenticator: Authenticator,
    private readonly texts: Translator,
    private readonly errors: ErrorReporter,
    private readonly security: SecurityEvents,
    private readonly csrf: Csrf,
    private readonly config: AppConfig,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const req = host.switchToHttp().getRequest<Request>();
    const res = host.switchToHttp().getResponse<Response>();
    if (res.headersSent) {
      res.destroy();
      return;
    }
    if (error instanceof Redirect) {
      res.end(redirect(res, error, this.flashes));
      return;
    }
    if (error instanceof SignInRequired) {
      res.send(await this.pages.render(req, res, error.page));
      return;
    }
    const failure = await this.read(asRefusal(error), req, res);
    const event = securityEventOf(error);
    if (event) {
      const { status } = failure;
      this.security.note(event, { method: req.method, route: routeOf(req), status });
    }
    const challenge = challengeOf(error, failure.status);
    if (challenge) res.setHeader('WWW-Authenticate', challenge);
    if (failure.retryAfter) res.setHeader('Retry-After', String(failure.retryAfter));
    if (wantsProblem(req)) this.sendProblem(req, res, failure);
    else await this.sendPage(req, res, failure);
  }

  private async read(error: unknown, req: Request, res: Response): Promise<Failure> {
    if (error instanceof DomainError) {
      const { key, details } = error;
      return {
        status: statusOf(error),
        key,
        ...(details.args ? { args: details.args } : {}),
        ...(details.retryAfter ? { retryAfter: details.retryAfter } : {}),
        ...(error instanceof ImpersonationRefusal ? { view: 'on-behalf' } : {}),
        ...(error.kind === 'closed' ? { view: 'closed' } : {}),
        problem: this.details(error),
      };
    }
    if (error instanceof ForgedRequest) return { status: 419 };
    if (isUnavailable(error)) {
      this.log.warn(`The database could not do it now: ${(error as Error).message}`);
      return { status: 503, retryAfter: 5 };
    }
    const status = statusFrom(error);
    if (status === 404) {
      const methods = allowedMethods(req);
      if (methods.length > 0 && (await this.mayKnow(req))) {
        res.setHeader('Allow', methods.join(', '));
        return { status: 405 };
      }
    }
    if (status >= 500) {
      this.log.error(error instanceof Error ? (error.stack ?? error.message) : error);
      this.errors.report(error, `${req.method} ${routeOf(req)}`);
    }
    return { status };
  }

  /** The back office does not exist (404) for anybody but staff, whatever the method. */
  private async mayKnow(req: Request): Promise<boolean> {
    if (!isBackOffice(req)) return true;
    await this.authenticator.authenticate(req).catch(() => undefined);
    return currentContext().principal?.isStaff ?? false;
  }

  /** Adds the kind of refusal and the fields it is about to the problem document. */
  private details(error: DomainError): Partial<Problem> {
    if (error instanceof ApiRefusal) return error.problem;
    if (error instanceof InvalidInput) {
      return { errors: error.problems.map((problem) => this.fieldError(problem)) };
    }
    const { key, details } = error;
    const type = TYPES[error.kind];
    if (type) return { type: problemType(type, this.config.appUrl) };
    if (!details.field) return {};
    return { errors: [this.fieldError({ field: details.field, key, args: details.args ?? {} })] };
  }

  private fieldError({ field, key, args }: FormProblem): { pointer: string; detail: string } {
    return { pointer: pointerTo(field), detail: this.texts.t(key, args) };
  }

  private async sendPage(req: Request, res: Response, failure: Failure): Promise<void> {
    await this.authenticator.authenticate(req).catch(() => undefined);
    const { status, key, args } = failure;
    const general = PAGES.has(status) ? String(status) : status >= 500 ? '500' : '400';
    const { view = general } = failure;
    // A form from another site is neither shown nor offered to be sent again.
    const typed = KEEPS_TYPED.has(view) && this.csrf.isFromHere(req) ? typedFormOf(req) : null;
    const seconds = Number(res.getHeader('Retry-After')) || null;
    const model = {
      status,
      text: key && this.texts.t(key, args),
      retryAfterMinutes: seconds && Math.ceil(seconds / 60),
      requestId: currentContext().requestId,
      // The URL a form was sent to may not answer GET.
      backUrl: returnPath(req) ?? '/',
      typed,
      filledIn:
        typed && filledIn(typed).map(({ name, value }) => ({ label: this.labelOf(name), value })),
    };
    res.send(await this.pages.render(req, res, page(`errors/${view}`, model, { status })));
  }

  private sendProblem(req: Request, res: Response, failure: Failure): void {
    const { status, key, args } = failure;
    const problem: Problem = {
      type: 'about:blank',
      title: this.texts.t(`errors.problem.${isTitled(status) ? status : 400}`),
      status,
      ...(key ? { detail: this.texts.t(key, args) } : {}),
      instance: instanceOf(req),
      ...failure.problem,
    };
    res.status(status).type('application/problem+json').send(JSON.stringify(problem));
  }

  /** The label of a field, where one exists: the form itself is unknown here. */
  private labelOf(field: string): string {
    const label = auditFieldText(field);
    return label ? this.texts.t(label) : field;
  }
}

/** Refusals that clients tell apart by their type. */
const TYPES: Partial<Record<Refusal, ProblemType>> = {
  closed: 'organization-closed',
  subscription_required: 'subscription-required',
  limit_reached: 'limit-reached',
};

/** Error views that show the typed values. */
const KEEPS_TYPED = new Set(['402', '419', 'closed', 'on-behalf']);
const PAGES = new Set([400, 402, 403, 404, 410, 419, 429, 500, 503]);
const TITLED = [
  400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 419, 422, 429, 500, 503,
] as const;

function isTitled(status: number): status is (typeof TITLED)[number] {
  return (TITLED as readonly number[]).includes(status);
}

/** The security event of an error; rate limits report theirs where they count. */
function securityEventOf(error: unknown): SecurityEvent | null {
  if (error instanceof ForgedRequest) return 'csrf_refused';
  if (error instanceof HiddenRefusal) return 'access_refused';
  if (error instanceof DomainError) return EVENTS[error.kind] ?? null;
  return null;
}

const EVENTS: Partial<Record<Refusal, SecurityEvent>> = {
  unauthenticated: 'unauthenticated',
  forbidden: 'access_refused',
  not_found: 'not_found',
};

/** Whether the answer is a problem document: for the API, and for scripts that accept JSON. */
function wantsProblem(req: Request): boolean {
  if (isApi(req)) return true;
  const accept = req.get('accept') ?? '';
  return /\bapplication\/(problem\+)?json\b/.test(accept) && !accept.includes('text/html');
}

/** Errors of Nest and of body parsers carry a status; anything else is unexpected (500). */
function statusFrom(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof URIError) return 400;
  const { status, expose } = (error ?? {}) as { status?: unknown; expose?: unknown };
  return typeof status === 'number' && expose === true && status >= 400 && status < 500
    ? status
    : 500;
}

/** `WWW-Authenticate` (RFC 6750 §3) for a 401, with the error when a token was sent. */
function challengeOf(error: unknown, status: number): string | null {
  const detail = error instanceof ApiRefusal ? error.challenge : undefined;
  if (detail) return `Bearer realm="api", ${detail}`;
  return status === 401 ? 'Bearer realm="api"' : null;
}

/** `instance` as a URI reference (RFC 3986): invalid characters are encoded, and the length is limited. */
function instanceOf(req: Request): string {
  return req.path
    .slice(0, 500)
    .replace(/%[0-9a-f]?$/i, '')
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(/[^\w\-.~!$&'()*+,;=:@/%]/g, encodeURIComponent);
}
