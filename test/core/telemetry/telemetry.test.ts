import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { projectPath } from '../../../src/core/config/project-path.js';
import { Access } from '../../../src/core/http/access/access.js';
import { MetricsServer } from '../../../src/core/telemetry/metrics-server.js';
import { readTraceParent } from '../../../src/core/telemetry/trace-parent.js';
import { startApp, type TestApp } from '../../support/app.js';
import { fakeEndpoint, type Received } from '../../support/fake-endpoint.js';

@Controller('broken')
@Access('public')
class BrokenController {
  @Get(':name')
  fail(@Param('name') name: string): never {
    throw new Error(`Nobody foresaw ${name}@acme.example with ${'k3Y_'.repeat(12)}`);
  }
}

@Module({ controllers: [BrokenController] })
class BrokenModule {}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TOKEN = 'metrics-token-for-tests';

let collector: Awaited<ReturnType<typeof fakeEndpoint>>;
let sentry: Awaited<ReturnType<typeof fakeEndpoint>>;
let ids: { userId: string; tenantId: string };
let text: string;
let closed: Record<string, number>;
let ownPort: number;

beforeAll(async () => {
  collector = await fakeEndpoint();
  sentry = await fakeEndpoint();
  const settings = {
    METRICS_TOKEN: TOKEN,
    METRICS_PORT: '0',
    SLOW_QUERY_MS: '60000',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
    OTEL_SERVICE_NAME: 'atrium-under-test',
    SENTRY_DSN: `http://public@127.0.0.1:${sentry.port}/42`,
  };
  const atrium = await startApp(settings, [BrokenModule]);
  try {
    await use(atrium);
  } finally {
    await atrium.stop();
  }
}, 60_000);

afterAll(async () => {
  await collector.stop();
  await sentry.stop();
});

/** Traffic of a few visitors, on which all assertions are made. */
async function use(atrium: TestApp): Promise<void> {
  const anna = await atrium.people.adminOf('Acme', 'anna@acme.example');
  const [profile] = await atrium.sql<{ tenant_id: string }>(
    'SELECT tenant_id FROM user_profile WHERE user_id = $1',
    [anna.userId],
  );
  ids = { userId: anna.userId, tenantId: profile!.tenant_id };
  const traced = anna.browser.with('traceparent', `00-${TRACE}-00f067aa0ba902b7-01`);
  await traced.visit('/dashboard/');
  await traced.visit('/broken/anna');
  await atrium.browser().visit('/projects/11111111-1111-4111-8111-111111111111/');
  await atrium.browser().visit('/no/such/page/');
  await atrium.browser().agent.purge('/login/');
  await atrium.browser().fill('/password-reset/', { email: 'anna@acme.example' });
  await atrium.mails.expect('anna@acme.example', /password/i);

  const read = (authorization: string) =>
    atrium
      .browser()
      .agent.get('/metrics')
      .set('Authorization', authorization)
      .ok(() => true);
  closed = {
    'no token': (await read('')).status,
    'a wrong token': (await read('Bearer wrong')).status,
  };
  text = (await read(`Bearer ${TOKEN}`)).text;
  ownPort = (await atrium.app.get(MetricsServer).listen('127.0.0.1'))!;
  const own = await fetch(`http://127.0.0.1:${ownPort}/metrics`);
  closed['the port of its own'] = own.status;
  expect(own.headers.get('content-type')).toContain('text/plain');
  await own.text();
  closed['another address there'] = (await fetch(`http://127.0.0.1:${ownPort}/`)).status;
}

const lines = (name: string) => text.split('\n').filter((line) => line.startsWith(name));

