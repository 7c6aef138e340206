import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import bcrypt from 'bcrypt';
import { Repository } from 'typeorm';
import { Session, User, UserProfile } from './entities.js';

const PROFILE = { tenant: true, language: true, timezone: true, country: true };

@Injectable()
export class PeopleService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(UserProfile) private readonly profiles: Repository<UserProfile>,
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
  ) {}

  async bySession(id: string): Promise<User> {
    const session = await this.sessions.findOne({ where: { id }, relations: { user: true } });
    if (!session || session.expiresAt < new Date()) throw new UnauthorizedException();
    return this.withProfile(session.user.id);
  }

  async byToken(token: string): Promise<User> {
    const tokenHash = sha256(token);
    const session = await this.sessions.findOne({
      where: { tokenHash },
      relations: { user: true },
    });
    if (!session || session.expiresAt < new Date()) throw new UnauthorizedException();
    return this.withProfile(session.user.id);
  }

  async signIn(email: string, password: string): Promise<string> {
    const user = await this.users
      .createQueryBuilder('user')
      .where('lower(user.email) = :email', { email: email.toLowerCase() })
      .getOne();
    if (!user || !(await bcrypt.compare(password, user.passwordHash))) {
      throw new UnauthorizedException();
    }
    const token = randomBytes(32).toString('base64url');
    await this.sessions.save({
      id: randomUUID(),
      kind: 'browser',
      tokenHash: sha256(token),
      expiresAt: new Date(Date.now() + 60 * 86_400_000),
      user,
    });
    return token;
  }

  members(tenantId: string): Promise<UserProfile[]> {
    return this.profiles.find({
      where: { tenant: { id: tenantId } },
      relations: { user: true },
      order: { displayName: 'ASC' },
      take: 50,
    });
  }

  countMembers(tenantId: string): Promise<number> {
    return this.profiles.count({ where: { tenant: { id: tenantId }, isActive: true } });
  }

  latest(tenantId: string): Promise<UserProfile[]> {
    return this.profiles.find({
      where: { tenant: { id: tenantId } },
      relations: { user: true },
      order: { tenantJoinedAt: 'DESC' },
      take: 8,
    });
  }

  private withProfile(id: string): Promise<User> {
    return this.users.findOneOrFail({ where: { id }, relations: { profile: PROFILE } });
  }
}

function sha256(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
