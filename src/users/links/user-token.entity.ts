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

/** `not_me`: the link of a notice, for whoever did not cause what it tells. */
export type TokenPurpose = 'password_reset' | 'email_verification' | 'email_change' | 'not_me';

/** A link that was mailed: single use, short-lived, kept as a SHA-256 only. */
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

  /** The address the link was sent to: what it proves. */
  @Column('varchar', { length: 254 }) email: string;

  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) usedAt: Date | null;
}
