import { deviceOf } from '../../core/http/security/device.js';
import type { SessionRow } from './sessions.repository.js';

/** A session as its owner recognises it: on which device, where, when. */
export interface PresentedSession {
  id: string;
  kind: 'desktop' | 'mobile' | 'api';
  browser: string | null;
  os: string | null;
  /** Of a client of the API: the program, where it says which. */
  program: string | null;
  /** The member of staff who acts on the owner's behalf in it. */
  impersonator: string | null;
  /** The address it came from. */
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
