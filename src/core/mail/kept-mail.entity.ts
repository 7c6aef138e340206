import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A mail that was kept instead of sent, because no mail server is configured. */
@Entity('kept_mail')
// The back office walks these: the migration owns them.
@Index('idx_kept_mail_by_address', { synchronize: false })
export class KeptMail {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('varchar', { length: 254 }) to: string;
  @Column('varchar', { length: 998 }) subject: string;
  @Column('text') text: string;
  @Column('text') html: string;
  @Index() @Column('timestamptz', { default: () => 'clock_timestamp()' }) createdAt: Date;
}
