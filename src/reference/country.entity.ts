import { Column, Entity, JoinTable, ManyToMany, PrimaryGeneratedColumn } from 'typeorm';
import { Currency } from './currency.entity.js';
import { Language } from './language.entity.js';
import { Timezone } from './timezone.entity.js';

@Entity('country')
export class Country {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' }) id: number;

  /** ISO 3166-1 alpha-2, and `XK` (user-assigned, in common use) for Kosovo. */
  @Column('varchar', { length: 2, unique: true }) code: string;
  /** ISO 3166-1 alpha-3. */
  @Column('varchar', { length: 3, unique: true }) code3: string;
  /** ISO 3166-1 numeric, three digits with leading zeros (Belgium is `056`). */
  @Column('varchar', { length: 3 }) numeric: string;
  /** English; people are shown `countryName(code, locale)`. */
  @Column('varchar', { length: 100 }) name: string;

  @ManyToMany(() => Language)
  @JoinTable({
    name: 'country_language',
    joinColumn: { name: 'country_id' },
    inverseJoinColumn: { name: 'language_id' },
  })
  languages: Language[];

  /** Time zones of this country; a zone has at most one country, `UTC` none. */
  @ManyToMany(() => Timezone)
  @JoinTable({
    name: 'country_timezone',
    joinColumn: { name: 'country_id' },
    inverseJoinColumn: { name: 'timezone_id' },
  })
  timezones: Timezone[];

  @ManyToMany(() => Currency)
  @JoinTable({
    name: 'country_currency',
    joinColumn: { name: 'country_id' },
    inverseJoinColumn: { name: 'currency_id' },
  })
  currencies: Currency[];
}
