import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('currency')
export class Currency {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' }) id: number;

  /** ISO 4217, list one (active currencies and funds). */
  @Column('varchar', { length: 3, unique: true }) code: string;
  /** ISO 4217, three digits with leading zeros. Not unique over time: a successor may inherit it. */
  @Column('varchar', { length: 3 }) numeric: string;
  /** English; people are shown `currencyName(code, locale)`. */
  @Column('varchar', { length: 100 }) name: string;
  /** Decimal digits of the minor unit: 2 for EUR (cents), 0 for JPY. */
  @Column('smallint', { name: 'minor_units' }) minorUnits: number;
}