describe('metrics', () => {
  test('are readable with the token, or on their own port', () => {
    expect(closed).toEqual({
      'no token': 401,
      'a wrong token': 401,
      'the port of its own': 200,
      'another address there': 404,
    });
  });

  test('count requests by the pattern of their route, never by what was asked for', () => {
    const counted = lines('http_request_duration_seconds_count').join('\n');
    expect(counted).toMatch(/method="GET",route="\/dashboard\/?",status="200"\} \d/);
    expect(counted).toMatch(/method="GET",route="\/broken\/:name",status="500"\} 1/);
    expect(counted).toMatch(/method="GET",route="none",status="404"\} 1/);
    expect(counted).toMatch(/method="OTHER"/);
    expect(counted).not.toMatch(/anna|1111|no\/such|PURGE/);
  });

  test('include the pool, jobs, mail and the event loop', () => {
    expect(lines('atrium_database_connections{state="used"}')).toHaveLength(1);
    expect(lines('atrium_database_waiting')).toEqual(['atrium_database_waiting 0']);
    expect(lines('atrium_jobs{queue="mail",state="ready"}')).toHaveLength(1);
    expect(lines('atrium_jobs{queue="dead-letters",state="ready"} 0')).toHaveLength(1);
    const done = lines('atrium_job_duration_seconds_count').join('\n');
    expect(done).toMatch(/queue="mail",outcome="done"\} [1-9]/);
    expect(lines('atrium_mails_total{outcome="kept"}').join()).toMatch(/ [1-9]\d*$/);
    expect(lines('nodejs_eventloop_lag_p99_seconds')).toHaveLength(1);
    expect(lines('process_resident_memory_bytes')).toHaveLength(1);
  });

  test('every sample alert uses an existing metric', () => {
    const rules = readFileSync(projectPath('deploy/prometheus/alerts.yaml'), 'utf8');
    const names = new Set(rules.match(/\b(http|atrium|nodejs|process)_[a-z0-9_]+/g));
    expect(names.size).toBeGreaterThan(5);
    for (const name of names) expect([name, lines(name).length > 0]).toEqual([name, true]);
  });
});

describe('traces', () => {
  const sent = () => Buffer.concat(collector.received.map(({ body }) => unpacked(body)));

  test('go to the collector in the trace the caller began, statements of the database too', () => {
    expect(collector.received.length).toBeGreaterThan(0);
    expect(collector.received[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'content-type': 'application/x-protobuf' },
    });
    expect(sent().includes(Buffer.from(TRACE, 'hex'))).toBe(true);
    for (const part of ['GET /broken/:name', 'atrium-under-test', 'postgresql', 'job mail']) {
      expect([part, sent().includes(part)]).toEqual([part, true]);
    }
  });

  test('contain ids and no user input', () => {
    expect(sent().includes(ids.userId)).toBe(true);
    for (const part of ['anna@acme.example', '/broken/anna', 'Acme']) {
      expect([part, sent().includes(part)]).toEqual([part, false]);
    }
  });

  test.each([
    [`00-${TRACE}-00f067aa0ba902b7-01`, true],
    [`01-${TRACE}-00f067aa0ba902b7-00-more`, true],
    [`00-${TRACE}-00f067aa0ba902b7-01-more`, false],
    [`ff-${TRACE}-00f067aa0ba902b7-01`, false],
    [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, false],
    [`00-${TRACE}-${'0'.repeat(16)}-01`, false],
    [`00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`, false],
    ['', false],
  ])('a traceparent of "%s" counts: %s', (header, counts) => {
    expect(readTraceParent(header) !== null).toBe(counts);
  });
});

describe('unexpected errors', () => {
  test('are reported once, with ids and without personal data', () => {
    expect(sentry.received).toHaveLength(1);
    const [envelope] = sentry.received;
    expect(envelope!.path).toMatch(/^\/api\/42\/envelope\//);
    const said = unpacked(envelope!.body).toString();
    const event = JSON.parse(said.split('\n')[2]!) as Record<string, unknown>;
    expect(event).toMatchObject({
      user: { id: ids.userId },
      tags: { where: 'GET /broken/:name', tenant_id: ids.tenantId, trace_id: TRACE },
      exception: {
        values: [{ type: 'Error', value: 'Nobody foresaw [address] with [token]' }],
      },
    });
    expect(said).not.toMatch(/anna|acme|cookie|k3Y_|127\.0\.0\.1:\d+\/(?!42)/i);
    for (const key of ['request', 'breadcrumbs', 'contexts', 'extra', 'server_name']) {
      expect(event).not.toHaveProperty(key);
    }
  });
});

function unpacked(body: Received['body']): Buffer {
  return body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
}
