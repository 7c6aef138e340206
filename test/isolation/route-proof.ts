import type pg from 'pg';
import { apiScopes, permissionsOf } from '../../src/core/features/registry.js';
import { isApi } from '../../src/core/http/api/api-path.js';
import { newApiKey } from '../../src/api-keys/api-key-secret.js';
import { AccessTokensService } from '../../src/users/access-tokens/access-tokens.service.js';
import { newToken } from '../../src/users/access-tokens/tokens.js';
import type { TestApp } from '../support/app.js';
import { Sight, type Browser } from '../support/browser.js';
import { readCatalogue, type Catalogue, type Table } from './catalogue.js';
import type { Typed } from '../support/samples.js';
import { ACTS, ID_FIELDS, OPEN, PARAMETERS, QUERIES, typedFor } from './route-declarations.js';
import { discoverRoutes, unknownRoutes, type Route } from './routes.js';
import { holdsOwners, insertStatement, rowFor, seed, type Kinds, type Seeded } from './seed.js';

export interface Attempt {
  route: Route;
  actor: Actor;
  status: number;
  problem: string | null;
}

export interface RouteProof {
  attempts: Attempt[];
  problems: string[];
}

/** The callers that request A's rows. The last one belongs to A and shows that the ids are valid. */
export const ACTORS = [
  'anonymous',
  'member of B',
  'admin of B',
  'machine of B',
  'admin of A',
] as const;
export type Actor = (typeof ACTORS)[number];
type Person = Exclude<Actor, 'anonymous' | 'machine of B'>;

/** Every route (`below` a path) with the ids of organisation A: what others get to see and what they change of it. */
export async function proveRoutes(atrium: TestApp, kinds: Kinds, below = '/'): Promise<RouteProof> {
  const { owner } = atrium.database;
  const catalogue = await readCatalogue(owner);
  const a = await seed(owner, catalogue, kinds, 'A');
  const b = await seed(owner, catalogue, kinds, 'B');
  const all = discoverRoutes(atrium.app);
  const routes = all.filter(({ path }) => path.startsWith(below));
  const problems = [
    ...unknownRoutes(atrium.app, all).map((path) => `${path} is known to no controller`),
    ...routes.flatMap(undeclared),
  ];
  const visits = new Visits(atrium, owner, {
    a,
    b,
    memberOfB: await memberOf(owner, catalogue, b),
  });
  const rows = new Rows(owner, catalogue.tables, kinds, a);
  const attempts: Attempt[] = [];
  let before = await rows.fingerprint();
  for (const actor of ACTORS) {
    for (const route of routes) {
      if (undeclared(route).length > 0 || (actor === 'admin of A' && !isShownId(route))) continue;
      // API keys have no browser session.
      if (actor === 'machine of B' && !isApi(route)) continue;
      for (const act of ACTS[route.path] ?? [{}]) {
        const seen = await visits.send(actor, route, act);
        const after = actor === 'admin of A' ? before : await rows.fingerprint();
        const problem = judge(route, actor, seen, rows.changedSince(before, after), a);
        const name = [route.method, route.path, ...Object.values(act)].join(' ');
        before = after;
        if (problem) problems.push(`${actor}: ${name}: ${problem}`);
        attempts.push({ route, actor, status: seen.status, problem });
        if (route.method === 'GET') break;
      }
    }
  }
  return { attempts, problems };
}

/** One more person of the organisation, who is no admin. */
async function memberOf(owner: pg.Pool, { tables }: Catalogue, tenant: Seeded): Promise<string> {
  const table = tables.find(({ name }) => name === 'user_profile')!;
  const values = { ...(await rowFor(owner, tables, table, tenant)), role: 'member' };
  const { text, parameters } = insertStatement(table, values);
  const { rows } = await owner.query<{ user_id: string }>(`${text} RETURNING user_id`, parameters);
  return rows[0]!.user_id;
}

function isForAdmins({ permission }: Route): boolean {
  return permission !== undefined && !permissionsOf('member').includes(permission);
}

/** A form is kept on the login page (403), anything else is sent there. */
function isAskedToSignIn({ status, response, location = '' }: Sight): boolean {
  if (status === 403) return response.text.includes('action="/login/');
  return status === 401 || location.startsWith('/login/');
}

