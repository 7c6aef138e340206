import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';
import { DEFAULT_LOCALE, type Locale } from '../i18n/locales.js';
import type { Impersonator, Actor, ApiKeyPrincipal, Principal } from './principal.js';

/** What is true for everything done on behalf of one request or job. */
export interface RequestContext {
  requestId: string;
  /** The person who is asking. */
  principal: Principal | null;
  /** The machine that is asking; then there is no person. */
  apiKey: ApiKeyPrincipal | null;
  locale: Locale;
  /** Organisation whose rows may be seen; null shows no tenant rows at all. */
  tenantId: string | null;
  /** User, or API key, the audit columns name; null for the system itself. */
  actorId: string | null;
  /** What people call the actor, where that is known. */
  actorName: string | null;
  actorKind: 'person' | 'key';
  /** The member of staff who acts as the actor, on their behalf. */
  staff: { id: string; name: string } | null;
  /** What is visited, by a request that only reads. */
  pageVisit: { address: string } | null;
  /** Where the request came from: its IP address, and what the client calls itself (User-Agent). */
  address: string | null;
  device: string | null;
  /** W3C trace id (32 hexadecimal digits), the caller's or our own; null where nobody traces. */
  traceId: string | null;
  /** What is traced right now. */
  span: Span | null;
  /** Name of the queue, where a job and not a request is at work. */
  job: string | null;
  /** When it began, in milliseconds of this process (`performance.now()`). */
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
  pageVisit: null,
  address: null,
  device: null,
  traceId: null,
  span: null,
  job: null,
  startedAt: Infinity,
});

/** Runs `work` in a scope of its own. */
export function runInContext<T>(scope: Partial<RequestContext>, work: () => T): T {
  return storage.run({ ...NOBODY, startedAt: performance.now(), ...scope }, work);
}

/** The scope of the running request or job; outside of one, nobody's. */
export function currentContext(): Readonly<RequestContext> {
  return storage.getStore() ?? NOBODY;
}

/** Whether this is the scope of one request or job, and not everybody's. */
export function isOwnContext(scope: Readonly<RequestContext>): boolean {
  return scope !== NOBODY;
}

/** From here on the scope speaks for `principal`: sees their organisation, stamps their id. */
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

/** Runs `work` in the name of the staff themselves, who until now acted on behalf of somebody. */
export function asImpersonator<T>(
  { id, name }: Pick<Impersonator, 'id' | 'name'>,
  work: () => T,
): T {
  const own = { principal: null, staff: null, tenantId: null, actorId: id, actorName: name };
  return storage.run({ ...currentContext(), ...own }, work);
}

/** The trace that the scope is part of. */
export function traceAs(traceId: string | null, span: Span | null): void {
  const scope = storage.getStore();
  if (scope) Object.assign(scope, { traceId, span });
}

/** From here on the scope speaks for a machine: it sees its organisation, and its key is the actor. */
export function actAsApiKey(machine: ApiKeyPrincipal): void {
  const scope = storage.getStore();
  if (!scope) throw new Error('There is no request or job to act in');
  scope.apiKey = machine;
  scope.tenantId = machine.tenantId;
  scope.actorId = machine.keyId;
  scope.actorName = machine.name;
  scope.actorKind = 'key';
}

/** Who is asking, person or machine; null for a stranger. */
export function currentActor(): Actor | null {
  const { principal, apiKey: machine } = currentContext();
  return machine ?? principal;
}

/** The language answers are given in from here on. */
export function setLocale(locale: Locale): void {
  const scope = storage.getStore();
  if (scope) scope.locale = locale;
}
