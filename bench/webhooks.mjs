/**
 * npm run bench:webhooks [-- --events 2000 --rate 100 --endpoints 10]: how long events wait for their first attempt
 * while one endpoint hangs. BENCH_DATABASE_URL names the PostgreSQL server; default: the one of this machine.
 */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { ownDatabase } from './support/own-database.mjs';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '2000' },
    rate: { type: 'string', default: '100' },
    endpoints: { type: 'string', default: '10' },
  },
});
const EVENTS = Number(values.events);
const RATE = Number(values.rate);
const ENDPOINTS = Number(values.endpoints);

const own = await ownDatabase();
const { readConfig } = await import('../dist/src/core/config/read-config.js');
const { DatabaseServer } = await import('../dist/src/core/database/database-server.js');
const { createApp } = await import('../dist/src/create-app.js');
const { prepareDatabase } = await import('../dist/src/prepare-database.js');
const { WebhookDispatcher } = await import('../dist/src/webhooks/deliveries/webhook-dispatcher.js');
const { WebhookSecrets } = await import('../dist/src/webhooks/endpoints/webhook-secrets.js');

try {
  await main();
} finally {
  await own.drop();
}

/** Answers at once, except at /hang; notes when each event came first. */
async function startReceiver() {
  const seen = new Map();
  const server = createServer((req, res) => {
    req.resume();
    if (req.url === '/hang') return;
    const id = req.headers['webhook-id'];
    if (!seen.has(id)) seen.set(id, Date.now());
    res.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, seen, host: `127.0.0.1:${server.address().port}` };
}

async function main() {
  const { server, seen, host } = await startReceiver();
  const config = readConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: own.url,
    APP_SECRET: 'a secret of the benchmark, long enough to be one',
    OUTBOUND_INSECURE_HOSTS: host,
  });
  const database = DatabaseServer.remote(own.url);
  await prepareDatabase(config, database);
  const app = await createApp(config, database);
  await app.init();
  const owner = new pg.Pool({ connectionString: own.url });
  const secrets = app.get(WebhookSecrets, { strict: false });
  const dispatcher = app.get(WebhookDispatcher, { strict: false });
  const endpoints = await addEndpoints(owner, secrets, host);
  const added = new Map();
  const began = Date.now();
  for (let number = 0; number < EVENTS; number++) {
    const id = randomUUID();
    // One in `ENDPOINTS` is for the endpoint that hangs.
    const endpoint = endpoints[number % endpoints.length];
    await addEvent(owner, id, endpoint);
    if (!endpoint.hangs) added.set(id, Date.now());
    dispatcher.wake();
    const ahead = began + ((number + 1) * 1000) / RATE - Date.now();
    if (ahead > 0) await sleep(ahead);
  }
  const seconds = (Date.now() - began) / 1000;
  while ([...added.keys()].some((id) => !seen.has(id))) await sleep(100);
  const waits = [...added].map(([id, at]) => seen.get(id) - at).sort((a, b) => a - b);
  const quantile = (share) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))];
  console.log(
    `${EVENTS} events in ${seconds.toFixed(1)} s (${(EVENTS / seconds).toFixed(0)}/s), ${ENDPOINTS} endpoints, one of which hangs`,
  );
  console.log(
    `first attempts of the others: p50 ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms, p99 ${quantile(0.99)} ms, longest ${waits.at(-1)} ms`,
  );
  server.closeAllConnections();
  server.close();
  await app.close();
  await owner.end();
}

async function addEndpoints(owner, secrets, host) {
  const { rows } = await owner.query(
    `INSERT INTO tenant (organization) VALUES ('Bench') RETURNING id`,
  );
  const endpoints = Array.from({ length: ENDPOINTS }, (_, number) => ({
    id: randomUUID(),
    tenantId: rows[0].id,
    hangs: number === 0,
  }));
  for (const { id, tenantId, hangs } of endpoints) {
    await owner.query(
      `INSERT INTO webhook_endpoint (id, tenant_id, url, events, secret, version)
       VALUES ($1, $2, $3, '{project.created}', $4, 1)`,
      [id, tenantId, `http://${host}/${hangs ? 'hang' : id}`, secrets.make(id).sealed],
    );
  }
  return endpoints;
}

async function addEvent(owner, id, { id: endpointId, tenantId }) {
  await owner.query(
    `WITH event AS (INSERT INTO webhook_event (id, tenant_id, type, body)
       VALUES ($1, $2, 'project.created', '{"type":"project.created"}') RETURNING id)
     INSERT INTO webhook_delivery (tenant_id, endpoint_id, event_id, type)
     SELECT $2, $3, id, 'project.created' FROM event`,
    [id, tenantId, endpointId],
  );
}
