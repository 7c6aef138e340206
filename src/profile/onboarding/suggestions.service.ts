import { Injectable } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { ReferenceRepository } from '../../reference/reference.repository.js';
import { ProfilesService } from '../profiles.service.js';
import { GeoIp } from './geoip.js';
import { suggest, type Suggestion } from './suggestions.js';

@Injectable()
export class SuggestionsService {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly reference: ReferenceRepository,
    private readonly geoIp: GeoIp,
  ) {}

  /** Suggested values for the profile form of this person, who comes from `ip`. */
  async forProfile(
    me: Principal,
    ip: string | undefined,
  ): Promise<Suggestion & { displayName: string | null }> {
    const saved = await this.profiles.shown(me);
    const suggestion = await suggest(saved, me.flags.hints ?? {}, {
      isTimezone: async (name) => (await this.reference.findTimezone(name)) !== null,
      isCountry: async (code) => (await this.reference.findCountry(code)) !== null,
      countryOf: async (zone) => (await this.reference.countryOfTimezone(zone))?.code ?? null,
      countryOfVisitor: () => Promise.resolve(this.geoIp.countryOf(ip)),
    });
    // A saved profile contains no suggestions.
    const source = saved.profileCompletedAt === null ? suggestion.source : null;
    return { ...suggestion, source, displayName: saved.displayName };
  }
}
