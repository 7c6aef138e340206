import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { User } from './entities.js';
import { PeopleService } from './people.service.js';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(private readonly people: PeopleService) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: process.env.PUBLIC_KEY ?? '',
      algorithms: ['ES256'],
    });
  }

  validate({ sid }: { sid: string }): Promise<User> {
    return this.people.bySession(sid);
  }
}