function judge(
  route: Route,
  actor: Actor,
  sight: Sight,
  changed: string[],
  { marker }: Seeded,
): string | null {
  const { status, response } = sight;
  if (status >= 500) return `failed with ${status}`;
  if (status === 419) return 'was not tried: the form was taken for a forged one';
  const isShown = `${response.text}${JSON.stringify(response.headers)}`.includes(marker);
  if (actor === 'admin of A') return isShown ? null : `does not show its own row (${status})`;
  if (changed.length > 0) return `changed rows of A in ${changed.join(', ')}`;
  if (isOpen(route)) return null;
  if (isShown) return 'showed a row of A';
  const hasIds = route.fields.some((field) => ID_FIELDS[field]) && route.method !== 'GET';
  if (!rowsIn(route).length && !hasIds) return null;
  if (status === 404) return null;
  if (!rowsIn(route).length && isToldAtField(route, sight)) return null;
  if (actor === 'anonymous' && isAskedToSignIn(sight)) return null;
  if (actor === 'machine of B' && status === 403) return null;
  if (actor === 'member of B' && isForAdmins(route) && status === 403) return null;
  return `a foreign id must be not found, answered ${status}`;
}

/** What is sent with a new row is refused at the field that holds the id, and at no other. */
function isToldAtField({ fields }: Route, { status, response: { text } }: Sight): boolean {
  const told = fields.filter(
    (field) => text.includes(`"/${field}"`) || text.includes(`id="${field}-error"`),
  );
  return status === 422 && told.length > 0 && told.every((field) => ID_FIELDS[field]);
}

function undeclared({ method, path, fields, feature }: Route): string[] {
  const where = `test/${feature}/${feature}.samples.ts`;
  return [
    ...parametersOf(path)
      .filter(({ declared }) => !declared)
      .map(
        ({ prefix }) =>
          `${method} ${path}: ${prefix} is not declared: write parameters: { '${prefix}': { row: '<table>' } } in ${where}`,
      ),
    ...fields
      .filter((field) => /(^|_)ids?$/.test(field) && !ID_FIELDS[field])
      .map(
        (field) =>
          `${method} ${path}: the field ${field} is not declared: write idFields: { ${field}: '<table>' } in ${where}`,
      ),
  ];
}

type Declared = NonNullable<(typeof PARAMETERS)[string]>;

