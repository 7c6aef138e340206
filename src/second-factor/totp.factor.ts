import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import { SecretBox } from '../core/crypto/secret-box.js';
import {
  SecondFactors,
  type FactorCheck,
  type SecondFactor,
} from '../users/second-factors/second-factors.js';
import { stepOf } from './totp.js';
import { TotpRepository } from './totp.repository.js';

/** Codes of an authenticator app (RFC 6238). Seeds are encrypted at rest. */
@Injectable()
export class TotpFactor implements SecondFactor, OnModuleInit {
  readonly name = 'totp';
  readonly field = 'code';
  readonly position = 20;
  private readonly secretBox: SecretBox;

  constructor(
    private readonly rows: TotpRepository,
    private readonly factors: SecondFactors,
    config: AppConfig,
  ) {
    this.secretBox = new SecretBox(config.secret, 'seeds of authenticator apps');
  }

  onModuleInit(): void {
    this.factors.register(this);
  }

  async verify({ userId, proof }: FactorCheck): Promise<boolean> {
    const row = await this.rows.find(userId);
    const seed = row && this.secretBox.decrypt(row.seed, userId);
    const step = seed && stepOf(seed, proof);
    return step !== null && this.rows.use(userId, step);
  }

  /** Adds the app of this seed, confirmed by the code of `step`; false when the person has one. */
  add(userId: string, seed: Buffer, step: number): Promise<boolean> {
    return this.rows.add(userId, this.secretBox.encrypt(seed, userId), step);
  }

  remove(userId: string, since?: Date): Promise<number> {
    return this.rows.remove(userId, since ?? null);
  }
}
