import { randomUUID } from 'node:crypto';
import { differences } from '../audit/audit-trail.service.js';
import type { Deed, DemoStory } from '../core/features/demo.js';
import type { ProjectStatus } from './project.entity.js';

interface DemoProject {
  name: string;
  description: string | null;
  /** Due date in days from today; negative: overdue. */
  due: number | null;
  /** The first entry creates the project, the others change its status. */
  history: Array<Deed & { status: ProjectStatus }>;
  deleted?: Deed;
  comments?: Array<Deed & { text: string }>;
}

/** Adds projects to the demo organisation. */
export function tell(story: DemoStory): void {
  for (const project of PROJECTS) plan(story, project);
}

function plan(story: DemoStory, project: DemoProject): void {
  const { name, description, due, history, deleted, comments = [] } = project;
  const id = randomUUID();
  const due_date = due === null ? null : story.dayIn(due);
  const [first, last] = [history[0]!, history.at(-1)!];
  const owner_id = story.memberId(last.by);
  story.row('project', {
    id,
    tenant_id: story.tenantId,
    name,
    description,
    status: last.status,
    due_date,
    owner_id,
    version: history.length,
    deleted_at: deleted ? story.at(deleted.when) : null,
    deleted_by: deleted ? story.userId(deleted.by) : null,
    ...story.stamps(first, last),
  });
  const subject = { kind: 'project', id, name };
  let before: object | null = null;
  for (const deed of history) {
    const details = { name, description, status: deed.status, due_date, owner_id };
    const action = before ? 'project.changed' : 'project.created';
    story.tell(deed, action, subject, differences(before, details));
    before = details;
  }
  if (deleted) story.tell(deleted, 'project.deleted', subject);
  for (const { text, ...deed } of comments) {
    const author_id = story.memberId(deed.by);
    const about = { subject: 'project', subject_id: id, author_id, text, version: 1 };
    story.row('comment', { tenant_id: story.tenantId, ...about, ...story.stamps(deed) });
    story.tell(deed, 'comment.created', subject);
  }
}

const PROJECTS: DemoProject[] = [
  {
    name: 'Opening of the Ghent depot',
    description:
      'Twelve bikes, four lockers and a small workshop near Dampoort.\nThe keys come two weeks before the opening.',
    due: 12,
    history: [
      { when: [48, '09:20'], by: 'emma', status: 'planned' },
      { when: [31, '08:45'], by: 'thomas', status: 'active' },
    ],
    comments: [
      {
        when: [9, '10:15'],
        by: 'bram',
        text: 'The lockers arrive on Thursday. Who is there to let them in?',
      },
      { when: [9, '11:02'], by: 'lotte', text: 'Ik ben er vanaf acht uur.' },
      {
        when: [2, '16:20'],
        by: 'thomas',
        text: 'Les clés sont arrivées.\nJe les dépose au bureau demain matin.',
      },
    ],
  },
  {
    name: 'Nieuwe batterijen voor de winter',
    description: 'Alle driewielers krijgen voor de eerste vorst een batterij van 750 Wh.',
    due: -2,
    history: [
      { when: [41, '13:30'], by: 'lotte', status: 'planned' },
      { when: [18, '10:10'], by: 'bram', status: 'active' },
    ],
  },
  {
    name: 'Refonte du site web',
    description:
      'Réserver une livraison en trois clics, en français, en néerlandais et en anglais.\nMaquettes validées par Emma.',
    due: 25,
    history: [
      { when: [40, '15:00'], by: 'thomas', status: 'planned' },
      { when: [22, '09:30'], by: 'amelie', status: 'active' },
    ],
    comments: [
      { when: [3, '09:40'], by: 'emma', text: 'The third click could go: the address is known.' },
      { when: [1, '11:05'], by: 'amelie', text: 'Bien vu, c’est dans la prochaine maquette.' },
    ],
  },
  {
    name: 'Formation sécurité des coursiers',
    description: 'Une demi-journée pour toute l’équipe, avec la police de la zone.',
    due: 40,
    history: [{ when: [11, '11:45'], by: 'karim', status: 'planned' }],
  },
  {
    name: 'Route planning with live traffic',
    description: null,
    due: 75,
    history: [{ when: [0.08], by: 'sofia', status: 'planned' }],
  },
  {
    name: 'Contrat avec la Ville de Bruxelles',
    description: 'Livraisons du dernier kilomètre pour les services communaux, deux ans.',
    due: -20,
    history: [
      { when: [60, '10:00'], by: 'thomas', status: 'planned' },
      { when: [55, '10:25'], by: 'thomas', status: 'active' },
      { when: [21, '16:40'], by: 'emma', status: 'done' },
    ],
  },
  {
    name: 'Tevredenheidsonderzoek bij klanten',
    description: 'Vijf vragen na elke tiende levering. Eerste resultaten op de teamdag.',
    due: 6,
    history: [
      { when: [26, '08:15'], by: 'lotte', status: 'planned' },
      { when: [1, '14:12'], by: 'lotte', status: 'active' },
    ],
  },
  {
    name: 'Carbon report of this year',
    description: 'Kilometres by bike instead of by van, for customers who have to report them too.',
    due: null,
    history: [{ when: [7, '14:20'], by: 'emma', status: 'planned' }],
  },
  {
    name: 'Testritten met de driewieler',
    description: 'Drie modellen, twee weken, alle depots. Verslag van Bram.',
    due: -30,
    history: [
      { when: [46, '10:40'], by: 'jonas', status: 'planned' },
      { when: [43, '09:00'], by: 'jonas', status: 'active' },
      { when: [29, '15:35'], by: 'bram', status: 'done' },
    ],
  },
  {
    name: 'Déménagement de l’atelier',
    description: 'Du canal vers Anderlecht : établis, pièces, chargeurs.',
    due: 52,
    history: [{ when: [4, '09:55'], by: 'amelie', status: 'planned' }],
  },
  {
    name: 'Partnership with two bakeries',
    description: 'Bread before seven, every day but Sunday.',
    due: -8,
    history: [
      { when: [33, '07:50'], by: 'emma', status: 'planned' },
      { when: [24, '08:05'], by: 'sofia', status: 'active' },
      { when: [1, '10:30'], by: 'sofia', status: 'done' },
    ],
  },
  {
    name: 'Kersttombola voor het personeel',
    description: null,
    due: null,
    history: [{ when: [15, '12:30'], by: 'jonas', status: 'planned' }],
    deleted: { when: [8, '09:10'], by: 'emma' },
  },
];
