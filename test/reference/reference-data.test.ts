import { readFile } from 'node:fs/promises';
import { ReferenceTables1790000000000 } from '../../migrations/1790000000000-reference-tables.js';
import type { QueryRunner } from 'typeorm';
import { SOURCES } from '../../src/reference/reference-data.js';
import { loadReferenceData, referenceDataIsLoaded } from '../../src/reference/reference-loader.js';
import type { LoadedReferenceData } from '../../src/reference/reference-loader.js';
import { engines } from './databases.js';
import type { ReferenceDatabase } from './databases.js';

describe.each(engines)('reference data on %s', (_name, open) => {
  let database: ReferenceDatabase;
  let loaded: LoadedReferenceData;

  beforeAll(async () => {
    database = await open();
    expect(await referenceDataIsLoaded(database.query)).toBe(false);
    loaded = await loadReferenceData(database.query);
  });
  afterAll(() => database.drop());

  const column = async (sql: string, ...params: unknown[]) =>
    (await database.query(sql, params)).map((row) => Object.values(row as object)[0] as unknown);

  const of = (country: string) => ({
    languages: () =>
      column(
        `SELECT l.code FROM country c JOIN country_language k ON k.country_id = c.id
         JOIN language l ON l.id = k.language_id WHERE c.code = $1 ORDER BY 1`,
        country,
      ),
    timezones: () =>
      column(
        `SELECT t.name FROM country c JOIN country_timezone k ON k.country_id = c.id
         JOIN timezone t ON t.id = k.timezone_id WHERE c.code = $1 ORDER BY 1`,
        country,
      ),
    currencies: () =>
      column(
        `SELECT m.code FROM country c JOIN country_currency k ON k.country_id = c.id
         JOIN currency m ON m.id = k.currency_id WHERE c.code = $1 ORDER BY 1`,
        country,
      ),
  });

  it('holds the whole world', async () => {
    const rows = async (table: string) =>
      Number((await column(`SELECT count(*) FROM ${table}`))[0]);
    const counts = {
      countries: await rows('country'),
      languages: await rows('language'),
      timezones: await rows('timezone'),
      currencies: await rows('currency'),
      links: {
        languages: await rows('country_language'),
        timezones: await rows('country_timezone'),
        currencies: await rows('country_currency'),
      },
    };
    expect(loaded).toMatchObject(counts);
    expect(counts.countries).toBeGreaterThanOrEqual(249);
    expect(counts.languages).toBeGreaterThanOrEqual(7_900);
    expect(counts.timezones).toBeGreaterThanOrEqual(597);
    expect(counts.currencies).toBeGreaterThanOrEqual(178);
    expect(counts.links.languages).toBeGreaterThanOrEqual(300);
    expect(counts.links.timezones).toBeGreaterThanOrEqual(420);
    expect(counts.links.currencies).toBeGreaterThanOrEqual(249);
  });

  it('knows Belgium: Dutch, French and German, Brussels time, the euro', async () => {
    expect(await of('BE').languages()).toEqual(['de', 'fr', 'nl']);
    expect(await of('BE').timezones()).toEqual(['Europe/Brussels']);
    expect(await of('BE').currencies()).toEqual(['EUR']);
    expect(
      await database.query(`SELECT code3, numeric, name FROM country WHERE code = 'BE'`),
    ).toEqual([{ code3: 'BEL', numeric: '056', name: 'Belgium' }]);
    expect(
      await database.query(
        `SELECT label, offset_seconds FROM timezone WHERE name = 'Europe/Brussels'`,
      ),
    ).toEqual([{ label: 'Europe/Brussels (UTC+01:00)', offset_seconds: 3600 }]);
    expect(
      await database.query(`SELECT numeric, name, minor_units FROM currency WHERE code = 'EUR'`),
    ).toEqual([{ numeric: '978', name: 'Euro', minor_units: 2 }]);
  });

  it.each([
    ['CH', ['de', 'fr', 'it', 'rm'], ['CHF']],
    ['CA', ['en', 'fr'], ['CAD']],
    ['NL', ['fy', 'nl'], ['EUR']],
    ['LU', ['de', 'fr', 'lb'], ['EUR']],
    ['FR', ['fr'], ['EUR']],
    ['DE', ['de'], ['EUR']],
    ['US', ['en', 'es'], ['USD']],
    ['GB', ['cy', 'en'], ['GBP']],
    ['ES', ['ast', 'ca', 'es', 'eu', 'gl'], ['EUR']],
    ['HR', ['hr', 'it', 'vec'], ['EUR']],
    ['BG', ['bg'], ['EUR']],
    ['CW', ['en', 'nl', 'pap'], ['XCG']],
    ['NZ', ['en', 'mi'], ['NZD']],
    ['PR', ['en', 'es'], ['USD']],
    ['FI', ['fi', 'sv'], ['EUR']],
    ['IE', ['en', 'ga'], ['EUR']],
    ['JP', ['ja'], ['JPY']],
    ['MX', ['es'], ['MXN']],
    ['SG', ['en', 'ms', 'ta', 'zh'], ['SGD']],
    ['XK', ['sq', 'sr'], ['EUR']],
    ['AQ', [], []],
  ])('knows what is spoken and paid with in %s', async (country, languages, currencies) => {
    expect(await of(country).languages()).toEqual(languages);
    expect(await of(country).currencies()).toEqual(currencies);
  });

  it('gives every currency-using country a currency, every inhabited one a language', async () => {
    const without = (link: string) =>
      column(`SELECT code FROM country WHERE NOT EXISTS
        (SELECT FROM ${link} AS k WHERE k.country_id = country.id) ORDER BY code`);
    expect(await without('country_currency')).toEqual(['AQ']);
    expect(await without('country_language')).toEqual(['AQ', 'BV', 'HM', 'TF']);
    // tzdata has no zone for two uninhabited islands, nor for Kosovo.
    expect(await without('country_timezone')).toEqual(['BV', 'HM', 'XK']);
  });

  it('puts a zone in one country at most, by any of its names', async () => {
    expect(
      await column(`SELECT timezone_id FROM country_timezone GROUP BY 1 HAVING count(*) > 1`),
    ).toEqual([]);
    expect(await of('NL').timezones()).toEqual(['Europe/Amsterdam']);
    expect(await of('IN').timezones()).toEqual(['Asia/Calcutta', 'Asia/Kolkata']);
    expect(await of('UA').timezones()).toEqual(
      expect.arrayContaining(['Europe/Kiev', 'Europe/Kyiv']),
    );
  });

  it('points every alias at a name that is none', async () => {
    expect(
      await column(`SELECT a.name FROM timezone a LEFT JOIN timezone b ON b.name = a.alias_of
        WHERE a.alias_of IS NOT NULL AND (b.name IS NULL OR b.alias_of IS NOT NULL)`),
    ).toEqual([]);
    expect(
      await column(`SELECT alias_of FROM timezone WHERE name = ANY($1::text[]) ORDER BY name`, [
        'Asia/Calcutta',
        'Etc/UTC',
        'Europe/Amsterdam',
        'Europe/Kiev',
        'US/Eastern',
      ]),
    ).toEqual(['Asia/Kolkata', 'UTC', null, 'Europe/Kyiv', 'America/New_York']);
  });

  it('changes nothing when loaded again', async () => {
    const everything = () =>
      database.query(`SELECT 'c' AS t, id, code AS key FROM country UNION ALL
        SELECT 'l', id, code FROM language UNION ALL SELECT 't', id, name FROM timezone
        UNION ALL SELECT 'm', id, code FROM currency ORDER BY 1, 2`);
    const before = await everything();
    expect(loaded.changed).toBeGreaterThan(9_000);
    expect(await loadReferenceData(database.query)).toEqual({ ...loaded, changed: 0 });
    expect(await everything()).toEqual(before);
    expect(await referenceDataIsLoaded(database.query)).toBe(true);
  });

  it('repairs what differs and nothing else', async () => {
    const ids = () => column(`SELECT id FROM country WHERE code IN ('BE', 'BG') ORDER BY code`);
    const before = await ids();
    await database.query(`UPDATE country SET name = 'Belgique' WHERE code = 'BE'`);
    await database.query(`DELETE FROM language WHERE code = 'zu'`);
    await database.query(`INSERT INTO country_currency SELECT c.id, m.id FROM country c, currency m
      WHERE c.code = 'BG' AND m.code = 'USD'`);
    // The name, the language, its link to South Africa, the wrong currency.
    expect((await loadReferenceData(database.query)).changed).toBe(4);
    expect(await ids()).toEqual(before);
    expect(await of('BG').currencies()).toEqual(['EUR']);
    expect(await of('ZA').languages()).toContain('zu');
  });

  it('loads again when the data of the release is another', async () => {
    await database.query(`UPDATE reference_data_version SET fingerprint = 'an older release'`);
    expect(await referenceDataIsLoaded(database.query)).toBe(false);
    await loadReferenceData(database.query);
    expect(await referenceDataIsLoaded(database.query)).toBe(true);
  });

  it('has the schema the entities describe', async () => {
    const dataSource = await database.dataSource();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    const belgium = await dataSource
      .getRepository('country')
      .findOne({ where: { code: 'BE' }, relations: { languages: true } });
    await dataSource.destroy();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
    expect(belgium?.languages).toHaveLength(3);
  });

  it('can be taken back', async () => {
    const migration = new ReferenceTables1790000000000();
    const runner = { query: database.query } as unknown as QueryRunner;
    await migration.down(runner);
    expect(
      await column(`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`),
    ).toEqual([]);
    await migration.up(runner);
  });
});

it('names the versions of its sources', async () => {
  const { dependencies } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { dependencies: Record<string, string> };
  expect(dependencies).toMatchObject(SOURCES);
});
