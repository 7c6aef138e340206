import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Passwords } from './passwords.js';
import { SessionsService, type ClientInfo } from './sessions.service.js';
import { UsersRepository } from './users.repository.js';

@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly sessions: SessionsService,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Returns the token of a new session. Unknown address, wrong password and deactivated account get
   * the same answer after the same time. @throws DomainError `unauthenticated`
   */
  async signIn(
    { email, password }: { email: string; password: string },
    client: ClientInfo,
    kind: 'browser' | 'api' = 'browser',
  ): Promise<string> {
    const user = await this.users.credentialsByEmail(email);
    const matches = await this.passwords.verify(password, user?.passwordHash);
    const hash = user?.passwordHash;
    if (!user?.isActive || !hash || !matches) throw wrongCredentials();
    const newHash = this.passwords.isOutdated(hash) ? await this.passwords.hash(password) : null;
    return this.unitOfWork.through('identity', async () => {
      // Checking took a while: a reset meanwhile must neither be undone nor be survived.
      if (!(await this.users.signedIn(user.id, hash, newHash))) throw wrongCredentials();
      return this.sessions.start(user.id, kind, client);
    });
  }
}

function wrongCredentials(): DomainError {
  return new DomainError('unauthenticated', 'auth.errors.wrong_credentials');
}
