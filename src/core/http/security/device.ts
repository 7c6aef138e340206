import Bowser from 'bowser';
import { BoundedCache } from '../../utils/bounded-cache.js';

export interface Device {
  browser: string | null;
  os: string | null;
  /** Name and version of a client that is no browser (RFC 9110 §10.1.5): `curl 8.5.0`. */
  program: string | null;
  isMobile: boolean;
}

/** Cache: lists contain the same few User-Agents, and parsing is slow. */
const known = new BoundedCache<string, Device>(500);

const UNKNOWN: Device = { browser: null, os: null, program: null, isMobile: false };

/** Parses a User-Agent. It can be forged: for display only. */
export function deviceOf(userAgent: string | null): Device {
  if (!userAgent) return UNKNOWN;
  return known.get(userAgent) ?? known.set(userAgent, parsed(userAgent));
}

function parsed(userAgent: string): Device {
  const { browser, os, platform } = Bowser.parse(userAgent);
  return {
    browser: browser.name || null,
    os: os.name || null,
    program: browser.name ? null : programOf(userAgent),
    isMobile: platform.type === 'mobile' || platform.type === 'tablet',
  };
}

function programOf(userAgent: string): string | null {
  const [, name, version] = /^([\w.+-]{1,60})(?:\/([\w.+-]{1,20}))?/.exec(userAgent) ?? [];
  if (!name || name === 'Mozilla') return null;
  return version ? `${name} ${version}` : name;
}
