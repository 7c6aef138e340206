import request from 'supertest';
import type { TestApp } from '../../support/app.js';
import { discoverRoutes } from '../../isolation/routes.js';
import type { Proof } from './matrix.js';
import { comer, waitingFor } from './ways-in.js';

const ID = '0197a1b2-0000-7000-8000-000000000000';
const CLOSED = new Set(['self', 'permitted', 'staff']);

/**
 * Every route that asks who somebody is, with a sign-in that waits: as its own cookie, as a session's, and as
 * an access token.
 */
export async function proveNoRouteWorks(atrium: TestApp): Promise<Proof> {
  const person = await comer(atrium, 'authenticator app');
  const token = (await waitingFor(atrium, person)).cookie('pending')!;
  const problems: string[] = [];
  const routes = discoverRoutes(atrium.app).filter(({ access }) => CLOSED.has(access ?? ''));
  for (const { method, path } of routes) {
    const url = path.replaceAll(/:\w+/g, ID);
    for (const headers of [
      { cookie: `atrium_pending=${token}` },
      { cookie: `atrium_session=${token}` },
      { authorization: `Bearer ${token}` },
    ]) {
      const agent = request(atrium.server);
      const call = agent[method.toLowerCase() as 'get'](url);
      const answer = await call
        .set(headers)
        .redirects(0)
        .ok(() => true);
      const isToLogin = (answer.get('location') ?? '').startsWith('/login/');
      if (answer.status < 400 && !isToLogin) {
        problems.push(`${method} ${path} answered ${answer.status} to a sign-in that waits`);
      }
    }
  }
  return {
    tried: [`${routes.length} routes, three ways each: none works with a sign-in that waits`],
    problems: routes.length > 80 ? problems : [`only ${routes.length} routes were found`],
  };
}
