import type { Role, Theme } from '../../core/context/principal.js';
import type { Moment } from '../../core/features/demo.js';

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
