import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  SecondFactors,
  type FactorCheck,
  type SecondFactor,
} from '../users/second-factors/second-factors.js';
import { PasskeyProofs } from './passkey-proofs.service.js';
import { PasskeysRepository } from './passkeys.repository.js';

/** A passkey as second factor of a sign-in by password, and as step-up. */
@Injectable()
export class PasskeyFactor implements SecondFactor, OnModuleInit {
  readonly name = 'passkey';
  readonly field = 'passkey';
  readonly position = 10;

  constructor(
    private readonly rows: PasskeysRepository,
    private readonly proofs: PasskeyProofs,
    private readonly factors: SecondFactors,
  ) {}

  onModuleInit(): void {
    this.factors.register(this);
  }

  async verify({ userId, proof, binding }: FactorCheck): Promise<boolean> {
    return (await this.proofs.verify(proof, 'second_factor', binding, userId)) !== null;
  }

  remove(userId: string, since?: Date): Promise<number> {
    return this.rows.removeAll(userId, since ?? null);
  }
}
