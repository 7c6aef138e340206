import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A mail that was captured because no mail server is configured. */
@Entity('kept_mail')
// Indexes of the back office's sort orders: created by the migration.
@Index('idx_kept_mail_by_address', { synchronize: false })
export class CapturedMail {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('varchar', { length: 254 }) to: string;
  @Column('varchar', { length: 998 }) subject: string;
  /** Without the tokens of its links. */
  @Column('text') text: string;
  /** HTML of mails captured before encryption; else empty. */
  @Column('text') html: string;
  /** Encrypted text and HTML; see `MailEncryption`. */
  @Column('bytea', { nullable: true, select: false }) sealed: Buffer | null;
  @Index() @Column('timestamptz', { default: () => 'clock_timestamp()' }) createdAt: Date;
}
