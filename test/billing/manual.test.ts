import { priceForSale } from '../../src/billing/catalogue/catalogue.js';
import type { CustomerDetails } from '../../src/billing/provider/payment-provider.js';
import { organisation, startManual, type ManualWorld } from './manual-world.js';

const TEAM = priceForSale('team', 'month')!;

let world: ManualWorld;
beforeAll(async () => void (world = await startManual()));
afterAll(() => world.stop());

async function customer(details: Partial<CustomerDetails> = {}): Promise<string> {
  return world.provider.ensureCustomer(await organisation(world.atrium, details));
}

const sell = (id: string, changes = {}) =>
  world.sales.sell(id, { price: TEAM, seats: 3, trialDays: 0, paymentDays: 14, ...changes });

const documents = (tenantId: string) =>
  world.books.within(tenantId, async () => (await world.issued.all()).map((it) => it.document));

describe('numbers', () => {
  const numbers = async () => {
    const rows = await world.atrium.sql<{ kind: string; position: number; number: string }>(
      'SELECT kind, position, number FROM issued_invoice ORDER BY kind, position',
    );
    return rows.filter(({ kind }) => kind === 'invoice');
  };

  test('invoices that are issued at once have consecutive numbers, without a gap', async () => {
    const customers = await Promise.all(Array.from({ length: 20 }, () => customer()));
    await Promise.all(customers.map((id) => sell(id)));
    const found = await numbers();
    expect(found.length).toBeGreaterThanOrEqual(20);
    expect(found.map(({ position }) => position)).toEqual(found.map((_, index) => index + 1));
    expect(found[0]!.number).toMatch(/^\d{4}-00001$/);
  });

  test('one that is rolled back leaves no gap', async () => {
    const id = await customer();
    const before = (await numbers()).length;
    const failed = world.books.within(id, async () => {
      await sell(id);
      throw new Error('the end of it');
    });
    await expect(failed).rejects.toThrow('the end of it');
    await sell(id);
    const found = await numbers();
    expect(found).toHaveLength(before + 1);
    expect(found.at(-1)!.position).toBe(before + 1);
  });

  test('each year and each seller begins at 1, and days never go back', async () => {
    const tenantId = await customer();
    const add = (seller: string, day: string) =>
      world.atrium.sql<{ number: string; issued_on: string; keep_until: string }>(
        `INSERT INTO issued_invoice (tenant_id, seller, kind, issued_on, due_on, currency, net, vat,
           total, content) VALUES ($1, $2, 'invoice', $3, $3, 'EUR', 1, 0, 1, '{}')
         RETURNING number, issued_on::text, keep_until::text`,
        [tenantId, seller, day],
      );
    expect(await add('BE1', '2030-12-31')).toMatchObject([{ number: '2030-00001' }]);
    expect(await add('BE1', '2031-01-01')).toMatchObject([{ number: '2031-00001' }]);
    expect(await add('BE2', '2030-06-01')).toMatchObject([{ number: '2030-00001' }]);
    expect(await add('BE1', '2030-12-30')).toEqual([
      { number: '2030-00002', issued_on: '2030-12-31', keep_until: '2040-12-31' },
    ]);
  });
});

