import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { User } from '../user.entity.js';

/** `not_me`: the link "This was not me" of a notice. */
export type TokenPurpose = 'password_reset' | 'email_verification' | 'email_change' | 'not_me';

/** A mailed link: single use, short-lived, stored as SHA-256. */
@Entity('user_token')
@Index(['userId', 'purpose'])
export class UserToken {
  @PrimaryGeneratedColumn('uuid') id: string;

  @Column('uuid') userId: string;
  @ManyToOne(() => User)
  @JoinColumn()
  user: Relation<User>;

  @Column('varchar', { length: 30 }) purpose: TokenPurpose;
  @Column('bytea', { unique: true }) tokenHash: Buffer;

  /** The address the link was sent to, which it verifies. */
  @Column('varchar', { length: 254 }) email: string;

  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) usedAt: Date | null;
}
