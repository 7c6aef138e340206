import { PASSWORD } from './figures.mjs';

/**
 * What is measured, with the share of the hand-written server's speed that is aimed at (`aim`) and
 * hoped for later (`hoped`). `requests` makes the requests of a round for a server.
 */
export const WORKS = [
  {
    name: 'health',
    title: 'GET /health, with a database ping',
    aim: 0.6,
    hoped: 0.7,
    requests: () => [{ path: '/health' }],
  },
  {
    name: 'me',
    title: 'GET /api/v1/me (bearer)',
    aim: 0.65,
    hoped: 0.8,
    requests: (people) =>
      people.map(({ bearer }) => ({ path: '/api/v1/me', headers: authorization(bearer) })),
  },
  {
    name: 'dashboard',
    title: 'dashboard page (cookie)',
    aim: 0.6,
    hoped: 0.75,
    requests: (people) =>
      people.map(({ cookies }) => ({ path: '/dashboard/', headers: { cookie: cookies } })),
  },
  {
    name: 'sign-in',
    title: 'sign-in (bcrypt, same cost)',
    aim: 0.95,
    hoped: 0.98,
    status: 303,
    connections: 4,
    requests: (people, form) =>
      people.map(({ email }) => ({
        method: 'POST',
        path: '/login/',
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: form.cookie },
        body: new URLSearchParams({ _csrf: form.token, email, password: PASSWORD }).toString(),
      })),
  },
  {
    name: 'members',
    title: 'member list of 50 (bearer)',
    aim: 0.7,
    hoped: 0.8,
    requests: (people) =>
      people.map(({ bearer }) => ({
        path: '/api/v1/members?limit=50',
        headers: authorization(bearer),
      })),
  },
];

function authorization(bearer) {
  return { authorization: `Bearer ${bearer}` };
}
