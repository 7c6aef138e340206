import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Response } from 'supertest';
import type { MailModel, MailTemplate } from '../../src/core/features/names.js';
import type { ApiClient } from './api.js';
import type { TestApp } from './app.js';
import type { Person } from './people.js';

/**
 * What the tests that look at everything need to know of a feature, and its declaration cannot say:
 * `test/<feature>/<feature>.samples.ts`, found by its name. Such a file imports types only, since the
 * screenshots read it without the tests.
 */
export interface Samples {
  /**
   * Parameters of routes, by the path up to the parameter: what stands below inherits it. `row`: the id of
   * another organisation's row of that table. `text`: no id, and why not. `flag`: the name of a flag.
   */
  parameters?: Readonly<Record<string, Parameter>>;
  /** Routes that show everybody's rows on purpose, and why that is no leak. */
  open?: Readonly<Record<string, string>>;
  /** Form fields that hold the id of a row, by name: its table. */
  idFields?: Readonly<Record<string, string>>;
  /** Forms that do several things: what is typed to have each of them done. */
  acts?: Readonly<Record<string, ReadonlyArray<Readonly<Record<string, string>>>>>;
  /** Routes that find rows by what is typed, by their path: the parameter. They show the rows to those of A. */
  queries?: Readonly<Record<string, string>>;
  /** What is typed so that a form or a body is accepted as far as its id; what stands below inherits it. */
  typed?: Readonly<Record<string, Typed>>;
  /**
   * By table, what the catalogue cannot say about a row; `marker` tells whose text it is, `idOf` the id of the row of
   * another table that no foreign key leads to.
   */
  rows?: Readonly<
    Record<
      string,
      (marker: string, idOf: (table: string) => string) => Readonly<Record<string, unknown>>
    >
  >;
  /** Pages and who opens them. A word after a colon stands for one of `things`. */
  pages?: Readonly<Partial<Record<Visitor, readonly string[]>>>;
  /** Routes that answer a GET with something else than a page, and what. */
  noPages?: Readonly<Record<string, string>>;
  /** Makes what pages of the feature are about; ids by the word that stands for them. */
  things?: (world: SampleWorld) => Promise<Record<string, string>>;
  /**
   * Something of one's own for a route of the API about one thing, by its path: `/members/{id}`. `admin` is another of
   * the organisation: what the client does may end its own sessions.
   */
  apiThings?: Readonly<Record<string, (client: ApiClient, admin: Person) => Promise<string>>>;
  /** The query of a list that cannot be asked without one, by its path: `/comments`. */
  apiQueries?: Readonly<Record<string, (client: ApiClient) => Promise<string>>>;
  /** What is asked of the API to see each of its answers once, by the sentence it shows. */
  apiJourneys?: Readonly<Record<string, (tools: ApiTools) => Promise<void>>>;
  /** What somebody without scripts does with every form, by the sentence it shows. */
  withoutScript?: Readonly<Record<string, (tools: FormTools) => Promise<void>>>;
  /**
   * The words of its name and of its fields are its own, whatever the glossary calls something else: a venue has seats.
   * Modules that are generated say so.
   */
  hasOwnTerms?: true;
  mails?: { readonly [T in MailTemplate]?: MailModel<T> };
}

export type Parameter =
  { row: string } | { text: string; why: string } | { flag: true; why: string };
export type Typed = Readonly<Record<string, string | boolean | number | string[] | null>>;
/** `founder`: alone in an organisation that was created a moment ago. */
export type Visitor =
  'anyone' | 'newcomer' | 'founder' | 'member' | 'admin' | 'staff' | 'acting' | 'gone';

export interface ApiTools {
  atrium: TestApp;
  /** An admin of an organisation. */
  client: ApiClient;
  /** The same person in a browser. */
  admin: Person;
  /** Asks an operation and compares the answer with the document; `query` begins with `?`. */
  ask(
    client: ApiClient,
    operationId: string,
    body?: unknown,
    at?: { id?: string; query?: string; headers?: Record<string, string> },
  ): Promise<Response>;
  /** Turns a flag off for everybody while `work` runs. */
  withoutFlag(flag: string, work: () => Promise<void>): Promise<void>;
}

export interface FormTools {
  /** Of an admin. */
  page: Page;
  /** The same person in a browser that tests drive faster. */
  admin: Person;
  open(page: Page, path: string): Promise<void>;
  /** Fills in and sends the form with that action, as a person does. */
  send(
    page: Page,
    form: string,
    typed?: Record<string, string | SampleFile>,
    within?: string,
  ): Promise<void>;
  expectText(page: Page, text: string): Promise<void>;
}

/** A file that somebody chooses. */
export interface SampleFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** The application with somebody for every page, before anything is on them. */
export interface SampleWorld {
  atrium: TestApp;
  people: Record<Exclude<Visitor, 'anyone'>, Person>;
  /** Longer than anything fits, and with no place to break it: what pages have to put up with. */
  longWord: string;
}

const TESTS = join(import.meta.dirname, '..');

/** The samples of every feature, by its name. */
export const SAMPLES: ReadonlyMap<string, Samples> = new Map(
  await Promise.all(
    globSync('*/*.samples.ts', { cwd: TESTS })
      .sort()
      .map(async (path): Promise<[string, Samples]> => {
        const { samples } = (await import(join(TESTS, path))) as { samples: Samples };
        return [path.split(/[/\\]/)[0]!, samples];
      }),
  ),
);

/** The feature whose samples name the page. */
export function ownerOf(who: Visitor, page: string): string {
  const owner = [...SAMPLES].find(([, { pages }]) => pages?.[who]?.includes(page));
  if (!owner) throw new Error(`No samples name ${page}`);
  return owner[0];
}

/** Where its samples are. */
export function folderOf(feature: string): string {
  return join(TESTS, feature);
}

type Records = Exclude<keyof Samples, 'pages' | 'things' | 'mails' | 'hasOwnTerms'>;

/** What all features say under `part`. @throws Error when two say something of the same name */
export function sampled<Part extends Records>(part: Part): NonNullable<Samples[Part]> {
  const all: Record<string, unknown> = {};
  for (const [feature, samples] of SAMPLES) {
    for (const [name, value] of Object.entries(samples[part] ?? {})) {
      if (name in all && all[name] !== value)
        throw new Error(`test/${feature}: ${part}["${name}"] is another's too`);
      all[name] = value;
    }
  }
  return all as NonNullable<Samples[Part]>;
}

/** Every page of the product and who opens it: what the browser tests and the screenshots walk. */
export const PAGES: Readonly<Record<Visitor, readonly string[]>> = {
  anyone: pagesOf('anyone'),
  newcomer: pagesOf('newcomer'),
  founder: pagesOf('founder'),
  member: pagesOf('member'),
  admin: pagesOf('admin'),
  staff: pagesOf('staff'),
  // A superuser on a member's behalf: a banner above every kind of page, and one that is out of reach.
  acting: pagesOf('acting'),
  gone: pagesOf('gone'),
};

function pagesOf(who: Visitor): readonly string[] {
  return [...SAMPLES.values()].flatMap(({ pages }) => pages?.[who] ?? []);
}
