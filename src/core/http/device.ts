import Bowser from 'bowser';

export interface Device {
  browser: string | null;
  os: string | null;
  /** What is no browser says a name and a version (RFC 9110 §10.1.5): `curl 8.5.0`. */
  program: string | null;
  isMobile: boolean;
}

/** What a User-Agent says of itself. Anybody may say anything: good for showing, never for deciding. */
export function deviceOf(userAgent: string | null): Device {
  const device = userAgent ? Bowser.parse(userAgent) : null;
  return {
    browser: device?.browser.name || null,
    os: device?.os.name || null,
    program: device?.browser.name ? null : programOf(userAgent),
    isMobile: device?.platform.type === 'mobile' || device?.platform.type === 'tablet',
  };
}

function programOf(userAgent: string | null): string | null {
  const [, name, version] = /^([\w.+-]{1,60})(?:\/([\w.+-]{1,20}))?/.exec(userAgent ?? '') ?? [];
  if (!name || name === 'Mozilla') return null;
  return version ? `${name} ${version}` : name;
}
