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
  lastSeenAt: Date;
  current: boolean;
}

export function presentSession(session: SessionRow, currentId: string): PresentedSession {
  const { id, kind, impersonator, userAgent, ip, lastSeenAt } = session;
  const { browser, os, program, isMobile } = deviceOf(userAgent);
  return {
    id,
    kind: kind === 'api' ? 'api' : isMobile ? 'mobile' : 'desktop',
    browser,
    os,
    program: program ?? browser,
    impersonator,
    place: ip,
    lastSeenAt,
    current: id === currentId,
  };
}
