import { Injectable } from '@nestjs/common';

/** The fields of a form or body, among them those of factors. */
export type Proofs = Readonly<Record<string, unknown>>;

/** What a person shows to a factor. */
export interface FactorCheck {
  userId: string;
  /** The value of the factor's field, as sent. */
  proof: string;
  /**
   * Id of the waiting sign-in or of the session that is confirmed. A factor that answers a challenge binds the
   * challenge to it.
   */
  binding: string;
}

/**
 * A kind of second factor. A feature registers it with `SecondFactors`; sign-in, step-up and reset ask the
 * registry and know no kind by name.
 */
export interface SecondFactor {
  /** Recorded in `session.methods`; of a factor of its own also the word in the column `second_factors`. */
  readonly name: string;
  /** Form field and JSON member that carries the proof. */
  readonly field: string;
  /** Strongest first. */
  readonly position: number;
  /**
   * Whether `userId` has shown this factor now. Runs in a unit of work as the identity role, in which the account
   * is locked: single use is decided by the database here. A wrong proof rolls
   * nothing back: what was used up to look at it stays so.
   */
  verify(check: FactorCheck): Promise<boolean>;
  /**
   * Removes the person's factors of this kind, in a unit of work as the identity role; `since`: only those
   * added from that moment on. Returns how many were removed.
   */
  remove(userId: string, since?: Date): Promise<number>;
}

/** The kinds of second factors of this installation. */
@Injectable()
export class SecondFactors {
  private readonly kinds: SecondFactor[] = [];

  register(kind: SecondFactor): void {
    this.kinds.push(kind);
    this.kinds.sort((one, other) => one.position - other.position);
  }

  /** The factor whose field is filled in, the strongest where several are; null without one. */
  shownIn(input: Proofs): { factor: SecondFactor; proof: string } | null {
    for (const factor of this.kinds) {
      const proof = input[factor.field];
      if (typeof proof === 'string' && proof !== '') return { factor, proof };
    }
    return null;
  }

  /**
   * Removes the person's factors of every kind (recovery codes too), in a unit of work as the identity role.
   * Returns the names of kinds of which some were removed.
   */
  async removeAll(userId: string, since?: Date): Promise<string[]> {
    const removed: string[] = [];
    for (const kind of this.kinds) {
      if ((await kind.remove(userId, since)) > 0) removed.push(kind.name);
    }
    return removed;
  }
}
