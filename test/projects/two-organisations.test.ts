import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { Project } from '../../src/projects/project.entity.js';
import { ProjectForm, detailsOf } from '../../src/projects/project.forms.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { sent, typed } from './projects.samples.js';

let atrium: TestApp;
let acme: Person;
let globex: Person;
let path: string;
beforeAll(async () => {
  atrium = await startApp();
  acme = await atrium.people.adminOf('Acme', 'anna@acme.test');
  globex = await atrium.people.adminOf('Globex', 'gus@globex.test');
  path = (await acme.browser.fill('/projects/new/', typed('Secret of Acme'))).location!;
});
afterAll(() => atrium.stop());

const details = () => detailsOf(Object.assign(new ProjectForm(), sent('x')));
const rows = () => atrium.sql('SELECT * FROM project ORDER BY id');

test.each(['edit/', 'delete/', 'restore/'])(
  "another organisation's project is not there to be posted to %s",
  async (ending) => {
    const before = await rows();
    const answer = await globex.browser.post(path + ending, { ...typed('Mine now'), version: '1' });
    expect(answer.status).toBe(404);
    expect(await rows()).toEqual(before);
  },
);

test("another organisation's project is not there to be seen, listed or found", async () => {
  expect((await globex.browser.visit(path)).status).toBe(404);
  for (const search of ['', '?q=Secret', '?status=deleted', '?sort=newest']) {
    const list = await globex.browser.visit(`/projects/${search}`);
    expect(list.text).not.toContain('Secret of Acme');
  }
  expect((await acme.browser.visit('/projects/')).text).toContain('Secret of Acme');
});

test('the search of every page finds the project for its own organisation only', async () => {
  const found = async ({ browser }: Person) => (await browser.visit('/search/?q=secret')).text;
  expect(await found(acme)).toContain('Secret of Acme');
  expect(await found(globex)).not.toContain('Secret of Acme');
});

test.each(['nonsense', '1', '00000000-0000-4000-8000-000000000000', "' OR 1=1 --"])(
  'there is no project %s',
  async (id) => {
    expect((await acme.browser.visit(`/projects/${encodeURIComponent(id)}/`)).status).toBe(404);
    const form = `/projects/${encodeURIComponent(id)}/edit/`;
    expect((await acme.browser.visit(form)).status).toBe(404);
    expect((await acme.browser.post(form)).status).toBe(404);
  },
);

test('the repository refuses to run where there is no organisation', async () => {
  const repository = atrium.app.get(ProjectsRepository);
  const unitOfWork = atrium.app.get(UnitOfWork);
  const nowhere = (work: () => Promise<unknown>) => runInContext({}, () => unitOfWork.run(work));
  const query = { q: null, status: null, sort: 'newest', cursor: null } as const;
  const message = 'no organisation in the scope';
  await expect(nowhere(() => repository.get(acme.userId))).rejects.toThrow(message);
  await expect(nowhere(() => repository.add(Project.create(details())))).rejects.toThrow(message);
  await expect(nowhere(() => repository.restore(Project.create(details())))).rejects.toThrow(
    message,
  );
  await expect(nowhere(() => repository.listed(query))).rejects.toThrow(message);
});

test('the repository stamps its own organisation, and saves for no other', async () => {
  const repository = atrium.app.get(ProjectsRepository);
  const unitOfWork = atrium.app.get(UnitOfWork);
  await runInContext({ tenantId: acme.tenantId }, () =>
    unitOfWork.run(async () => {
      const forged = Object.assign(Project.create(details()), { tenantId: globex.tenantId });
      expect((await repository.add(forged)).tenantId).toBe(acme.tenantId);
      const stolen = Object.assign(Project.create(details()), { tenantId: globex.tenantId });
      await expect(repository.save(stolen)).rejects.toThrow('another organisation');
    }),
  );
});
