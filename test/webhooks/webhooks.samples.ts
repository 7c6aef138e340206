import type { Samples } from '../support/samples.js';

const ENDPOINT = {
  url: 'https://hooks.example.invalid/atrium',
  events: ['project.created', 'member.joined'],
};

/** At an address of its own. */
function another() {
  return { ...ENDPOINT, url: `${ENDPOINT.url}/${crypto.randomUUID()}` };
}

export const samples: Samples = {
  parameters: {
    '/settings/webhooks/:id': { row: 'webhook_endpoint' },
    '/settings/webhooks/deliveries/:id': { row: 'webhook_delivery' },
    '/api/v1/webhook-endpoints/:id': { row: 'webhook_endpoint' },
    '/api/v1/deliveries/:id': { row: 'webhook_delivery' },
  },
  typed: {
    '/settings/webhooks': {
      url: 'https://hooks.example.invalid/hooks',
      events: 'project.created',
      since: '2026-01-01T00:00',
    },
    '/api/v1/webhook-endpoints': {
      url: 'https://hooks.example.invalid/hooks',
      events: ['project.created'],
      is_enabled: true,
      since: '2026-01-01T00:00',
      all: true,
    },
  },
  rows: {
    webhook_endpoint: () => ({
      events: ['project.created'],
      url: 'https://hooks.example.invalid/a',
      disabled_at: null,
      disabled_reason: null,
    }),
    // A worker would attempt what is pending.
    webhook_delivery: () => ({ state: 'delivered' }),
  },
  pages: {
    admin: [
      '/settings/webhooks/',
      '/settings/webhooks/new/',
      '/settings/webhooks/:webhook/',
      '/settings/webhooks/deliveries/:delivery/',
    ],
    staff: ['/admin/webhook-endpoints/', '/admin/webhook-deliveries/'],
    acting: ['/settings/webhooks/'],
  },
  things: async ({ atrium, people, longWord }) => {
    await people.admin.browser.fill('/settings/webhooks/new/', {
      url: `https://hooks.example.invalid/${longWord}`,
      events: 'project.created',
      description: longWord,
    });
    const [row] = await atrium.sql<{ id: string; tenant: string }>(
      'SELECT id, tenant_id AS tenant FROM webhook_endpoint WHERE description = $1',
      [longWord],
    );
    const [delivery] = await atrium.sql<{ id: string }>(
      `WITH event AS (INSERT INTO webhook_event (tenant_id, type, body)
         VALUES ($1, 'project.created', '{"type":"project.created"}') RETURNING id)
       INSERT INTO webhook_delivery (tenant_id, endpoint_id, event_id, type, state, attempts, status, answer)
       SELECT $1::uuid, $2::uuid, event.id, 'project.created', 'failed', 10, 500, $3 FROM event RETURNING id`,
      [row!.tenant, row!.id, longWord],
    );
    return { webhook: row!.id, delivery: delivery!.id };
  },
  apiJourneys: {
    'webhooks are answered as documented': async ({ client, ask }) => {
      const made = await ask(client, 'createWebhookEndpoint', ENDPOINT);
      expect(made.body.secret).toMatch(/^whsec_/);
      const at = { id: made.body.id as string };
      expect(made.get('location')).toBe(`/api/v1/webhook-endpoints/${at.id}`);
      expect((await ask(client, 'createWebhookEndpoint', ENDPOINT)).status).toBe(409);
      await ask(client, 'createWebhookEndpoint', { ...ENDPOINT, url: 'http://example.com/' });
      await ask(client, 'createWebhookEndpoint', { ...ENDPOINT, events: 'project.created' });
      await ask(client, 'listWebhookEndpoints');
      const url = 'https://hooks.example.invalid/other';
      const other = await ask(client, 'createWebhookEndpoint', { ...ENDPOINT, url });
      const taken = { url: ENDPOINT.url };
      const patched = await ask(client, 'updateWebhookEndpoint', taken, { id: other.body.id });
      expect(patched.status).toBe(409);
      await ask(client, 'getWebhookEndpoint', undefined, at);
      await ask(client, 'updateWebhookEndpoint', { description: 'Ours' }, at);
      expect((await ask(client, 'rotateWebhookSecret', undefined, at)).body.secret).toMatch(
        /^whsec_/,
      );
      const { body: ping } = await ask(client, 'pingWebhookEndpoint', undefined, at);
      await ask(client, 'listDeliveries', undefined, { query: `?endpoint_id=${at.id}&limit=1` });
      await ask(client, 'listDeliveries', undefined, { query: '?state=lost' });
      await ask(client, 'getDelivery', undefined, { id: ping.id });
      await ask(client, 'redeliver', undefined, { id: ping.id });
      await ask(client, 'redeliverSince', { since: '2026-01-01T00:00:00Z' }, at);
      await ask(client, 'redeliverSince', { since: 'yesterday' }, at);
      await ask(client, 'updateWebhookEndpoint', { is_enabled: false }, at);
      expect((await ask(client, 'pingWebhookEndpoint', undefined, at)).status).toBe(409);
      expect((await ask(client, 'redeliver', undefined, { id: ping.id })).status).toBe(409);
      expect((await ask(client, 'deleteWebhookEndpoint', undefined, at)).status).toBe(204);
      for (const id of ['getWebhookEndpoint', 'deleteWebhookEndpoint', 'rotateWebhookSecret']) {
        expect((await ask(client, id, undefined, at)).status).toBe(404);
      }
      for (const id of ['getDelivery', 'redeliver', 'pingWebhookEndpoint']) {
        expect((await ask(client, id)).status).toBe(404);
      }
      expect((await ask(client, 'updateWebhookEndpoint', { description: null })).status).toBe(404);
      expect((await ask(client, 'redeliverSince', { since: '2026-01-01T00:00Z' })).status).toBe(
        404,
      );
    },
  },
  apiThings: {
    '/webhook-endpoints/{id}': async (client) =>
      (await client.post('/webhook-endpoints', another())).body.id,
    '/deliveries/{id}': async (client) => {
      const { body } = await client.post('/webhook-endpoints', another());
      return (await client.post(`/webhook-endpoints/${body.id}/ping`)).body.id;
    },
  },
  withoutScript: {
    'a webhook endpoint is added, tested, changed, switched, rotated and deleted': async ({
      page,
      open,
      send,
      expectText,
    }) => {
      await open(page, '/settings/webhooks/new/');
      await page.check('input[value="project.created"]');
      await send(page, '/settings/webhooks/new/', { url: 'https://hooks.example.invalid/hooks' });
      await expectText(page, 'This is the signing secret');
      await open(page, '/settings/webhooks/');
      await page.click('main a:has-text("https://hooks.example.invalid/hooks")');
      await send(page, '/settings/webhooks/:id/', { description: 'Ours' });
      await expectText(page, 'The endpoint has been saved');
      await send(page, '/settings/webhooks/:id/ping/');
      await expectText(page, 'A test is being sent');
      await page.click('main a:has-text("webhook.ping")');
      await send(page, '/settings/webhooks/deliveries/:id/redeliver/');
      await expectText(page, 'The event is being sent again');
      await page.click('a:has-text("Back to the endpoint")');
      await send(page, '/settings/webhooks/:id/redeliver/', { since: '2026-01-01T00:00' });
      await expectText(page, 'being sent again');
      await page.click('a[href="#rotate"]');
      await send(page, '/settings/webhooks/:id/rotate/');
      await expectText(page, 'This is the signing secret');
      await open(page, '/settings/webhooks/');
      await page.click('main a:has-text("https://hooks.example.invalid/hooks")');
      await send(page, '/settings/webhooks/:id/disable/');
      await expectText(page, 'The endpoint has been disabled');
      await send(page, '/settings/webhooks/:id/enable/');
      await expectText(page, 'The endpoint has been enabled');
      await page.click('a[href="#delete"]');
      await send(page, '/settings/webhooks/:id/delete/');
      await expectText(page, 'The endpoint has been deleted');
    },
  },
  mails: {
    'webhook-failing': {
      host: 'hooks.example.com',
      hours: 24,
      url: 'http://atrium.test/a/path/',
    },
    'webhook-disabled': {
      host: 'hooks.example.com',
      hours: 72,
      url: 'http://atrium.test/a/path/',
    },
  },
};
