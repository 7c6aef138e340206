import type { SessionFlags } from '../../core/context/principal.js';

/** Where a suggestion came from. */
export type SuggestionSource = 'browser' | 'timezone' | 'geoip';

/** What the profile form starts with, and the best source among what was guessed; null: nothing was. */
export interface Suggestion {
  timezone: string | null;
  country: string | null;
  source: SuggestionSource | null;
}

/** Asks what is known of places; answered by the reference data and, where configured, GeoIP. */
export interface Places {
  isTimezone(name: string): Promise<boolean>;
  isCountry(code: string): Promise<boolean>;
  /** ISO 3166-1 alpha-2 of the country a time zone lies in. */
  countryOf(timezone: string): Promise<string | null>;
  /** By client address, from a local database only. */
  countryOfVisitor(): Promise<string | null>;
}

/**
 * Highest first: saved profile, browser hints, GeoIP. Where the region of the browser's language and the
 * time zone disagree, the zone is the better witness: many people in Brussels read en-GB.
 */
export async function suggest(
  saved: { timezone: string | null; country: string | null },
  hints: NonNullable<SessionFlags['hints']>,
  places: Places,
): Promise<Suggestion> {
  const hinted =
    hints.timezone && (await places.isTimezone(hints.timezone)) ? hints.timezone : null;
  const timezone = saved.timezone ?? hinted;
  const guess = saved.country ? null : await guessCountry(hints, timezone, places);
  const byBrowser = timezone !== saved.timezone;
  return {
    timezone,
    country: saved.country ?? guess?.country ?? null,
    source: byBrowser ? 'browser' : (guess?.source ?? null),
  };
}

async function guessCountry(
  hints: NonNullable<SessionFlags['hints']>,
  timezone: string | null,
  places: Places,
): Promise<{ country: string; source: SuggestionSource } | null> {
  const byZone = timezone && (await places.countryOf(timezone));
  if (byZone && byZone !== hints.country) return { country: byZone, source: 'timezone' };
  if (hints.country && (await places.isCountry(hints.country))) {
    return { country: hints.country, source: 'browser' };
  }
  const byAddress = await places.countryOfVisitor();
  return byAddress ? { country: byAddress, source: 'geoip' } : null;
}
