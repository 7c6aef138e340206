import { DataSource, EntitySchema } from 'typeorm';
import { EmbeddedDatabase } from '../../src/pglite-wire/embedded-database.js';

const Note = new EntitySchema<{ id: number; body: string; at: Date }>({
  name: 'note',
  columns: {
    id: { type: Number, primary: true, generated: true },
    body: { type: String, unique: true },
    at: { type: 'timestamptz', createDate: true },
  },
});

it('TypeORM works on the embedded database as on a server', async () => {
  const database = await EmbeddedDatabase.open({});
  const source = new DataSource({
    type: 'postgres',
    entities: [Note],
    synchronize: true,
    extra: { stream: () => database.connect() },
  });
  await source.initialize();
  const notes = source.getRepository(Note);

  const saved = await notes.save({ body: 'first' });
  expect(Math.abs(saved.at.getTime() - Date.now())).toBeLessThan(60_000);
  await expect(notes.save({ body: 'first' })).rejects.toMatchObject({ code: '23505' });

  await source.transaction(async (manager) => {
    await manager.save(Note, { body: 'outer' });
    await expect(
      manager.transaction(async (nested) => {
        await nested.save(Note, { body: 'inner' });
        throw new Error('on purpose');
      }),
    ).rejects.toThrow('on purpose');
  });
  const found = await notes.find({ order: { id: 'ASC' } });
  expect(found.map((note) => note.body)).toEqual(['first', 'outer']);

  const inParallel = Array.from({ length: 50 }, (_, number) =>
    source.transaction((manager) => manager.save(Note, { body: `note ${number}` })),
  );
  await Promise.all(inParallel);
  expect(await notes.count()).toBe(52);

  await source.destroy();
  await database.close();
});