describe('an invoice that was issued', () => {
  test('is never changed nor removed, not even by the owner of the database', async () => {
    await sell(await customer());
    const kept = /issue a credit note/;
    await expect(world.atrium.sql('UPDATE issued_invoice SET net = net')).rejects.toThrow(kept);
    await expect(world.atrium.sql('DELETE FROM issued_invoice')).rejects.toThrow(kept);
    const all = world.atrium.sql('TRUNCATE issued_invoice, invoice_settlement');
    await expect(all).rejects.toThrow(kept);
  });

  test('stays when its organisation goes', async () => {
    const tenantId = await customer();
    await sell(tenantId);
    await world.atrium.sql('DELETE FROM manual_subscription WHERE tenant_id = $1', [tenantId]);
    await world.atrium.sql('DELETE FROM manual_customer WHERE tenant_id = $1', [tenantId]);
    await world.atrium.sql('DELETE FROM tenant WHERE id = $1', [tenantId]);
    expect(
      await world.atrium.sql('SELECT FROM issued_invoice WHERE tenant_id = $1', [tenantId]),
    ).toHaveLength(1);
  });

  test('says who sells, who buys, what is due and what to write on the transfer', async () => {
    const tenantId = await customer({
      address: {
        street: 'Grote Markt 2',
        postalCode: '2000',
        city: 'Antwerpen',
        purchaseOrder: 'PO-7',
      },
    });
    await sell(tenantId);
    const [document] = await documents(tenantId);
    expect(document).toMatchObject({
      kind: 'invoice',
      seller: { name: 'Atrium Software NV', vatNumber: 'BE0403170701' },
      buyer: { name: 'Acme NV', street: 'Grote Markt 2', vatNumber: 'BE0428759497' },
      purchaseOrder: 'PO-7',
      net: 3600n,
      vatTotal: 756n,
      total: 4356n,
      communication: expect.stringMatching(/^\+{3}\d{3}\/\d{4}\/\d{5}\+{3}$/),
    });
    expect(document!.lines[0]!.description).toBe('Team, per maand');
    expect(Date.parse(document!.dueOn) - Date.parse(document!.issuedOn)).toBe(14 * 86_400_000);
  });

  test('is mailed in the language of the customer, with how to pay it', async () => {
    const tenantId = await customer({ email: 'facturen@peeters.example', locale: 'fr-BE' });
    await sell(tenantId);
    const [document] = await documents(tenantId);
    const mail = await world.atrium.mails.expect('facturen@peeters.example', /^Facture /);
    for (const said of ['43,56', 'BE68 5390 0754 7034', document!.communication]) {
      expect(mail.text).toContain(said);
    }
  });

  test('is taken back by one credit note, to the cent, however often that is asked', async () => {
    const tenantId = await customer();
    await sell(tenantId);
    const [invoice] = await world.provider.invoices(tenantId);
    await world.sales.credit(tenantId, invoice!.id);
    await world.sales.credit(tenantId, invoice!.id);
    const [note, ...others] = (await documents(tenantId)).filter(
      ({ kind }) => kind === 'credit_note',
    );
    expect(others).toEqual([]);
    expect(note).toMatchObject({
      number: expect.stringMatching(/^C\d{4}-\d{5}$/),
      total: 4356n,
      corrects: { number: invoice!.number },
    });
    const all = await world.provider.invoices(tenantId);
    expect(all.map(({ status }) => status).sort()).toEqual(['paid', 'void']);
    expect(all.reduce((sum, { total }) => sum + total, 0n)).toBe(0n);
    const paid = world.sales.markPaid(tenantId, invoice!.id, {
      paidOn: '2026-12-01',
      reference: null,
    });
    await expect(paid).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('of another organisation is not there', async () => {
    const [one, other] = [await customer(), await customer()];
    await sell(one);
    const [invoice] = await world.provider.invoices(one);
    const payment = { paidOn: '2026-12-01', reference: null };
    const paid = world.sales.markPaid(other, invoice!.id, payment);
    await expect(paid).rejects.toMatchObject({ kind: 'not_found' });
    await expect(world.sales.credit(other, invoice!.id)).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  test('is not issued where it would break a rule of EN 16931', async () => {
    const tenantId = await customer({ name: ' ' });
    await expect(sell(tenantId)).rejects.toThrow('BR-07');
    expect((await world.provider.fetchCustomerState(tenantId))!.subscriptions).toEqual([]);
  });
});

describe('VAT', () => {
  test.each([
    ['a business in the Netherlands', { country: 'NL', vatNumber: 'NL004495445B01' }, 'AE', 0n],
    ['a customer in France without a number', { country: 'FR', vatNumber: null }, 'S', 756n],
    ['a number that is none', { country: 'FR', vatNumber: 'FR00000000001' }, 'S', 756n],
    ['a company in Switzerland', { country: 'CH', vatNumber: null }, 'O', 0n],
  ])('of %s follows the table', async (_, details, category, vat) => {
    const tenantId = await customer(details);
    await sell(tenantId);
    const [document] = await documents(tenantId);
    expect(document).toMatchObject({ vatTotal: vat, vat: [{ category }] });
  });
});

test('what staff sell, and what is paid, is told to whoever keeps the access of the organisation', async () => {
  const told: string[] = [];
  const { onChange } = world.books;
  world.books.onChange = (_, happening) => Promise.resolve(void told.push(happening));
  const tenantId = await customer();
  await sell(tenantId);
  const [invoice] = await world.provider.invoices(tenantId);
  const payment = { paidOn: '2026-12-01', reference: null };
  await world.sales.markPaid(tenantId, invoice!.id, payment);
  await world.sales.markPaid(tenantId, invoice!.id, payment);
  expect(told).toEqual([expect.stringMatching(/^sold_/), `paid_${invoice!.id}`]);
  world.books.onChange = onChange;
});

describe('time', () => {
  test('each period is invoiced once, however many processes look', async () => {
    const tenantId = await customer();
    await sell(tenantId);
    await world.pass(32);
    await Promise.all([1, 2, 3, 4].map(() => world.sales.renewDue()));
    expect(await documents(tenantId)).toHaveLength(2);
    await world.pass(62);
    expect(await documents(tenantId)).toHaveLength(4);
  });

  test('seats that were added in between are on the next invoice, for the days they were there', async () => {
    const tenantId = await customer();
    const subscriptionId = await sell(tenantId);
    await world.pass(15);
    await world.provider.setSeats({ subscriptionId, seats: 5, revision: 1 });
    await world.pass(17);
    const [latest] = await documents(tenantId);
    const [period, added] = latest!.lines;
    expect(period).toMatchObject({ quantity: 5, unitPrice: 1200n });
    expect(added).toMatchObject({ quantity: 2 });
    expect(Number(added!.unitPrice)).toBeGreaterThan(550);
    expect(Number(added!.unitPrice)).toBeLessThan(650);
    await world.pass(31);
    expect((await documents(tenantId))[0]!.lines).toHaveLength(1);
  });

  test('a subscription that is cancelled ends with its period, and is invoiced no more', async () => {
    const tenantId = await customer();
    const subscriptionId = await sell(tenantId);
    await world.provider.cancel(subscriptionId);
    await world.pass(40);
    const state = await world.provider.fetchCustomerState(tenantId);
    expect(state!.subscriptions[0]).toMatchObject({
      status: 'canceled',
      endedAt: expect.any(Date),
    });
    expect(await documents(tenantId)).toHaveLength(1);
    await sell(tenantId);
    expect((await world.provider.fetchCustomerState(tenantId))!.subscriptions).toHaveLength(2);
  });

  test('a trial is invoiced when it ends', async () => {
    const tenantId = await customer();
    await sell(tenantId, { trialDays: 14 });
    expect(await documents(tenantId)).toEqual([]);
    await world.pass(15);
    expect(await documents(tenantId)).toHaveLength(1);
    const state = await world.provider.fetchCustomerState(tenantId);
    expect(state!.subscriptions[0]!.status).toBe('active');
  });

  test('a customer whose invoice cannot be issued does not keep the others from theirs', async () => {
    const [broken, sound] = [await customer(), await customer()];
    await sell(broken);
    await sell(sound);
    await world.atrium.sql(`UPDATE manual_customer SET email = ' ' WHERE tenant_id = $1`, [broken]);
    await world.pass(32);
    expect(await documents(broken)).toHaveLength(1);
    expect(await documents(sound)).toHaveLength(2);
  });
});

test('an organisation has one subscription at a time, also when two of staff sell at once', async () => {
  const tenantId = await customer();
  const sold = await Promise.allSettled([sell(tenantId), sell(tenantId), sell(tenantId)]);
  expect(sold.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const refused = { status: 'rejected', reason: expect.objectContaining({ kind: 'conflict' }) };
  expect(sold.filter(({ status }) => status === 'rejected')).toEqual([refused, refused]);
  expect(await documents(tenantId)).toHaveLength(1);
});