/** The parameters of a path, each with what is declared for the path up to it. */
function parametersOf(path: string): Array<{ name: string; prefix: string; declared?: Declared }> {
  const words = path.split('/').filter(Boolean);
  return words.flatMap((word, index) => {
    if (!/[:*{]/.test(word)) return [];
    const prefix = `/${words.slice(0, index + 1).join('/')}`;
    const declared = PARAMETERS[prefix];
    return [{ name: word, prefix, ...(declared ? { declared } : {}) }];
  });
}

function rowsIn({ path }: Route): string[] {
  return parametersOf(path).flatMap(({ declared }) =>
    declared && 'row' in declared ? [declared.row] : [],
  );
}

function isOpen({ path }: Route): boolean {
  return Object.keys(OPEN).some((open) => path.startsWith(open));
}

/** Routes for staff do not exist for A's admin either. */
function isShownId(route: Route): boolean {
  const isForStaff = route.access === 'staff';
  const isByRow = rowsIn(route).length > 0 || route.path in QUERIES;
  return route.method === 'GET' && isByRow && !isOpen(route) && !isForStaff;
}

/** Sends requests as different people, each in a fresh browser. */
class Visits {
  constructor(
    private readonly atrium: TestApp,
    private readonly owner: pg.Pool,
    private readonly tenants: { a: Seeded; b: Seeded; memberOfB: string },
  ) {}

  async send(actor: Actor, route: Route, act: Record<string, string>): Promise<Sight> {
    const browser = this.atrium.browser();
    const path = this.address(route.path) + this.query(route.path);
    if (isApi(route)) return this.call(browser, actor, path, route);
    if (actor !== 'anonymous' && actor !== 'machine of B') await this.signIn(browser, actor);
    // A page may lead its own organisation to where the row is.
    if (route.method === 'GET')
      return actor === 'admin of A' ? browser.arrive(path) : browser.visit(path);
    if (route.method === 'POST') return browser.post(path, { ...this.body(route), ...act });
    const method = route.method.toLowerCase() as 'put' | 'patch' | 'delete';
    const token = await browser.token();
    const call = browser.agent[method](path).set('x-csrf-token', token).redirects(0);
    return new Sight(await call.send({ ...this.body(route), ...act }).ok(() => true));
  }

  /** As a client of the API: a bearer token, and JSON. */
  private async call({ agent }: Browser, actor: Actor, path: string, route: Route): Promise<Sight> {
    const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const call = agent[method](path).redirects(0);
    if (actor === 'machine of B') {
      void call.set('authorization', `Bearer ${await this.key()}`);
    } else if (actor !== 'anonymous') {
      const refreshToken = await this.session(actor, 'api');
      const { accessToken } = await this.atrium.app.get(AccessTokensService).pairFor(refreshToken);
      void call.set('authorization', `Bearer ${accessToken}`);
    }
    if (method !== 'get') void call.send(this.json(route));
    return new Sight(await call.ok(() => true));
  }

  private address(path: string): string {
    return parametersOf(path).reduce(
      (filled, { name, declared }) =>
        filled.replace(
          name,
          declared && 'row' in declared ? this.idOf(declared.row) : (declared?.text ?? ''),
        ),
      path,
    );
  }

  /** Most of A's marker is typed: an answer repeats it, and the rest is of a row. */
  private query(path: string): string {
    const parameter = QUERIES[path];
    return parameter ? `?${parameter}=${this.tenants.a.marker.slice(0, -1)}` : '';
  }

  private body(route: Route): Record<string, string> {
    const typed = this.typed(route);
    const names = [...route.fields, ...Object.keys(typed)];
    return Object.fromEntries(names.map((name) => [name, String(typed[name] ?? 'Taken over')]));
  }

  /** Of JSON nothing is accepted that is not declared: a body the route would refuse shows nothing. */
  private json(route: Route): Typed {
    const typed = this.typed(route);
    return Object.fromEntries(route.fields.map((name) => [name, typed[name] ?? 'Taken over']));
  }

  private typed({ path }: Route): Typed {
    const ids = Object.entries(ID_FIELDS).map(([field, table]) => [field, this.idOf(table)]);
    return { ...typedFor(path), ...(Object.fromEntries(ids) as Record<string, string>) };
  }

  private idOf(table: string): string {
    const key = this.tenants.a.keys[table];
    if (!key) throw new Error(`${table} holds no row of A: it is declared for a route`);
    return Object.values(key)[0]!;
  }

  private async signIn(browser: Browser, actor: Person): Promise<void> {
    const token = await this.session(actor, 'browser');
    browser.agent.jar.setCookie(`atrium_session=${token}; Path=/`, '127.0.0.1', '/');
  }

  /** A key of B with all scopes. */
  private async key(): Promise<string> {
    const { secret, prefix, hash } = newApiKey();
    await this.owner.query(
      `INSERT INTO api_key (tenant_id, name, prefix, key_hash, scopes) VALUES ($1, $2, $2, $3, $4)`,
      [this.tenants.b.tenantId, prefix, hash, apiScopes()],
    );
    return secret;
  }

  private async session(actor: Person, kind: string): Promise<string> {
    const { a, b, memberOfB } = this.tenants;
    const userId = { 'admin of A': a.userId, 'admin of B': b.userId, 'member of B': memberOfB };
    const { token, hash } = newToken();
    await this.owner.query(
      `INSERT INTO session (user_id, kind, token_hash, expires_at)
       VALUES ($1, $2, $3, now() + interval '1 hour')`,
      [userId[actor], kind, hash],
    );
    return token;
  }
}

/** Fingerprint of an organisation's rows, by table. */
class Rows {
  private readonly text: string;

  constructor(
    private readonly owner: pg.Pool,
    tables: Table[],
    kinds: Kinds,
    private readonly seeded: Seeded,
  ) {
    const each = tables
      .filter(({ name }) => holdsOwners(kinds, name))
      .map(
        (
          table,
        ) => `SELECT '${table.name}' AS name, md5(string_agg(t::text, ' ' ORDER BY t::text)) AS sum
          FROM "${table.name}" t WHERE ${this.belongs(table)}`,
      );
    this.text = each.join(' UNION ALL ');
  }

  async fingerprint(): Promise<Map<string, string | null>> {
    const { tenantId, userId } = this.seeded;
    const { rows } = await this.owner.query<{ name: string; sum: string | null }>(
      this.text.replaceAll('$tenant', `'${tenantId}'`).replaceAll('$user', `'${userId}'`),
    );
    return new Map(rows.map(({ name, sum }) => [name, sum]));
  }

  changedSince(before: Map<string, string | null>, after: Map<string, string | null>): string[] {
    return [...after.keys()].filter((name) => before.get(name) !== after.get(name));
  }

  private belongs({ name, columns, key }: Table): string {
    const has = (column: string) => columns.some((each) => each.name === column);
    if (has('tenant_id')) return `t.tenant_id = $tenant`;
    if (has('user_id')) return `t.user_id = $user`;
    const own = Object.values(this.seeded.keys[name] ?? {});
    return `(${key.map((column) => `t."${column}"::text`).join(', ')}) = (${own.map(quoted).join(', ')})`;
  }
}

/** As `::text` shows it: a key that is a hash holds any byte, even the one that ends a statement. */
function quoted(key: unknown): string {
  return Buffer.isBuffer(key) ? `'\\x${key.toString('hex')}'` : `'${String(key)}'`;
}
