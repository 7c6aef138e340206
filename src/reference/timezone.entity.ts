import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What a browser may tell as the IANA name of its time zone; whether there is one of that name, the table says. */
export const ZONE_NAME = /^[A-Za-z][\w+-]*(\/[\w+-]+){0,2}$/;

@Entity('timezone')
export class Timezone {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' }) id: number;

  /** IANA name, aliases included (`Asia/Calcutta` as well as `Asia/Kolkata`). */
  @Column('varchar', { length: 64, unique: true }) name: string;
  /** With the standard-time offset: `Europe/Brussels (UTC+01:00)`. */
  @Column('varchar', { length: 100 }) label: string;
  /** Standard time minus UTC, in seconds. */
  @Column('integer', { name: 'offset_seconds' }) offsetSeconds: number;
  /** The current name, where this one is an older spelling of the same place. */
  @Column('varchar', { name: 'alias_of', length: 64, nullable: true }) aliasOf: string | null;
}
