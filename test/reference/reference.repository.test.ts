import { loadReferenceData } from '../../src/reference/reference-loader.js';
import type { Statement } from '../../src/core/database/read-path/pipelined-read.js';
import type { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { ReferenceRepository } from '../../src/reference/reference.repository.js';
import { engines } from './databases.js';
import type { ReferenceDatabase } from './databases.js';

describe.each(engines)('the reference repository on %s', (_name, open) => {
  let database: ReferenceDatabase;
  let reference: ReferenceRepository;
  let reads: string[];

  beforeAll(async () => {
    database = await open();
    await loadReferenceData(database.query);
  });
  afterAll(() => database.drop());

  beforeEach(() => {
    reads = [];
    const unitOfWork = {
      read: ({ name, text, values }: Statement) => {
        reads.push(name!);
        return database.query(text, values);
      },
    };
    reference = new ReferenceRepository(unitOfWork as unknown as UnitOfWork);
  });

  const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);

  it('lists countries by their localised name, accents in their place', async () => {
    const dutch = names(await reference.countries('nl-BE'));
    expect(dutch).toContain('België');
    expect(dutch.indexOf('Egypte')).toBeLessThan(dutch.indexOf('Zweden'));
    const french = names(await reference.countries('fr-BE'));
    expect(french.indexOf('États-Unis')).toBeLessThan(french.indexOf('France'));
    expect(await reference.countries('en')).toHaveLength(french.length);
  });

  it('lists what goes with a country', async () => {
    expect(names(await reference.languages('nl-BE', { country: 'BE' }))).toEqual([
      'Duits',
      'Frans',
      'Nederlands',
    ]);
    expect(names(await reference.currencies('fr-BE', { country: 'be' }))).toEqual(['euro']);
    expect(await reference.timezones('en', { country: 'BE' })).toMatchObject([
      { name: 'Europe/Brussels', label: 'Europe/Brussels (UTC+01:00)', offsetSeconds: 3600 },
    ]);
    expect(await reference.countries('fr-BE', { country: 'BE' })).toMatchObject([
      { code: 'BE', code3: 'BEL', numeric: '056', name: 'Belgique' },
    ]);
    expect(await reference.languages('en', { country: 'ZZ' })).toEqual([]);
    expect(await reference.languages('en', { country: '' })).toEqual([]);
  });

  it('lists every time-zone name, or only those in use today', async () => {
    const all = names(await reference.timezones('en'));
    const today = names(await reference.timezones('en', { aliases: false }));
    expect(all).toContain('Asia/Calcutta');
    expect(today).not.toContain('Asia/Calcutta');
    expect(today).toEqual(
      expect.arrayContaining(['Asia/Kolkata', 'Europe/Amsterdam', 'Europe/Brussels', 'UTC']),
    );
  });

  it('finds by code', async () => {
    expect(await reference.findCountry('be')).toMatchObject({ code: 'BE', name: 'Belgium' });
    expect(await reference.findLanguage('NL')).toMatchObject({ code: 'nl', name: 'Dutch' });
    expect(await reference.findCurrency('JPY')).toMatchObject({ minorUnits: 0 });
    expect(await reference.findTimezone('Asia/Calcutta')).toMatchObject({
      aliasOf: 'Asia/Kolkata',
    });
    expect(await reference.findCountry('ZZ')).toBeNull();
    expect(await reference.findTimezone('Factory')).toBeNull();
  });

  it('tells the country of a time zone', async () => {
    expect(await reference.countryOfTimezone('Europe/Brussels')).toMatchObject({ code: 'BE' });
    expect(await reference.countryOfTimezone('Asia/Calcutta')).toMatchObject({ code: 'IN' });
    expect(await reference.countryOfTimezone('UTC')).toBeNull();
    expect(await reference.countryOfTimezone('CET')).toBeNull();
    expect(await reference.countryOfTimezone('nonsense')).toBeNull();
  });

  it('reads each table once, until it is told to forget', async () => {
    await Promise.all([reference.languages('en'), reference.languages('fr-BE')]);
    await reference.languages('en');
    expect(reads).toEqual(['reference.language']);
    reference.forget();
    await reference.languages('en');
    expect(reads).toHaveLength(2);
  });

  it('does not remember a failure or an empty table', async () => {
    let answer: () => Promise<never[]> = () => Promise.reject(new Error('connection lost'));
    const late = new ReferenceRepository({ read: () => answer() } as unknown as UnitOfWork);
    await expect(late.findCountry('BE')).rejects.toThrow('connection lost');
    answer = () => Promise.resolve([]);
    expect(await late.findCountry('BE')).toBeNull();
    answer = () => Promise.resolve([{ code: 'BE' } as never]);
    expect(await late.findCountry('BE')).toEqual({ code: 'BE' });
  });
});
