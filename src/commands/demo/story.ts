import type { Role, Theme } from '../../core/context/principal.js';
import type { ProjectStatus } from '../../projects/project.entity.js';

/**
 * A moment in the past: days ago and the time of that day (UTC). Without a time: exactly that many days ago,
 * for example 0.01.
 */
export type Moment = [days: number, time?: string];

export interface DemoPerson {
  name: string;
  /** Local part of the address `…@ketje.example`. */
  address: string;
  /** Interface language (ISO 639-1). */
  language: 'en' | 'nl' | 'fr';
  role: Role;
  theme: Theme;
  joined: Moment;
  /** User agent and time of the last visit. */
  seen: [userAgent: string, when: Moment];
  /** When the member became an admin. */
  promoted?: Moment;
  /** When the access ended. */
  left?: Moment;
}

export interface DemoProject {
  name: string;
  description: string | null;
  /** Due date in days from today; negative: overdue. */
  due: number | null;
  /**
   * The first entry creates the project, the others change its status, or its description where the status
   * stays.
   */
  history: Array<{ when: Moment; by: string; status: ProjectStatus }>;
  deleted?: { when: Moment; by: string };
}

export const ORGANISATION = 'Ketje Cargo';
export const FOUNDED: Moment = [64, '07:42'];

const DESKTOP =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1';

/** The members; the first one founded the organisation. */
export const PEOPLE: DemoPerson[] = [
  {
    name: 'Emma Claes',
    address: 'emma',
    language: 'en',
    role: 'admin',
    theme: 'system',
    joined: FOUNDED,
    seen: [MAC, [0.02]],
  },
  {
    name: 'Thomas Dubois',
    address: 'thomas',
    language: 'fr',
    role: 'admin',
    theme: 'corporate',
    joined: [62, '09:15'],
    promoted: [58, '13:05'],
    seen: [DESKTOP, [0.1]],
  },
  {
    name: 'Lotte Peeters',
    address: 'lotte',
    language: 'nl',
    role: 'member',
    theme: 'night',
    joined: [61, '08:30'],
    seen: [FIREFOX, [0.06]],
  },
  {
    name: 'Amélie Laurent',
    address: 'amelie',
    language: 'fr',
    role: 'member',
    theme: 'system',
    joined: [44, '14:10'],
    seen: [MAC, [1, '15:48']],
  },
  {
    name: 'Bram De Smet',
    address: 'bram',
    language: 'nl',
    role: 'member',
    theme: 'system',
    joined: [37, '10:02'],
    seen: [PHONE, [1, '16:51']],
  },
  {
    name: 'Sofia Rossi',
    address: 'sofia',
    language: 'en',
    role: 'member',
    theme: 'corporate',
    joined: [23, '12:20'],
    seen: [DESKTOP, [3, '16:30']],
  },
  {
    name: 'Karim El Amrani',
    address: 'karim',
    language: 'fr',
    role: 'member',
    theme: 'night',
    joined: [12, '09:40'],
    seen: [PHONE, [1, '07:55']],
  },
  {
    name: 'Jonas Wouters',
    address: 'jonas',
    language: 'nl',
    role: 'member',
    theme: 'system',
    joined: [52, '11:11'],
    left: [9, '16:05'],
    seen: [DESKTOP, [9, '15:20']],
  },
];

/** Pending invitations. */
export const INVITED = [
  { address: 'nele', role: 'member', by: 'emma', when: [2, '10:35'], state: 'pending' },
  { address: 'olivier', role: 'admin', by: 'thomas', when: [5, '08:50'], state: 'pending' },
  { address: 'pieter', role: 'member', by: 'emma', when: [16, '13:25'], state: 'expired' },
  { address: 'info', role: 'member', by: 'thomas', when: [20, '09:05'], state: 'cancelled' },
] as const;

export const PROJECTS: DemoProject[] = [
  {
    name: 'Opening of the Ghent depot',
    description:
      'Twelve bikes, four lockers and a small workshop near Dampoort.\nThe keys come two weeks before the opening.',
    due: 12,
    history: [
      { when: [48, '09:20'], by: 'emma', status: 'planned' },
      { when: [31, '08:45'], by: 'thomas', status: 'active' },
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
