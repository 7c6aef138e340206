import { PASSWORD } from './figures.mjs';

/**
 * What is measured, with the share of the hand-written server's speed that is aimed at (`aim`) and
 * hoped for later (`hoped`). `requests` makes the requests of a round for a server: of these people, with the
 * cookie and token of an anonymous form, changing these rows. `by`: who does it; default: all.
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
      people.map(({ email, device }) => ({
        method: 'POST',
        path: '/login/',
        headers: formHeaders(`${form.cookie}; ${device}`),
        body: encoded({ _csrf: form.token, email, password: PASSWORD }),
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
  {
    name: 'register',
    title: 'register (bcrypt, same cost)',
    by: ['raw', 'atrium'],
    aim: 0.7,
    hoped: 0.8,
    status: 303,
    connections: 4,
    requests: (_people, form) => [
      {
        setupRequest: (request) => {
          const email = `new.person.${newPeople++}@bench.example`;
          return {
            ...request,
            method: 'POST',
            path: '/register/',
            headers: formHeaders(form.cookie),
            body: encoded({ _csrf: form.token, email, password: PASSWORD }),
          };
        },
      },
    ],
  },
  {
    name: 'role',
    title: "change a member's role (bearer)",
    by: ['raw', 'atrium'],
    aim: 0.5,
    hoped: 0.6,
    status: 200,
    requests: (_people, _form, { members }) => [
      changing(members, (member) => {
        member.role = member.role === 'member' ? 'admin' : 'member';
        return {
          method: 'PATCH',
          path: `/api/v1/members/${member.id}`,
          headers: {
            ...authorization(member.person.bearer),
            'content-type': 'application/json',
          },
          body: JSON.stringify({ role: member.role }),
        };
      }),
    ],
  },
  {
    name: 'save',
    title: 'save a project (page form, cookie)',
    by: ['raw', 'atrium'],
    aim: 0.5,
    hoped: 0.6,
    status: 303,
    requests: (_people, _form, { projects }) => [
      changing(projects, (project) => ({
        method: 'POST',
        path: `/projects/${project.id}/edit/`,
        headers: formHeaders(project.person.cookies),
        body: encoded({
          _csrf: project.person.token,
          name: `Project, ${project.version} times changed`,
          description: 'What the house needs, and who does it.',
          status: 'active',
          due_date: '2027-03-01',
          version: project.version++,
        }),
      })),
    ],
  },
];

/** Never the same twice, for whichever server. */
let newPeople = 0;

/**
 * A request that changes one of the rows, of which each is changed by one request at a time: it is free again once
 * the answer came. One that was under way when the time was up is not used any more, as its state is not known.
 */
function changing(rows, requestOf) {
  return {
    setupRequest: (request, context) => {
      context.row = rows.shift();
      if (!context.row) throw new Error('All rows are in use: seed more of them');
      return { ...request, ...requestOf(context.row) };
    },
    onResponse: (_status, _body, context) => rows.push(context.row),
  };
}

function encoded(fields) {
  return new URLSearchParams(fields).toString();
}

function formHeaders(cookie) {
  return { 'content-type': 'application/x-www-form-urlencoded', cookie };
}

function authorization(bearer) {
  return { authorization: `Bearer ${bearer}` };
}
