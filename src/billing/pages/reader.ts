import type { Principal } from '../../core/context/principal.js';
import { currentContext } from '../../core/context/request-context.js';
import type { Reader } from './standing.presenter.js';

/** Whoever looks: amounts and dates are written for them. */
export function readerOf(me: Principal): Reader {
  return { locale: currentContext().locale, timeZone: me.timezone ?? 'UTC', now: new Date() };
}
