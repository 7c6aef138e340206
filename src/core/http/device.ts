import Bowser from 'bowser';

export interface Device {
  browser: string | null;
  os: string | null;
  isMobile: boolean;
}

/** What a User-Agent says of itself. Anybody may say anything: good for showing, never for deciding. */
export function deviceOf(userAgent: string | null): Device {
  const device = userAgent ? Bowser.parse(userAgent) : null;
  return {
    browser: device?.browser.name || null,
    os: device?.os.name || null,
    isMobile: device?.platform.type === 'mobile' || device?.platform.type === 'tablet',
  };
}
