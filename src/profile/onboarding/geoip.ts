import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { open, type CountryResponse, type Reader } from 'maxmind';
import { AppConfig } from '../../core/config/config.js';

/** Looks up the country of an IP address in a local MaxMind-format file. Without `GEOIP_DB` it is unknown. */
@Injectable()
export class GeoIp implements OnModuleInit {
  private readonly log = new Logger('GeoIP');
  private reader?: Reader<CountryResponse>;

  constructor(private readonly config: AppConfig) {}

  async onModuleInit(): Promise<void> {
    const { GEOIP_DB } = this.config;
    if (!GEOIP_DB) return;
    try {
      this.reader = await open<CountryResponse>(GEOIP_DB);
    } catch (error) {
      this.log.warn(`GEOIP_DB cannot be read, nothing is suggested by address: ${String(error)}`);
    }
  }

  /** ISO 3166-1 alpha-2. */
  countryOf(ip: string | undefined): string | null {
    try {
      return (ip && this.reader?.get(ip)?.country?.iso_code) || null;
    } catch {
      return null;
    }
  }
}
