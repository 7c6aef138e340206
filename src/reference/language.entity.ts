import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('language')
export class Language {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'BY DEFAULT' }) id: number;

  /** ISO 639-1 (two letters) where it exists, else ISO 639-3. */
  @Column('varchar', { length: 3, unique: true }) code: string;
  /** English; people are shown `languageName(code, locale)`. */
  @Column('varchar', { length: 100 }) name: string;
}
