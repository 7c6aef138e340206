import type { SessionFlags } from '../../core/context/principal.js';

/** Source of a suggestion. */
export type SuggestionSource = 'browser' | 'timezone' | 'geoip';

/** Suggested values and their best source; null when nothing was suggested. */
export interface Suggestion {
  timezone: string | null;
  country: string | null;
  source: SuggestionSource | null;
}

/** Look-ups of places, by reference data and, where configured, GeoIP. */
export interface Places {
  isTimezone(name: string): Promise<boolean>;
  isCountry(code: string): Promise<boolean>;
  /** ISO 3166-1 alpha-2 of the country a time zone lies in. */
  countryOf(timezone: string): Promise<string | null>;
  /** Country of the client address, from a local database only. */
  countryOfVisitor(): Promise<string | null>;
}

/**
 * Precedence: saved profile, browser hints, GeoIP. Where language region and time zone disagree, the zone
 * counts: many people in Brussels use en-GB.
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
