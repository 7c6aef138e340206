import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';
import { DEFAULT_LOCALE, type Locale } from '../i18n/locales.js';
import type { Impersonator, Actor, ApiKeyPrincipal, Principal } from './principal.js';

/** Context of one request or job. */
export interface RequestContext {
  requestId: string;
  /** The authenticated person. */
  principal: Principal | null;
  /** The authenticated API key; `principal` is null then. */
  apiKey: ApiKeyPrincipal | null;
  locale: Locale;
  /** Organisation whose rows are visible; null: no tenant rows at all. */
  tenantId: string | null;
  /** User or API key written to the audit columns; null for the system. */
  actorId: string | null;
  /** Display name of the actor, where known. */
  actorName: string | null;
  actorKind: 'person' | 'key';
  /** The superuser who impersonates the actor. */
  staff: { id: string; name: string } | null;
  /** IP address and User-Agent of the request. */
  address: string | null;
  device: string | null;
  /** W3C trace id (32 hexadecimal digits), from the caller or generated; null without tracing. */
  traceId: string | null;
  /** The active span. */
  span: Span | null;
  /** Name of the queue during a job; null during a request. */
  job: string | null;
  /** Start in milliseconds (`performance.now()`). */
  startedAt: number;
}

const storage = new AsyncLocalStorage<RequestContext>();

const NOBODY: Readonly<RequestContext> = Object.freeze({
  requestId: '-',
  principal: null,
  apiKey: null,
  locale: DEFAULT_LOCALE,
  tenantId: null,
  actorId: null,
  actorName: null,
  actorKind: 'person',
  staff: null,
  address: null,
  device: null,
  traceId: null,
  span: null,
  job: null,
  startedAt: Infinity,
});

/** Runs `work` in a new context. */
export function runInContext<T>(scope: Partial<RequestContext>, work: () => T): T {
  return storage.run({ ...NOBODY, startedAt: performance.now(), ...scope }, work);
}

/** The context of the running request or job; outside of one, an anonymous context. */
export function currentContext(): Readonly<RequestContext> {
  return storage.getStore() ?? NOBODY;
}

/** Whether this is the context of a request or job, not the shared anonymous one. */
export function isOwnContext(scope: Readonly<RequestContext>): boolean {
  return scope !== NOBODY;
}

/** Sets the actor of the context to a person: organisation, audit actor and language follow. */
export function actAs(principal: Principal): void {
  const scope = storage.getStore();
  if (!scope) throw new Error('There is no request or job to act in');
  scope.principal = principal;
  scope.tenantId = principal.profileActive ? principal.tenantId : null;
  scope.actorId = principal.userId;
  scope.actorName = principal.displayName;
  scope.staff = principal.impersonator && {
    id: principal.impersonator.id,
    name: principal.impersonator.name,
  };
}

/** Runs `work` with the superuser as actor instead of the impersonated person. */
export function asImpersonator<T>(
  { id, name }: Pick<Impersonator, 'id' | 'name'>,
  work: () => T,
): T {
  const own = { principal: null, staff: null, tenantId: null, actorId: id, actorName: name };
  return storage.run({ ...currentContext(), ...own }, work);
}

/** Sets the trace of the context. */
export function traceAs(traceId: string | null, span: Span | null): void {
  const scope = storage.getStore();
  if (scope) Object.assign(scope, { traceId, span });
}

/** Sets the actor of the context to an API key and its organisation. */
export function actAsApiKey(machine: ApiKeyPrincipal): void {
  const scope = storage.getStore();
  if (!scope) throw new Error('There is no request or job to act in');
  scope.apiKey = machine;
  scope.tenantId = machine.tenantId;
  scope.actorId = machine.keyId;
  scope.actorName = machine.name;
  scope.actorKind = 'key';
}

/** The current actor; null when not authenticated. */
export function currentActor(): Actor | null {
  const { principal, apiKey: machine } = currentContext();
  return machine ?? principal;
}

/** ISO 4217 code of the organisation's currency; EUR where it has chosen none. */
export function currentCurrency(): string {
  return currentContext().principal?.currency ?? DEFAULT_CURRENCY;
}

const DEFAULT_CURRENCY = 'EUR';

/** Sets the language of the response. */
export function setLocale(locale: Locale): void {
  const scope = storage.getStore();
  if (scope) scope.locale = locale;
}
