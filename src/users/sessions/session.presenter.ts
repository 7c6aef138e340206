import { deviceOf } from '../../core/http/security/device.js';
import type { SessionRow } from './sessions.repository.js';

/** A session as shown to its owner: device, address, time. */
export interface PresentedSession {
  id: string;
  kind: 'desktop' | 'mobile' | 'api';
  browser: string | null;
  os: string | null;
  /** Name of an API client, where its User-Agent states one. */
  program: string | null;
  /** The superuser who impersonates the owner in this session. */
  impersonator: string | null;
  /** IP address. */
  place: string | null;
  /** What was shown in it, in that order; texts are `users.factors.<method>`. */
  methods: readonly string[];
  lastSeenAt: Date;
  current: boolean;
}

export function presentSession(session: SessionRow, currentId: string): PresentedSession {
  const { id, kind, impersonator, userAgent, ip, methods, lastSeenAt } = session;
  const { browser, os, program, isMobile } = deviceOf(userAgent);
  return {
    id,
    kind: kind === 'api' ? 'api' : isMobile ? 'mobile' : 'desktop',
    browser,
    os,
    program: program ?? browser,
    impersonator,
    place: ip,
    methods,
    lastSeenAt,
    current: id === currentId,
  };
}
